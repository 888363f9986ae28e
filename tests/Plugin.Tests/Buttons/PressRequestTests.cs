using Dam.Hosting;
using Plugin.ApiWebhooks.Buttons;
using Plugin.Tests.Send;

namespace Plugin.Tests.Buttons;

public sealed class PressRequestTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public async Task The_three_keys_of_ResourceSpace_send_byte_for_byte_what_it_sends()
    {
        await using var receiver = RawReceiver.Answering(Ok);
        await using var fixture = await PressFixture.StartAsync($"http://127.0.0.1:{receiver.Port}/s204?resource_id=");

        Assert.IsType<PressOutcome.Succeeded>(await fixture.PressAsync());
        Assert.Equal(
            $"POST /s204?resource_id=13 HTTP/1.1\r\nHost: 127.0.0.1:{receiver.Port}\r\nConnection: close\r\n"
            + "Content-type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n\r\n13",
            Assert.Single(receiver.Requests));
    }

    /// <summary>ResourceSpace numbers a user's upload template below zero; <c>{ref}</c> is nothing to it and goes out encoded.</summary>
    [Fact]
    public async Task The_negative_id_of_an_upload_template_goes_out_like_any_other()
    {
        await using var receiver = RawReceiver.Answering(Ok);
        await using var fixture = await PressFixture.StartAsync($"http://127.0.0.1:{receiver.Port}/{{ref}}?resource_id=");
        var press = fixture.Press("k-1");

        Assert.IsType<PressOutcome.Succeeded>(await fixture.PressAsync(press with { Page = press.Page with { Record = TestHost.Record(-1) } }));
        var request = Assert.Single(receiver.Requests);
        Assert.StartsWith("POST /%7Bref%7D?resource_id=-1 HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("Content-Length: 2\r\n\r\n-1", request, StringComparison.Ordinal);
        Assert.Equal(-1, fixture.Plugin.Get<PressLog>().Find("k-1")!.RecordId);
    }

    [Fact]
    public async Task A_secret_adds_the_three_headers_of_Standard_Webhooks_and_a_body_may_be_JSON()
    {
        await using var receiver = RawReceiver.Answering(Ok);
        await using var fixture = await PressFixture.StartAsync(
            $"http://user:p%40ss@127.0.0.1:{receiver.Port}/cms/{{pid}}",
            """ "body": "json", "secret": "whsec_ZGVtby1vbmx5LXNlY3JldC1kby1ub3QtdXNlLWl0IQ==", "headers": { "X-Token": "t0ken" } """);

        await fixture.PressAsync(fixture.Press("k-1"));
        var request = Assert.Single(receiver.Requests);
        var lines = request.Split("\r\n");
        Assert.Equal("POST /cms/CH-00001-X%3A13 HTTP/1.1", lines[0]);
        Assert.Contains("Authorization: Basic dXNlcjpwQHNz", lines);
        Assert.Contains("X-Token: t0ken", lines);
        Assert.Contains("webhook-id: press_k-1", lines);
        Assert.Contains(lines, line => line.StartsWith("webhook-timestamp: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("webhook-signature: v1,", StringComparison.Ordinal));
        Assert.Contains("Content-type: application/json", lines);
        Assert.Equal("""{"resource":13,"pid":"CH-00001-X:13","button":"fetch","user":"editor","at":"2026-03-21T10:30:00.123Z"}""", lines[^1]);
    }

    [Fact]
    public async Task The_log_keeps_no_secret_of_the_request()
    {
        await using var receiver = RawReceiver.Answering(Ok);
        await using var fixture = await PressFixture.StartAsync(
            $"http://user:passw0rd@127.0.0.1:{receiver.Port}/?id=", """ "headers": { "X-Token": "t0ken" } """);

        await fixture.PressAsync(fixture.Press("k-1"));
        var entry = fixture.Plugin.Get<PressLog>().Find("k-1")!;
        Assert.Equal($"http://127.0.0.1:{receiver.Port}/?id=13", entry.Url);
        Assert.Equal("Content-type: application/x-www-form-urlencoded\nAuthorization: ***\nX-Token: ***\n\n13", entry.Request);
        foreach (var file in Directory.GetFiles(fixture.Plugin.Folder.Data, "*.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var text = new StreamReader(stream);
            var content = await text.ReadToEndAsync();
            Assert.DoesNotContain("passw0rd", content, StringComparison.Ordinal);
            Assert.DoesNotContain("t0ken", content, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://h/x?resource_id=", "http://h/x?resource_id=13")]
    [InlineData("http://h/x", "http://h/x13")]
    [InlineData("http://h/{id}/x", "http://h/13/x")]
    [InlineData("http://h/{pid}", "http://h/CH-00001-X%3A13")]
    [InlineData("http://h/{id}?p={pid}&i={id}", "http://h/13?p=CH-00001-X%3A13&i=13")]
    [InlineData("http://h/{ref}?id=", "http://h/{ref}?id=13")]
    public void The_id_is_appended_or_put_where_the_address_wants_it(string url, string expected) =>
        Assert.Equal(expected, PressRequest.Address(url, TestHost.Record(13)));
}
