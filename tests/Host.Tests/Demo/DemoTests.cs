using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using SampleHost.Demo.Cms;

namespace Host.Tests.Demo;

/// <summary>The demo through the running host, from outside.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task Without_the_demo_its_accounts_and_doors_do_not_exist()
    {
        await using var host = new DemoHost("--Host:Demo=false");
        await host.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Editor.GetAsync("/api/records")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Editor.PostAsync("/demo/cms/fetch?resource_id=1", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Editor.PostAsync("/demo/receiver", null)).StatusCode);
    }

    [Fact]
    public async Task Production_has_no_demo_unless_asked()
    {
        await using var host = new DemoHost();
        await host.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Editor.GetAsync("/api/records")).StatusCode);
    }

    [Fact]
    public async Task Fetch_reads_the_number_through_the_api_and_fills_the_record()
    {
        await using var host = await DemoHost.OnAsync();
        var id = await host.InsertAsync("  cm-1042 ");

        var answer = await host.Editor.PostAsync($"/demo/cms/fetch?resource_id={id}", new StringContent($"{id}"));

        Assert.Contains("CM-1042", await Message(answer, HttpStatusCode.OK));
        var record = await host.Editor.GetFromJsonAsync<System.Text.Json.JsonElement>($"/api/records/{id}");
        Assert.Equal("Storage jar with combed waves", record.GetProperty("title").GetString());
        Assert.Equal("Workshop of Anna Rell", record.GetProperty("fields").GetProperty("creator")[0].GetString());
        Assert.Equal(3, record.GetProperty("fields").GetProperty("keywords").GetArrayLength());
    }

    [Theory]
    [InlineData(null, HttpStatusCode.UnprocessableEntity, "no collection number")]
    [InlineData("CM-9", HttpStatusCode.NotFound, "CM-1042")]
    public async Task Fetch_says_what_to_do_about_a_number_it_cannot_use(string? number, HttpStatusCode status, string words)
    {
        await using var host = await DemoHost.OnAsync();
        var id = await host.InsertAsync(number);

        Assert.Contains(words, await Message(await host.Editor.PostAsync($"/demo/cms/fetch?resource_id={id}", null), status));
    }

    [Fact]
    public async Task Push_takes_the_first_image_over()
    {
        await using var host = await DemoHost.OnAsync();
        var id = await host.InsertAsync("CM-1060");
        Assert.Contains("no image", await Message(await host.Editor.PostAsync($"/demo/cms/push?resource_id={id}", null), HttpStatusCode.UnprocessableEntity));
        // The eight bytes every PNG begins with.
        byte[] image = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];
        var part = new ByteArrayContent(image);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        (await host.Editor.PostAsync($"/api/records/{id}/files", new MultipartFormDataContent { { part, "file", "comet.png" } })).EnsureSuccessStatusCode();

        Assert.Contains("comet.png", await Message(await host.Editor.PostAsync($"/demo/cms/push?resource_id={id}", null), HttpStatusCode.OK));

        Assert.Equal(image, host.Get<ObjectCatalogue>().FindImage("CM-1060")!.Content);
    }

    [Theory]
    [InlineData(Answering.WithAnError, HttpStatusCode.InternalServerError)]
    [InlineData(Answering.WithARedirect, HttpStatusCode.Redirect)]
    public async Task The_switch_makes_it_fail_and_do_nothing(Answering answering, HttpStatusCode status)
    {
        await using var host = await DemoHost.OnAsync();
        var id = await host.InsertAsync("CM-1042");
        host.Get<Mood>().Now = answering;

        Assert.Equal(status, (await host.Editor.PostAsync($"/demo/cms/fetch?resource_id={id}", null)).StatusCode);

        var record = await host.Editor.GetFromJsonAsync<System.Text.Json.JsonElement>($"/api/records/{id}");
        Assert.Equal("Untitled", record.GetProperty("title").GetString());
    }

    [Fact]
    public async Task The_switch_makes_it_hang_up()
    {
        await using var host = await DemoHost.OnAsync();
        host.Get<Mood>().Now = Answering.Never;

        await Assert.ThrowsAsync<HttpRequestException>(() => host.Editor.PostAsync("/demo/cms/fetch?resource_id=1", null));
    }

    [Fact]
    public async Task A_received_call_is_kept_with_its_verdict_and_without_its_tokens()
    {
        await using var host = await DemoHost.OnAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/demo/receiver") { Content = new StringContent("""{"type":"x"}""") };
        request.Headers.Add("X-Auth-Token", "hush");
        foreach (var (name, value) in Signed.Headers(CmsEndpoints.StandardSecret, "msg_1", DateTimeOffset.FromUnixTimeSeconds(host.NowSeconds), """{"type":"x"}"""))
            request.Headers.Add(name, value);

        (await host.Editor.SendAsync(request)).EnsureSuccessStatusCode();

        var call = Assert.Single(host.Get<ReceivedCalls>().Newest());
        Assert.Equal(SignatureVerdict.Verified, call.Signature);
        Assert.Equal("""{"type":"x"}""", call.Body);
        Assert.Equal(200, call.Status);
        Assert.DoesNotContain(call.Headers, header => header.Value.Contains("hush", StringComparison.Ordinal) || header.Value.Contains("demo-editor-key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unsigned_event_is_refused_and_shown()
    {
        await using var host = await DemoHost.OnAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Editor.PostAsync("/demo/receiver/docuteam", new StringContent("{}"))).StatusCode);

        Assert.Equal(SignatureVerdict.NotSigned, Assert.Single(host.Get<ReceivedCalls>().Newest()).Signature);
    }

    private static async Task<string> Message(HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"Expected {status}, got {answer.StatusCode}: {text}");
        return System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("message").GetString()!;
    }
}
