using System.Net;
using System.Text;
using System.Text.Json;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.Tests.Api;

public sealed class ReplayCallsTests : IAsyncLifetime
{
    private const string Config = """{ "hooks": [{ "label": "Hook", "url": "https://a.example.org/hook" }, { "label": "Other", "url": "https://b.example.org/" }] }""";

    private readonly TestFolder _folder = new();
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync() => _plugin = await TestPlugin.StartAsync(_folder.With(Config));

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_replay_is_begun_shown_listed_and_cancelled()
    {
        await WriteAsync("UPDATE reader SET position = 10");
        await WriteAsync("UPDATE subscription SET state = 'paused'");
        var (status, begun) = await SendAsync("POST", "/api/webhooks/subscriptions/hook/replay", """{"which":"all","after":2,"upTo":8}""");
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(("all", 2, 8, "request", "admin"), (
            begun.GetProperty("which").GetString(), begun.GetProperty("after").GetInt32(), begun.GetProperty("upTo").GetInt32(),
            begun.GetProperty("cause").GetString(), begun.GetProperty("createdBy").GetString()));
        var id = begun.GetProperty("id").GetInt64();
        var (_, shown) = await SendAsync("GET", $"/api/webhooks/replays/{id}");
        Assert.Equal(id, shown.GetProperty("id").GetInt64());
        await SendAsync("POST", "/api/webhooks/subscriptions/2/replay", "");
        var (_, page) = await SendAsync("GET", "/api/webhooks/replays?limit=1");
        Assert.Equal(id, Assert.Single(page.GetProperty("replays").EnumerateArray()).GetProperty("id").GetInt64());
        Assert.Equal(id, page.GetProperty("next").GetInt64());
        var (_, ofOther) = await SendAsync("GET", "/api/webhooks/replays?subscription=other");
        Assert.Equal("neverDelivered", Assert.Single(ofOther.GetProperty("replays").EnumerateArray()).GetProperty("which").GetString());

        await WriteAsync("UPDATE replay SET state = 'running', finished_at = NULL");
        var (_, cancelled) = await SendAsync("POST", $"/api/webhooks/replays/{id}/cancel");
        Assert.Equal("cancelled", cancelled.GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync("POST", $"/api/webhooks/replays/{id}/cancel")).Status);
        var (_, running) = await SendAsync("GET", "/api/webhooks/replays?state=cancelled");
        Assert.Equal(1, running.GetProperty("replays").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"which":"some"}""", "which must be one of: all, failed, neverDelivered.")]
    [InlineData("""{"from":"2026-01-01","after":3}""", "not both")]
    [InlineData("""{"from":"2026-01-02","to":"2026-01-02"}""", "from must be before to")]
    [InlineData("""{"after":5,"upTo":4}""", "after must not be greater")]
    [InlineData("""{"from":"soon"}""", "from must be a time such as")]
    [InlineData("""{"upTo":-1}""", "upTo must be a whole number")]
    [InlineData("""{"dryRun":"yes"}""", "dryRun must be true or false")]
    [InlineData("""{"until":"2026-01-02"}""", "\"until\" is not known")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{", "not JSON")]
    public async Task What_makes_no_sense_is_told(string body, string words)
    {
        var (status, problem) = await SendAsync("POST", "/api/webhooks/subscriptions/hook/replay", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(words, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_time_window_of_one_side_is_fine()
    {
        using var body = JsonDocument.Parse("""{"from":"2026-01-01T00:00:00+01:00","to":null}""");
        var request = ReplayBody.Read(body.RootElement, out var fault);
        Assert.Equal("", fault);
        Assert.Equal(new DateTimeOffset(2025, 12, 31, 23, 0, 0, TimeSpan.Zero), request!.From);
    }

    [Fact]
    public async Task It_is_for_administrators_and_for_what_exists()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync("POST", "/api/webhooks/subscriptions/hook/replay", "{}", "editor")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync("GET", "/api/webhooks/replays", user: "editor")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("POST", "/api/webhooks/subscriptions/none/replay", "{}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("GET", "/api/webhooks/replays/99")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("GET", "/api/webhooks/replays?state=lost")).Status);
        await WriteAsync("UPDATE subscription SET key = 'gone' WHERE id = 2");
        await WriteAsync("INSERT INTO subscription (key, label, state, starts_after, created_at) VALUES ('old', 'old', 'removed', 0, 0)");
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync("POST", "/api/webhooks/subscriptions/old/replay", "{}")).Status);
    }

    [Fact]
    public async Task A_subscription_that_is_not_served_tells_what_it_missed_and_the_ways_to_make_up_for_it()
    {
        Assert.False((await SendAsync("GET", "/api/webhooks/subscriptions/hook")).Body.TryGetProperty("missed", out _));
        await SendAsync("POST", "/api/webhooks/subscriptions/hook/pause");
        await WriteAsync($"""
            INSERT INTO message (id, change_sequence, change_id, kind, occurred_at, created_at, content_type, body)
            VALUES (1, 7, '0192f0c0000070008000000000000001', 'record.inserted', 1000, 0, 't', {TestDatabase.Bytes("0")}), (2, 8, '0192f0c0000070008000000000000002', 'record.inserted', 3000, 0, 't', {TestDatabase.Bytes("0")})
            """);
        await WriteAsync("INSERT INTO delivery (id, message_id, state, created_at) VALUES ((7 << 20) | 1, 1, 'held', 0), ((8 << 20) | 1, 2, 'held', 0)");
        await WriteAsync("INSERT INTO delivery (id, message_id, state, created_at, finished_at, failure) VALUES ((6 << 20) | 1, 1, 'exhausted', 0, 0, 'ServerError')");
        var (_, shown) = await SendAsync("GET", "/api/webhooks/subscriptions/hook");
        var missed = shown.GetProperty("missed");
        Assert.Equal((2, 1, false), (missed.GetProperty("held").GetInt32(), missed.GetProperty("givenUp").GetInt32(), missed.GetProperty("isKept").GetBoolean()));
        Assert.Equal(
            (DateTimeOffset.UnixEpoch.AddSeconds(1), DateTimeOffset.UnixEpoch.AddSeconds(3)),
            (missed.GetProperty("heldFrom").GetDateTimeOffset(), missed.GetProperty("heldTo").GetDateTimeOffset()));
        var ways = missed.GetProperty("ways").EnumerateArray().ToList();
        Assert.Equal(4, ways.Count);
        using var page = new HttpRequestMessage(HttpMethod.Get, "/plugins/ApiWebhooks/");
        page.Headers.Add("X-User", "admin");
        using var html = await _plugin.Client.SendAsync(page);
        Assert.Contains("The subscription is paused", await html.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // The offered calls work as they stand.
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("POST", "/api/webhooks/subscriptions/hook/resume", """{"held":"lose"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("POST", "/api/webhooks/subscriptions/hook/resume", """{"keep":true}""")).Status);
        var kept = await FollowAsync(ways, "keep");
        Assert.Equal("active", kept.GetProperty("state").GetString());
        Assert.True(kept.GetProperty("missed").GetProperty("isKept").GetBoolean());
        var cancelled = (await FollowAsync(ways, "cancel")).GetProperty("missed");
        Assert.Equal((0, 3), (cancelled.GetProperty("held").GetInt32(), cancelled.GetProperty("givenUp").GetInt32()));
        Assert.Equal("failed", (await FollowAsync(ways, "failed")).GetProperty("which").GetString());
    }

    private async Task<JsonElement> FollowAsync(List<JsonElement> ways, string word)
    {
        var way = ways.Single(each => each.GetProperty("body").GetString()!.Contains(word, StringComparison.Ordinal));
        return (await SendAsync("POST", way.GetProperty("post").GetString()!, way.GetProperty("body").GetString())).Body;
    }

    private Task<int> WriteAsync(string sql) => _plugin.Get<PluginDatabase>().WriteAsync(c => c.Prepared(sql).ExecuteNonQuery());

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string method, string path, string? body = null, string user = "admin")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-User", user);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _plugin.Client.SendAsync(request);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, json.RootElement.Clone());
    }
}
