using System.Text.Json.Nodes;

namespace Interop.Tests;

/// <summary>The parts that every system's tests stand on: raw calls, pages, and events on their way to a receiving system.</summary>
public sealed class SmokeTests(SmokeTests.Site site) : IClassFixture<SmokeTests.Site>
{
    [Fact]
    public async Task Raw_calls_are_answered()
    {
        var body = """{"title":"Made by a raw call"}""";
        var made = await RawCall.SendAsync(
            site.BaseUri,
            """
            POST /api/records HTTP/1.1
            Host: {host}
            User-Agent: python-requests/2.31.0
            Accept-Encoding: gzip, deflate
            Accept: */*
            Connection: keep-alive
            authorization: demo-editor-key
            Content-Type: application/json
            """,
            body);
        var id = made.Expect(201).Json.GetProperty("id").GetInt64();

        var read = await RawCall.SendAsync(site.BaseUri, $"GET /api/records/{id} HTTP/1.1\nHost: {{host}}\nX-CKAN-API-Key: demo-viewer-key");
        Assert.Equal("Made by a raw call", read.Expect(200).Json.GetProperty("title").GetString());
        (await RawCall.SendAsync(site.BaseUri, $"GET /api/records/{id} HTTP/1.1\nHost: {{host}}")).Expect(401);
    }

    [Fact]
    public async Task Events_reach_the_receiving_system()
    {
        var record = await site.InsertAsync(new { title = "Interop smoke" });
        var id = record.GetProperty("id").GetInt64();

        var received = await site.Receiver.WaitForAsync("/smoke", request => request.Json.GetProperty("data").GetProperty("id").GetInt64() == id);

        Assert.Equal("POST", received.Method);
        Assert.NotNull(received.Header("webhook-signature"));
        Assert.Equal("Interop smoke", received.Json.GetProperty("data").GetProperty("title").GetString());
    }

    [Fact]
    public async Task Pages_are_shown_to_who_signed_in()
    {
        using var visitor = await Visitor.SignInAsync(site, "sysadmin");
        Assert.Equal(200, (await visitor.GetAsync("/plugins/ApiWebhooks/")).Status);
    }

    /// <summary>A site with one hook.</summary>
    public sealed class Site : InteropHost
    {
        protected override JsonObject OwnSettings() => new()
        {
            ["hooks"] = new JsonArray(new JsonObject { ["label"] = "Smoke", ["url"] = Receiver.Address("/smoke"), ["events"] = new JsonArray("record.inserted") }),
        };
    }
}
