using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dam.Hosting;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Track;
using Plugin.Tests.Deliver;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Pages;

/// <summary>The list of subscriptions, and the page of one with all that can be done.</summary>
public sealed partial class SubscriptionStandingTests : IAsyncLifetime
{
    private const string Root = "/plugins/ApiWebhooks/subscriptions";
    private const string Hostile = "\"><script>alert(1)</script><b>é";

    private readonly TestFolder _folder = new();
    private readonly MemoryChangeLog _log = new();
    private TestHost _host = null!;
    private Receiver _receiver = null!;
    private TestPlugin _plugin = null!;

    private StoredHooks Hooks => _plugin.Get<StoredHooks>();

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync(TimeProvider.System);
        _host = new TestHost { Changes = _log };
        _host.Users["other"] = TestHost.User("other", "admin", "editor", "viewer");
        _host.Users["boss"] = TestHost.User("boss", "admin", "sysadmin");
        _host.Users["chef"] = TestHost.User("admin", "admin", "editor", "viewer") with { Language = "fr" };
        _host.Users["cookie"] = TestHost.User("cookie", "admin", "sysadmin");
        _folder.With($$"""
            {
              "hooks": [{ "label": "Filed", "url": "{{_receiver.Url}}/filed?key=planted-key1", "headers": { "X-Token": "planted-header" }, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }],
              "network": { "allow": ["127.0.0.0/8"] }, "delivery": { "gatherMilliseconds": 0 }
            }
            """);
        _plugin = await TestPlugin.StartAsync(_folder, _host);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_list_says_where_each_is_configured_and_is_filtered_page_by_page()
    {
        for (var number = 0; number < 60; number++)
            await CreateAsync($"Hub {number:00}");
        var html = await GetAsync(Root);
        Assert.Contains("config.json (read-only)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", html, StringComparison.Ordinal);
        Assert.Contains("1 to 50 of 61", html, StringComparison.Ordinal);
        Assert.Equal(50, Rows().Count(html));
        var last = await GetAsync(Root + "?page=2");
        Assert.Equal(11, Rows().Count(last));
        Assert.Contains("Hub 59", last, StringComparison.Ordinal);
        var some = await GetAsync(Root + "?text=hUB+3");
        Assert.Equal(10, Rows().Count(some));
        Assert.DoesNotContain("Hub 29", some, StringComparison.Ordinal);
        Assert.Contains("No subscription matches.", await GetAsync(Root + "?text=nothing"), StringComparison.Ordinal);
        Assert.Equal(1, Rows().Count(await GetAsync(Root, "other")));
        Assert.Equal(50, Rows().Count(await GetAsync(Root, "boss")));
        Assert.Contains(">admin<", await GetAsync(Root + "?text=hub", "boss"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_the_file_shows_its_place_and_its_settings_starred_and_is_paused_all_the_same()
    {
        var html = await GetAsync(Root + "/filed");
        foreach (var words in new[] { "hooks[0]", "config.json", "&quot;X-Token&quot;: &quot;***&quot;", "key=***", "&quot;secret&quot;: &quot;***&quot;", "/filed/test", "The secret stands in the settings" })
            Assert.Contains(words.Replace("/filed/test", "/test", StringComparison.Ordinal), html, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", html, StringComparison.Ordinal);
        Assert.DoesNotContain("MfKQ9r8GKYqr", html, StringComparison.Ordinal);
        Assert.Equal("?notice=paused", await ActAsync("/filed/pause"));
        html = await GetAsync(Root + "/filed?notice=paused");
        Assert.Contains("Paused by admin.", html, StringComparison.Ordinal);
        Assert.Contains("Paused. What comes is held.", html, StringComparison.Ordinal);
        Assert.Equal("?notice=refused", await ActAsync("/filed/rotate-secret"));
    }

    [Theory]
    [InlineData("deliver", 1)]
    [InlineData("cancel", 0)]
    [InlineData("keep", 0)]
    public async Task What_was_held_is_told_and_decided_when_it_is_resumed(string held, int sent)
    {
        var hook = await CreateAsync("Hub");
        Assert.Equal("?notice=paused", await ActAsync($"/{hook.Id:D}/pause"));
        _log.Append();
        string html;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(html = await GetAsync($"{Root}/{hook.Id:D}")).Contains("Deliveries held: 1,", StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        Assert.Contains("value=\"keep\"", html, StringComparison.Ordinal);
        Assert.Equal("?notice=resumed", await ActAsync($"/{hook.Id:D}/resume", new() { ["held"] = held }));
        _log.Append();
        await _receiver.WaitAsync(3 + sent); // the hook of the file is sent both
        var own = _receiver.All.Count(request => request.Path == "/in");
        Assert.Equal(1 + sent, own);
        Assert.Equal(["subscription.resume", "subscription.pause"], Audited().Take(2));
    }

    [Fact]
    public async Task A_rotated_secret_is_shown_once_with_the_time_for_which_both_sign()
    {
        var hook = await CreateAsync("Hub");
        Assert.Contains("For 24 hours both sign", await GetAsync($"{Root}/{hook.Id:D}"), StringComparison.Ordinal);
        using var answer = await SendAsync(HttpMethod.Post, $"{Root}/{hook.Id:D}/rotate-secret", "admin", []);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var html = WebUtility.HtmlDecode(await GetAsync(answer.Headers.Location!.ToString()));
        var secret = Secrets().Match(html).Value;
        Assert.Equal(_plugin.Settings.Current.Hooks.Single(each => each.Key == hook.Key).Secret!.Reveal(), secret);
        Assert.Contains("The former one signs beside it until", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(Secrets(), await GetAsync(answer.Headers.Location!.ToString()));
        Assert.Equal("subscription.rotate-secret", Audited().First());
    }

    [Fact]
    public async Task A_test_shows_the_whole_exchange_and_leaves_no_delivery()
    {
        _receiver.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 500;
            context.Response.Headers["X-Answer"] = Hostile.Replace("é", "", StringComparison.Ordinal);
            await context.Response.WriteAsync("Busy " + Hostile);
        };
        Assert.Contains("try.record", await GetAsync(Root + "/filed/test"), StringComparison.Ordinal);
        var (status, html) = await PostAsync("/filed/test", new() { ["try.event"] = "record.deleted", ["try.record"] = "13" });
        Assert.Equal(HttpStatusCode.OK, status);
        var sent = Assert.Single(_receiver.All);
        Assert.Equal("true", sent.Headers["webhook-test"].ToString());
        foreach (var words in new[] { "500", "X-Answer: ", "Busy &quot;&gt;&lt;script&gt;", "look into its log", "X-Token: ***", sent.Headers["webhook-signature"].ToString().Split(',')[0], "record.deleted", "Nothing of it is kept", " ms" })
            Assert.Contains(words, html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", html, StringComparison.Ordinal);
        Assert.Empty(_plugin.Get<DeliveryHistory>().ReadDeliveries(new DeliveryFilter { Limit = 10 }));
        Assert.Equal("subscription.test", Audited().First());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync("/filed/test", new() { ["try.record"] = "none" })).Status);
        _host.Visible = (_, record) => record.Id != 13;
        (status, html) = await PostAsync("/filed/test", new() { ["try.record"] = "13" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("There is no record 13, or you may not see it.", html, StringComparison.Ordinal);
        Assert.Single(_receiver.All);
    }

    [Fact]
    public async Task A_copy_has_everything_but_the_secrets_and_names_those()
    {
        var hook = await CreateAsync("Hub", settings =>
        {
            settings["url"] = "https://user:passw0rd@hub.example.org/in?key=planted-key2&page=planted-too";
            settings["headers"] = new JsonObject { ["X-Site"] = "planted-header" };
            settings["filter"] = new JsonObject { ["types"] = new JsonArray("map") };
        });
        var html = await GetAsync($"{Root}/{hook.Id:D}/duplicate");
        Assert.Contains("value=\"Hub (copy)\"", html, StringComparison.Ordinal);
        Assert.Contains("value=\"https://hub.example.org/in?key=&amp;page=\"", html, StringComparison.Ordinal);
        Assert.Contains("write these again: url, headers.X-Site.", html, StringComparison.Ordinal);
        Assert.Contains("\nmap</textarea>", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains($"action=\"{Root}/new?dialect=standard\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", html, StringComparison.Ordinal);
        Assert.DoesNotContain("passw0rd", html, StringComparison.Ordinal);
        // One of the file becomes one of one's own.
        Assert.Contains("value=\"Filed (copy)\"", await GetAsync(Root + "/filed/duplicate"), StringComparison.Ordinal);
        Assert.Single(Hooks.All);
    }

    [Fact]
    public async Task A_deletion_is_undone_from_the_list_by_its_owner_and_by_sysadmins()
    {
        var hook = await CreateAsync(Hostile);
        using var deleted = await SendAsync(HttpMethod.Post, $"{Root}/{hook.Id:D}/delete", "admin", new() { ["version"] = "1" });
        Assert.Equal((HttpStatusCode.SeeOther, Root), (deleted.StatusCode, deleted.Headers.Location!.ToString()));
        var html = await GetAsync(Root);
        Assert.Matches("is deleted\\. What it is owed is held until \\d\\d:\\d\\d UTC", html);
        Assert.Contains("&gt;&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("is deleted", await GetAsync(Root, "other"), StringComparison.Ordinal);
        Assert.Contains("is deleted", await GetAsync(Root, "boss"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, $"{Root}/{hook.Id:D}", "admin")).StatusCode);

        Assert.Equal(Root + "?notice=late", await LocationAsync($"/{hook.Id:D}/restore", "other"));
        Assert.Equal(Root + "?notice=again", await LocationAsync($"/{hook.Id:D}/restore", "cookie"));
        Assert.Empty(Hooks.All);
        Assert.Equal(Root + "?notice=restored", await LocationAsync($"/{hook.Id:D}/restore", "boss"));
        Assert.Single(Hooks.All);
        Assert.Equal(["subscription.restore", "subscription.delete"], Audited().Take(2));
        Assert.Equal(Root + "?notice=late", await LocationAsync($"/{hook.Id:D}/restore", "admin"));
    }

    [Fact]
    public async Task Hostile_words_are_text_on_every_page()
    {
        var hook = await CreateAsync(Hostile, settings =>
        {
            settings["url"] = "https://hub.example.org/%22%3E%3Cscript%3Ealert(1)%3C/script%3E?a=\"><script>alert(2)</script>";
            settings["apiKeyName"] = Hostile;
        });
        foreach (var page in new[] { "", $"/{hook.Id:D}", $"/{hook.Id:D}/edit", $"/{hook.Id:D}/test", $"/{hook.Id:D}/duplicate", $"/{hook.Id:D}/delete", "?text=" + Uri.EscapeDataString(Hostile) })
        {
            var html = await GetAsync(Root + page);
            Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
            Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_pages_speak_French()
    {
        var hook = await CreateAsync("Hub");
        var list = await GetAsync(Root, "chef");
        Assert.Contains("config.json (lecture seule)", list, StringComparison.Ordinal);
        var page = await GetAsync($"{Root}/{hook.Id:D}", "chef");
        Assert.Contains("Renouveler le secret", page, StringComparison.Ordinal);
        Assert.Contains("24 heures", page, StringComparison.Ordinal);
        var form = await GetAsync($"{Root}/{hook.Id:D}/edit", "chef");
        Assert.Contains("Délai en secondes", form, StringComparison.Ordinal);
        foreach (var english in new[] { "The name that people read", "Where events are sent", "Limit of one attempt", "Further headers" })
            Assert.DoesNotContain(english, form, StringComparison.Ordinal);
        Assert.Contains("Rien n’en est gardé", await GetAsync($"{Root}/{hook.Id:D}/test", "chef"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_acts_on_what_is_another_s_and_a_cookie_alone_does_nothing()
    {
        var hook = await CreateAsync("Hub");
        foreach (var act in new[] { "pause", "resume", "rotate-secret", "delete", "test", "edit", "check" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Post, $"{Root}/{hook.Id:D}/{act}", "other", [])).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Post, $"{Root}/{hook.Id:D}/{act}", "editor", [])).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Post, $"{Root}/{hook.Id:D}/{act}", null, [])).StatusCode);
            using var forged = await SendAsync(HttpMethod.Post, $"{Root}/{hook.Id:D}/{act}", "cookie", new() { ["version"] = "1" });
            Assert.True(forged.StatusCode == HttpStatusCode.BadRequest || forged.Headers.Location!.ToString().EndsWith("?notice=again", StringComparison.Ordinal), act);
        }
        Assert.Equal(1, Assert.Single(Hooks.All).Version);
        Assert.Empty(Audited());
        Assert.Empty(_receiver.All);
    }

    private async Task<StoredHook> CreateAsync(string label, Action<JsonObject>? change = null)
    {
        var settings = new JsonObject { ["label"] = label, ["url"] = _receiver.Url + "/in", ["dialect"] = "standard" };
        change?.Invoke(settings);
        return Assert.IsType<StoreResult.Stored>(await Hooks.CreateAsync(new NewStoredHook(settings, "admin"))).Hook;
    }

    private IEnumerable<string> Audited() => _plugin.Get<AuditLog>().Read(new AuditQuery { NewestFirst = true, Limit = 10 }).Select(entry => entry.Act);

    private async Task<string> ActAsync(string path, Dictionary<string, string>? form = null)
    {
        using var answer = await SendAsync(HttpMethod.Post, Root + path, "admin", form ?? []);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return new Uri(_plugin.Client.BaseAddress!, answer.Headers.Location!).Query;
    }

    private async Task<string> LocationAsync(string path, string user) => (await SendAsync(HttpMethod.Post, Root + path, user, [])).Headers.Location!.ToString();

    private async Task<string> GetAsync(string path, string user = "admin")
    {
        using var answer = await SendAsync(HttpMethod.Get, path, user);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<(HttpStatusCode Status, string Html)> PostAsync(string path, Dictionary<string, string> form)
    {
        using var answer = await SendAsync(HttpMethod.Post, Root + path, "admin", form);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
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

    [GeneratedRegex("<td class=\"subscriptions-label\"")]
    private static partial Regex Rows();

    [GeneratedRegex("whsec_[A-Za-z0-9+/=]{8,}")]
    private static partial Regex Secrets();
}
