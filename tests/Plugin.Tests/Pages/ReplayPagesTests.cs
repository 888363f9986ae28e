using System.Net;
using System.Text.RegularExpressions;
using Plugin.ApiWebhooks;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Queue;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Pages;

/// <summary>Replays on pages without JavaScript: choose, count, start, watch, cancel.</summary>
public sealed partial class ReplayPagesTests : IAsyncLifetime
{
    private const string Root = "/plugins/ApiWebhooks/replays";
    private const string Hostile = "<script>alert(1)</script>";

    private readonly TestFolder _folder = new();
    private readonly MemoryChangeLog _log = new();
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        var host = new TestHost { Changes = _log };
        host.Users["other"] = TestHost.User("other", "admin", "editor", "viewer");
        host.Users["sysadmin"] = TestHost.User("sysadmin", "sysadmin", "admin", "editor", "viewer");
        host.Users["cookie"] = TestHost.User("cookie", "admin", "editor", "viewer");
        host.Users["french"] = TestHost.User("french", "admin", "editor", "viewer") with { Language = "fr" };
        for (var i = 0; i < 5; i++)
            _log.Append();
        _plugin = await TestPlugin.StartAsync(
            _folder.With("""{ "hooks": [{ "label": "<script>alert(1)</script>", "key": "hook", "url": "http://127.0.0.1:1/" }, { "label": "Quiet", "url": "http://127.0.0.1:1/", "events": ["record.deleted"] }] }"""), host);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_would_be_sent_is_counted_before_and_sent_after_the_start()
    {
        var (status, counted, _) = await PostAsync("/new", Form("count"));
        Assert.Equal(HttpStatusCode.SeeOther, status);
        var html = await CountedAsync(counted!);
        Assert.Contains(">Start: send 5<", html, StringComparison.Ordinal);
        Assert.Matches("name=\"which\" value=\"neverDelivered\" checked", html);
        Assert.Equal(0, Query("SELECT count(*) FROM delivery"));

        (status, var started, _) = await PostAsync("/new", Form("start"));
        Assert.Equal(HttpStatusCode.SeeOther, status);
        await WhenEndedAsync(started!);
        html = await ReadAsync(started!);
        Assert.Matches("<progress max=\"100\" value=\"100\"", html);
        Assert.Equal(("5", "5", "0", "0"), CountsIn(html));
        Assert.Contains(">done<", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/plugins/ApiWebhooks/deliveries?subscription=1\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("/cancel", html, StringComparison.Ordinal);
        Assert.Equal(5, Query("SELECT count(*) FROM delivery"));
        var list = await ReadAsync(Root);
        Assert.Contains("5 to be sent", list, StringComparison.Ordinal);
        Assert.Contains("5 would be sent", list, StringComparison.Ordinal);
        Assert.DoesNotContain(Hostile, list + html, StringComparison.Ordinal);
        Assert.Equal("replay.start replay.start", string.Join(' ', Acts()));
    }

    [Fact]
    public async Task Nothing_to_send_is_told()
    {
        var form = Form("count");
        form["subscription"] = "quiet";
        var (_, counted, _) = await PostAsync("/new", form);
        Assert.Contains("With this choice there is nothing to send.", await CountedAsync(counted!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("time", "2026-02-01T00:00", "", 5)]
    [InlineData("time", "", "2026-03-01T12:00:00", 0)]
    [InlineData("time", "2026-03-01T12:00", "2026-03-02", 5)]
    [InlineData("position", "2", "4", 3)]
    [InlineData("position", "4", "", 2)]
    [InlineData("position", "", "1", 1)]
    public async Task A_window_is_counted_by_time_and_by_position_with_both_ends_as_they_say(string window, string from, string to, int owed)
    {
        var form = Form("count", which: "all", window: window);
        (form[window == "time" ? "from" : "first"], form[window == "time" ? "to" : "last"]) = (from, to);
        var html = await CountedAsync((await PostAsync("/new", form)).Location!);
        Assert.Equal($"{owed}", CountsIn(html).Owed);
        // What was chosen stands there again.
        foreach (var value in new[] { from, to }.Where(value => value.Length > 0))
            Assert.Contains($"value=\"{value}\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("subscription", "99", "", "subscription", "Choose one of the subscriptions.")]
    [InlineData("time", "soon", "", "from", "Write a time such as")]
    [InlineData("time", "", "", "from", "Write a beginning, an end, or both.")]
    [InlineData("time", "2026-03-02", "2026-03-01", "to", "The end must come after the beginning.")]
    [InlineData("position", "5", "4", "last", "The end must come after the beginning.")]
    [InlineData("position", "-1", "", "first", "Write the number of a change")]
    [InlineData("position", "", "", "first", "Write a beginning")]
    public async Task What_is_wrong_stands_at_its_field_and_nothing_is_begun(string window, string one, string two, string field, string words)
    {
        var form = Form("start", window: window);
        if (window == "subscription")
            form["subscription"] = one;
        (form[window == "time" ? "from" : "first"], form[window == "time" ? "to" : "last"]) = (one, two);
        var (status, _, html) = await PostAsync("/new", form);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains(words, Regex.Match(html, $"id=\"r-{field}-error\">(.*?)</p>").Groups[1].Value, StringComparison.Ordinal);
        Assert.Matches($"id=\"r-{field}\"[^>]* aria-invalid=\"true\"", html);
        Assert.Equal(0, Query("SELECT count(*) FROM replay"));
        Assert.Empty(Acts());
    }

    [Fact]
    public async Task What_runs_stands_first_with_its_progress_and_can_be_cancelled_once()
    {
        var id = await RunningAsync();
        var list = await ReadAsync(Root);
        Assert.Matches("data-live=\"/plugins/ApiWebhooks/replays/running\"", list);
        Assert.Matches("<progress max=\"100\" value=\"40\"", list);
        var part = await ReadAsync($"{Root}/{id}/progress");
        Assert.StartsWith("<div class=\"webhooks-progress\" data-live=", part, StringComparison.Ordinal);
        Assert.Matches("<progress max=\"100\" value=\"40\"", part);
        Assert.Contains("The change log begins after change 2", part, StringComparison.Ordinal);
        Assert.Contains("Le journal commence après la modification 2", WebUtility.HtmlDecode(await ReadAsync($"{Root}/{id}", "french")), StringComparison.Ordinal);

        var (status, location, _) = await PostAsync($"/{id}/cancel", []);
        Assert.Equal((HttpStatusCode.SeeOther, $"{Root}/{id}"), (status, location));
        Assert.Contains(">cancelled<", await ReadAsync(location!), StringComparison.Ordinal);
        (status, _, var html) = await PostAsync($"/{id}/cancel", []);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("The replay is over already", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-live", await ReadAsync($"{Root}/{id}/progress"), StringComparison.Ordinal);
        Assert.Equal("replay.start replay.cancel", string.Join(' ', Acts()));
    }

    [Fact]
    public async Task Many_replays_are_listed_page_by_page()
    {
        await WriteAsync("""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70)
            INSERT INTO replay (subscription_id, cause, which, dry_run, state, after_position, up_to, position, created_at, finished_at)
            SELECT 1, 'request', 'all', 0, 'done', 0, 5, 5, i, i FROM n
            """);
        var ids = new List<int>();
        for (var path = Root; path.Length > 0;)
        {
            var html = await ReadAsync(path);
            ids.AddRange(Ids().Matches(html).Select(match => int.Parse(match.Groups[1].Value, null)));
            path = Older().Match(html).Groups[1].Value;
        }
        Assert.Equal(Enumerable.Range(1, 70).Reverse(), ids);
    }

    [Fact]
    public async Task Each_sees_the_replays_of_subscriptions_that_are_seen_and_a_cookie_alone_starts_nothing()
    {
        var id = await RunningAsync();
        foreach (var path in new[] { Root, Root + "/new", Root + "/running", $"{Root}/{id}", $"{Root}/{id}/progress" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, path, null)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, path, "viewer")).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, path, "editor")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, path, "other")).StatusCode);
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Post, $"{Root}/{id}/cancel", "editor", [])).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, $"{Root}/{id}/cancel", "cookie", [])).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, Root + "/new", "cookie", Form("start"))).StatusCode);
        Assert.Equal(1, Query("SELECT count(*) FROM replay"));

        // One's own subscription: other administrators find neither it nor its replays.
        var stored = await _plugin.Get<StoredHooks>().CreateAsync(new NewStoredHook(
            new System.Text.Json.Nodes.JsonObject { ["label"] = "Private", ["url"] = "http://127.0.0.1:1/", ["dialect"] = "standard" }, "admin"));
        var own = $"{Query("SELECT max(id) FROM subscription")}";
        Assert.IsType<StoreResult.Stored>(stored);
        var form = Form("start");
        form["subscription"] = own;
        var begun = (await PostAsync("/new", form)).Location!;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(HttpMethod.Post, Root + "/new", "other", form)).StatusCode);
        foreach (var path in new[] { begun, begun + "/progress" })
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, path, "other")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Post, begun + "/cancel", "other", [])).StatusCode);
        foreach (var path in new[] { Root, Root + "/new" })
        {
            Assert.DoesNotContain("Private", await ReadAsync(path, "other"), StringComparison.Ordinal);
            Assert.Contains("Private", await ReadAsync(path, "sysadmin"), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, begun, "sysadmin")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, Root + "/999", "admin")).StatusCode);
    }

    private static Dictionary<string, string> Form(string act, string which = "neverDelivered", string window = "all") =>
        new() { ["subscription"] = "1", ["which"] = which, ["window"] = window, ["do"] = act };

    // A replay in the middle of its window, standing still.
    private async Task<long> RunningAsync()
    {
        var (_, location, _) = await PostAsync("/new", Form("start"));
        await WhenEndedAsync(location!);
        // Paused: nothing but the test moves the replay on.
        await _plugin.Get<EventPipeline>().Subscriptions!.PauseAsync(1, "Paused.", default);
        await WriteAsync("UPDATE replay SET state = 'running', finished_at = NULL, position = 2, missing_up_to = 2");
        return long.Parse(location!.Split('/')[^1], null);
    }

    // A count that takes longer than the answer is looked at again.
    private async Task<string> CountedAsync(string location)
    {
        await WhenEndedAsync("/" + Regex.Match(location, "count=([0-9]+)").Groups[1].Value);
        return await ReadAsync(location.Split('#')[0]);
    }

    private async Task WhenEndedAsync(string path)
    {
        var (id, ended) = (long.Parse(path.Split('/')[^1], null), new TaskCompletionSource());
        var replays = _plugin.Get<EventPipeline>().Replays!;
        replays.Finished += each =>
        {
            if (each == id)
                ended.TrySetResult();
        };
        if (replays.Find(id)!.Job.FinishedAt is null)
            await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static (string Seen, string Owed, string Skipped, string Refused) CountsIn(string html)
    {
        var numbers = Numbers().Matches(html.Split("webhooks-counts")[1]).Select(match => match.Groups[1].Value).ToArray();
        return (numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private List<string> Acts() => _plugin.Get<PluginDatabase>().Read(connection =>
    {
        using var reader = connection.Prepared("SELECT act FROM audit ORDER BY id").ExecuteReader();
        var acts = new List<string>();
        while (reader.Read())
            acts.Add(reader.GetString(0));
        return acts;
    });

    private long Query(string sql) => _plugin.Get<PluginDatabase>().Read(connection => (long)connection.Prepared(sql).ExecuteScalar()!);

    private Task<int> WriteAsync(string sql) => _plugin.Get<PluginDatabase>().WriteAsync(connection => connection.Prepared(sql).ExecuteNonQuery());

    private async Task<string> ReadAsync(string path, string user = "admin")
    {
        using var answer = await SendAsync(HttpMethod.Get, path, user);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<(HttpStatusCode Status, string? Location, string Html)> PostAsync(string path, Dictionary<string, string> form)
    {
        using var answer = await SendAsync(HttpMethod.Post, Root + path, "admin", form);
        return (answer.StatusCode, answer.Headers.Location?.OriginalString, await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? user, Dictionary<string, string>? form = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (user is not null)
            request.Headers.Add("X-User", user);
        if (form is not null)
            request.Content = new FormUrlEncodedContent(form);
        return await _plugin.Client.SendAsync(request);
    }

    [GeneratedRegex("<dd[^>]*>([0-9]+)")]
    private static partial Regex Numbers();

    [GeneratedRegex("<td[^>]* class=\"webhooks-number\"><a href=\"/plugins/ApiWebhooks/replays/([0-9]+)\">")]
    private static partial Regex Ids();

    [GeneratedRegex("href=\"([^\"]+)\" rel=\"next\"")]
    private static partial Regex Older();
}
