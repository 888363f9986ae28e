using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Plugin.ApiWebhooks;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Pages;
using Plugin.ApiWebhooks.Pages.Overview;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.Tests.Pages;

/// <summary>The overview says whether anything is wrong, why, and what to do.</summary>
public sealed partial class OverviewPagesTests : IAsyncLifetime
{
    private const string Root = "/plugins/ApiWebhooks/";
    private const string Live = Root + "overview/live";

    private TestFolder _folder = new();
    private readonly TestHost _host = new();
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        _host.Users["other"] = TestHost.User("other", "admin", "editor", "viewer");
        _host.Users["cookie"] = TestHost.User("cookie", "admin", "editor", "viewer");
        _host.Users["root"] = TestHost.User("root", "sysadmin", "admin", "editor", "viewer");
        await StartAsync("""{ "hooks": [{ "label": "Museum", "url": "https://user:passw0rd@museum.example.org/?key=t0ken" }, { "label": "Search", "url": "https://search.example.org/" }] }""");
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task With_no_subscription_it_says_so_and_offers_to_make_one()
    {
        await DisposeAsync();
        _folder = new TestFolder();
        await StartAsync("{}", subscriptions: 0);
        var html = await GetAsync(Root);
        Assert.Contains("Nobody is subscribed yet, so nothing is sent.", html, StringComparison.Ordinal);
        Assert.Contains("There is no subscription yet.", html, StringComparison.Ordinal);
        Assert.Contains("Nothing is: what is owed is on its way, and nothing was given up.", html, StringComparison.Ordinal);
        Assert.Contains("none made", html, StringComparison.Ordinal);
        Assert.DoesNotContain("type=\"search\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/plugins/ApiWebhooks/subscriptions/new\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_all_is_delivered_it_says_so_and_shows_the_last_day()
    {
        var hour = HourTally.HourOf(TimeProvider.System.GetUtcNow());
        await RunAsync($"INSERT INTO subscription_hour VALUES (1, {hour}, 1204, 0, 0, 0, 3, 1204, 1204000, 9000), (1, {hour - 40}, 5, 0, 0, 0, 500, 0, 0, 0)");
        var html = await GetAsync(Root);
        Assert.Equal("good", ToneOf(html));
        foreach (var words in new[] { "Everything is delivered.", "aria-label=\"Last 24 hours: 1,204 delivered, 3 attempts failed\"", "aria-label=\"Last 24 hours: nothing was sent\"", "99.8\u00A0%", "1.0\u00A0s", "longest 9.0\u00A0s", "museum.example.org/?key=***" })
            Assert.Contains(words, html, StringComparison.Ordinal);
        await RunAsync("INSERT INTO delivery (id, message_id, state, due_at, created_at) SELECT (1 << 20) | 1, 1, 'pending', 1, " + Now());
        Assert.Contains("All is well. One delivery is on its way.", await GetAsync(Root), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("waiting", "ServerError", "“Museum” fails: its receiver takes nothing.", "The receiver failed (5xx)", "look into its log", "bad")]
    [InlineData("waiting", "TlsFailed", "“Museum” fails: its receiver takes nothing.", "The TLS handshake failed", "certificate is valid", "bad")]
    [InlineData("exhausted", "ClientError", "3 deliveries were given up and reach nobody unless they are sent again.", "The receiver refused the request (4xx)", "Then send again what was given up.", "bad")]
    [InlineData("exhausted", "MessageTooLarge", "3 deliveries were given up", "The message is larger than allowed", "Raise delivery.maxMessageKilobytes", "bad")]
    [InlineData("pending", null, "“Museum” is late.", "More is owed than the receiver takes", "Look at its last attempts", "care")]
    [InlineData("held", null, "“Museum” is not served, and deliveries are held for it.", "The subscription is paused", "Resume it when its receiver is ready.", "care")]
    public async Task Each_trouble_has_its_reason_and_remedy_and_leads_to_its_deliveries(string state, string? failure, string problem, string why, string advice, string tone)
    {
        var old = TimeProvider.System.GetUtcNow().AddMinutes(-30).ToUnixTimeMilliseconds();
        for (var n = 1; n <= 3; n++)
        {
            await RunAsync(string.Create(CultureInfo.InvariantCulture, $"""
                INSERT INTO delivery (id, message_id, state, due_at, created_at, finished_at, failure)
                VALUES (({n} << 20) | 1, 1, '{state}', {(state is "pending" or "waiting" ? Now(+3600) : "NULL")}, {old}, {(state == "exhausted" ? old : "NULL")}, {(failure is null ? "NULL" : $"'{failure}'")})
                """));
        }
        if (state == "waiting")
            await RunAsync($"UPDATE subscription SET failing_since = {old} WHERE id = 1");
        if (state == "exhausted")
            await RunAsync($"INSERT INTO subscription_hour (subscription_id, hour, given_up) VALUES (1, {HourTally.HourOf(TimeProvider.System.GetUtcNow())}, 3)");
        if (state == "held")
            await _plugin.Get<EventPipeline>().Subscriptions!.PauseAsync(1, "Paused by Ann.", default);
        var html = await GetAsync(Root);
        Assert.Equal(tone, ToneOf(html));
        foreach (var words in new[] { "One thing needs attention.", problem, why, advice, $"href=\"/plugins/ApiWebhooks/deliveries?state={state}&subscription=1\"" })
            Assert.Contains(words, html, StringComparison.Ordinal);
        // Those in trouble stand first.
        Assert.True(html.LastIndexOf(">Museum</a>", StringComparison.Ordinal) < html.LastIndexOf(">Search</a>", StringComparison.Ordinal));
        Assert.Contains(">Museum</a>", await GetAsync(Root + "?show=trouble"), StringComparison.Ordinal);
        Assert.DoesNotContain(">Search</a>", await GetAsync(Root + "?show=trouble"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_given_up_long_ago_and_what_is_held_for_a_removed_one_is_no_emergency()
    {
        await RunAsync("INSERT INTO delivery (id, message_id, state, created_at, finished_at, failure) VALUES ((1 << 20) | 1, 1, 'exhausted', 1, 1, 'TimedOut')");
        Assert.Equal("care", ToneOf(await GetAsync(Root)));
        await RunAsync("UPDATE subscription SET state = 'removed' WHERE id = 1");
        await RunAsync("INSERT INTO delivery (id, message_id, state, created_at) VALUES ((2 << 20) | 1, 1, 'held', 1)");
        var html = await GetAsync(Root);
        Assert.Equal("good", ToneOf(html));
        Assert.Contains("The subscription was taken out of the configuration", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_subscription_tells_why_and_since_when_and_is_resumed_from_here()
    {
        var pipeline = _plugin.Get<EventPipeline>();
        await RunAsync("UPDATE subscription SET failing_since = 1767225600000 WHERE id = 1");
        await RunAsync($"INSERT INTO delivery (id, message_id, state, created_at, failure) VALUES ((1 << 20) | 1, 1, 'held', {Now(-9000)}, 'ConnectFailed')");
        Assert.True(await pipeline.Subscriptions!.DisableAsync(1, "Every attempt <b>failed</b>.", default));
        var html = await GetAsync(Root, "cookie");
        Assert.Equal("bad", ToneOf(html));
        foreach (var words in new[] { "“Museum” is disabled and is sent nothing.", "2026-01-01 00:00:00 UTC", "One delivery is held for it.", "The subscription is disabled", "Before that: No connection to the receiver", "Then resume the subscription." })
            Assert.Contains(words, html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", await RawAsync(Root, "cookie"), StringComparison.Ordinal);

        using var forged = await PostAsync("cookie", new() { ["subscription"] = "1" });
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal(SubscriptionState.Disabled, StateOf(1));
        using var none = await PostAsync("admin", new() { ["subscription"] = "99" });
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var done = await PostAsync("admin", new() { ["subscription"] = "1" });
        Assert.Equal((HttpStatusCode.SeeOther, Root + "?resumed=1"), (done.StatusCode, done.Headers.Location!.ToString()));
        Assert.Equal(SubscriptionState.Active, StateOf(1));
        Assert.Contains("“Museum” is served again.", await GetAsync(Root + "?resumed=1"), StringComparison.Ordinal);
        Assert.Equal("admin subscription.resume", Query("SELECT string_agg(user_name || ' ' || act, ',') FROM audit"));
    }

    [Fact]
    public async Task A_file_that_is_refused_shows_each_place_and_remedy()
    {
        _folder.With("""{ "hooks": [{ "label": "Museum", "url": "ftp://museum.example.org/" }] }""");
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System))
        {
            while (_plugin.Settings.Faults.Count == 0)
                await timer.WaitForNextTickAsync();
        }
        var html = await GetAsync(Root);
        Assert.Equal("bad", ToneOf(html));
        Assert.Contains("The last good configuration stays in force.", html, StringComparison.Ordinal);
        var fault = _plugin.Settings.Faults[0];
        foreach (var words in new[] { fault.Place, fault.Message, fault.Remedy })
            Assert.Contains(words, html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_see_a_subscription_does_not_see_its_numbers_either()
    {
        var stored = await _plugin.Get<StoredHooks>().CreateAsync(new NewStoredHook(
            new System.Text.Json.Nodes.JsonObject { ["dialect"] = "standard", ["label"] = "<img src=x onerror=alert(1)>", ["url"] = "https://own.example.org/" }, "other"));
        Assert.IsType<StoreResult.Stored>(stored);
        await RunAsync($"INSERT INTO delivery (id, message_id, state, created_at, finished_at, failure) VALUES ((1 << 20) | 3, 1, 'exhausted', 1, 1, '<i>Odd</i>')");
        foreach (var path in new[] { Root, Live })
        {
            var own = await GetAsync(path, "other");
            Assert.Contains("<img src=x onerror=alert(1)>", own, StringComparison.Ordinal);
            Assert.Contains("One delivery was given up", own, StringComparison.Ordinal);
            Assert.Contains("<i>Odd</i>", own, StringComparison.Ordinal);
            var raw = await RawAsync(path, "other");
            Assert.DoesNotContain("<img", raw, StringComparison.Ordinal);
            Assert.DoesNotContain("<i>", raw, StringComparison.Ordinal);
            Assert.DoesNotContain("passw0rd", raw, StringComparison.Ordinal);
            Assert.DoesNotContain("t0ken", raw, StringComparison.Ordinal);
            var foreign = await GetAsync(path);
            Assert.DoesNotContain("onerror", foreign, StringComparison.Ordinal);
            Assert.Contains("Everything is delivered.", foreign, StringComparison.Ordinal);
            Assert.Contains("onerror", await GetAsync(path, "root"), StringComparison.Ordinal);
        }
        using var foreignResume = await PostAsync("admin", new() { ["subscription"] = "3" });
        Assert.Equal(HttpStatusCode.NotFound, foreignResume.StatusCode);
        foreach (var path in new[] { Root, Live })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, path, null)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, path, "editor")).StatusCode);
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("editor", new() { ["subscription"] = "1" })).StatusCode);
    }

    [Fact]
    public async Task A_thousand_subscriptions_are_filtered_and_shown_page_by_page()
    {
        await RunAsync("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
            INSERT INTO subscription (key, label, state, starts_after, created_at) SELECT 'many-' || substr(CAST(1000 + i AS TEXT), 2), 'Many ' || substr(CAST(1000 + i AS TEXT), 2), 'active', 0, 0 FROM n
            """);
        var first = await GetAsync(Root + "?text=MANY&show=all");
        Assert.Contains("1–25 of 60", first, StringComparison.Ordinal);
        Assert.Equal(25, Bars().Count(first));
        Assert.DoesNotContain(">Museum</a>", first, StringComparison.Ordinal);
        var next = Regex.Match(first, "rel=\"next\" href=\"([^\"#]+)#").Groups[1].Value;
        Assert.Equal(Root + "?text=MANY&page=2", next);
        Assert.Contains("26–50 of 60", await GetAsync(next), StringComparison.Ordinal);
        Assert.Contains("51–60 of 60", await GetAsync(next.Replace("page=2", "page=99", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("Many 017", await GetAsync(Root + "?text=many-017"), StringComparison.Ordinal);
        var nothing = await GetAsync(Root + "?text=" + Uri.EscapeDataString("\"><script>alert(1)</script>"));
        Assert.Contains("No subscription matches.", nothing, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", await RawAsync(Root + "?text=" + Uri.EscapeDataString("<script>"), "admin"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_parts_that_change_are_had_by_themselves_and_the_page_speaks_french()
    {
        await RunAsync($"INSERT INTO delivery (id, message_id, state, created_at, finished_at, failure) VALUES ((1 << 20) | 1, 1, 'exhausted', 1, 1, 'TimedOut')");
        var (page, live) = (await GetAsync(Root), await GetAsync(Live + "?text=mus"));
        Assert.DoesNotContain("<title>", live, StringComparison.Ordinal);
        Assert.Equal(Parts().Matches(page).Select(part => part.Value), Parts().Matches(live).Select(part => part.Value));
        Assert.DoesNotContain(">Search</a>", live, StringComparison.Ordinal);
        Assert.Contains($"data-live=\"{Live}?text=mus\"", await GetAsync(Root + "?text=mus"), StringComparison.Ordinal);

        _host.Users["admin"] = _host.Users["admin"] with { Language = "fr" };
        var french = await GetAsync(Root);
        foreach (var words in new[] { "Un point demande votre attention.", "Une livraison a été abandonnée", "Ce qui n’est pas livré, et pourquoi", "Le récepteur a mis trop de temps", "Le récepteur doit répondre d’abord", "Dernières 24 heures" })
            Assert.Contains(words, french, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.9996, "99.9\u00A0%", "99,9\u00A0%")]
    [InlineData(1.0, "100\u00A0%", "100\u00A0%")]
    [InlineData(0.0, "0\u00A0%", "0\u00A0%")]
    [InlineData(0.0001, "0.1\u00A0%", "0,1\u00A0%")]
    [InlineData(0.987, "98.7\u00A0%", "98,7\u00A0%")]
    public void A_share_is_never_rounded_to_all_or_nothing(double share, string english, string french)
    {
        Assert.Equal(english, OverviewTexts.In("en").Share(share));
        Assert.Equal(french, OverviewTexts.In("fr-CH").Share(share));
    }

    [Theory]
    [InlineData("Paused by Ann B.", "Mis en pause par Ann B.")]
    [InlineData("Not enabled in config.json.", "Non activé dans config.json.")]
    [InlineData("Every attempt failed since 2026-11-20 08:15 UTC; the last one: TimedOut. After 15 s.", "Chaque essai a échoué depuis 2026-11-20 08:15 UTC ; le dernier : Le récepteur a mis trop de temps. After 15 s.")]
    [InlineData("Something <new>.", "Something <new>.")]
    public void Why_a_subscription_is_not_served_is_told_in_french_too(string stored, string french)
    {
        Assert.Equal(french, StateReasons.In("fr", stored));
        Assert.Equal(stored, StateReasons.In("en", stored));
    }

    [Fact]
    public void A_bar_of_failures_is_seen_beside_however_many_deliveries()
    {
        var bars = HourBars.Of([new HourSums(100_000, 1, 0), default, new HourSums(0, 50_000, 0)], OverviewTexts.In("en"));
        Assert.Equal("M0 28v-26h4v26z", bars.Delivered);
        Assert.Equal("M0 2v-2h4v2zM10 28v-14h4v14z", bars.Failed);
    }

    private async Task StartAsync(string config, int subscriptions = 2)
    {
        _plugin = await TestPlugin.StartAsync(_folder.With(config), _host);
        await _plugin.Get<EventPipeline>().Subscriptions!.Applied;
        Assert.Equal(subscriptions.ToString(CultureInfo.InvariantCulture), Query("SELECT count(*) FROM subscription"));
        await RunAsync($"INSERT INTO message (id, change_sequence, change_id, kind, occurred_at, created_at, content_type, body) VALUES (1, 1, '0192f0c0000070008000000000000001', 'record.inserted', 1, 1, 't', {TestDatabase.Bytes("0")})");
    }

    private static string Now(int seconds = 0) => TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static string ToneOf(string html) => Regex.Match(html, "data-part=\"sentence\" role=\"status\" class=\"([a-z]+)\"").Groups[1].Value;

    private SubscriptionState StateOf(long id) => _plugin.Get<DeliveryHistory>().ReadSubscriptions(id, id)[0].State;

    private Task<int> RunAsync(string sql) => _plugin.Get<PluginDatabase>().WriteAsync(c => c.Prepared(sql).ExecuteNonQuery());

    private string Query(string sql) => _plugin.Get<PluginDatabase>().Read(c => Convert.ToString(c.Prepared(sql).ExecuteScalar(), CultureInfo.InvariantCulture)!);

    private async Task<string> GetAsync(string path, string user = "admin") => WebUtility.HtmlDecode(await RawAsync(path, user));

    private async Task<string> RawAsync(string path, string user)
    {
        _plugin.Get<FiguresReader>().Forget();
        using var answer = await SendAsync(HttpMethod.Get, path, user);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private Task<HttpResponseMessage> PostAsync(string user, Dictionary<string, string> form) => SendAsync(HttpMethod.Post, Root + "overview/resume", user, form);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? user, Dictionary<string, string>? form = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (user is not null)
            request.Headers.Add("X-User", user);
        if (form is not null)
            request.Content = new FormUrlEncodedContent(form);
        return await _plugin.Client.SendAsync(request);
    }

    [GeneratedRegex("<svg class=\"overview-bars\"")]
    private static partial Regex Bars();

    [GeneratedRegex("data-part=\"([a-z-]+)\"")]
    private static partial Regex Parts();
}
