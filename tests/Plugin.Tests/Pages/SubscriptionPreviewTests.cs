using System.Net;
using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.Tests.Pages;

/// <summary>While the form of a subscription is filled in: the faults by their fields, and exactly what would be sent.</summary>
public sealed class SubscriptionPreviewTests : IAsyncLifetime
{
    private const string Root = "/plugins/ApiWebhooks/subscriptions";

    private readonly TestFolder _folder = new();
    private TestHost _host = null!;
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        _host = new TestHost();
        _host.Users["other"] = TestHost.User("other", "admin", "editor", "viewer");
        _host.Users["boss"] = TestHost.User("boss", "admin", "sysadmin");
        _host.Users["chef"] = TestHost.User("admin", "admin", "editor", "viewer") with { Language = "fr" };
        _plugin = await TestPlugin.StartAsync(_folder, _host);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Faults_come_by_their_fields_and_nothing_is_stored_or_audited()
    {
        var answer = await CheckAsync("/new/check?dialect=docuteam", new()
        {
            ["label"] = "Feeder", ["url"] = "ftp://x", ["operation"] = "insert", ["enabled"] = "true",
            // The first row was left empty: the fault stands in the second all the same.
            ["additionalMetadata[0]"] = "1", ["additionalMetadata[1]"] = "1", ["additionalMetadata[1].fieldLabel"] = "title", ["additionalMetadata[1].predicate"] = "rico:tilte",
            ["headers"] = "X-Site without a colon",
        });
        var faults = answer["faults"]!.AsArray().ToDictionary(each => each!["id"]!.ToString(), each => string.Join(' ', each!["texts"]!.AsArray()));
        Assert.Equal(["f-additionalMetadata-1--predicate", "f-headers", "f-url"], faults.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("rico:title", faults["f-additionalMetadata-1--predicate"], StringComparison.Ordinal);
        Assert.Contains("mend what stands at the fields", answer["preview"]!.ToString(), StringComparison.Ordinal);
        Assert.Empty(_plugin.Get<StoredHooks>().All);
        Assert.Empty(_plugin.Get<AuditLog>().Read(new AuditQuery { Limit = 10 }));
    }

    [Fact]
    public async Task The_preview_is_the_exact_request_signed_with_an_example_s_secret_and_stars_what_is_secret()
    {
        var form = new Dictionary<string, string>
        {
            ["label"] = "Hub", ["url"] = "https://hub.example.org/in?key=planted-key1", ["headers"] = "X-Token: planted-header\nAccept-Language: planted-lang", ["enabled"] = "true",
            ["try.event"] = "record.metadata_changed", ["try.record"] = "13",
        };
        var answer = await CheckAsync("/new/check?dialect=standard", form);
        Assert.Empty(answer["faults"]!.AsArray());
        var html = WebUtility.HtmlDecode(answer["preview"]!.ToString());
        Assert.Contains("made with an example's secret", html, StringComparison.Ordinal);
        Assert.Contains("https://hub.example.org/in?key=***", html, StringComparison.Ordinal);
        Assert.Contains("Accept-Language: ***\nX-Token: ***", html, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", html, StringComparison.Ordinal);
        var (id, timestamp, signature) = (HeaderIn(html, "webhook-id"), HeaderIn(html, "webhook-timestamp"), HeaderIn(html, "webhook-signature"));
        var body = html[html.IndexOf("{\"type\":", StringComparison.Ordinal)..html.IndexOf("</pre>", html.IndexOf("{\"type\":", StringComparison.Ordinal), StringComparison.Ordinal)];
        Assert.Equal("A record", JsonNode.Parse(body)!["data"]!["title"]!.ToString());
        Assert.True(WebhookSecret.TryParse(EventCatalogue.ExampleSecret, out var example));
        Assert.Equal(signature, StandardSignature.Sign(id, long.Parse(timestamp, System.Globalization.CultureInfo.InvariantCulture), System.Text.Encoding.UTF8.GetBytes(body), example));

        // The same without a script: the button shows the whole page with it.
        form["do"] = "preview";
        using var page = await SendAsync(Root + "/new?dialect=standard", form);
        var whole = await page.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("made with an example&#x27;s secret", whole, StringComparison.Ordinal);
        Assert.Contains("value=\"Hub\"", whole, StringComparison.Ordinal);
        Assert.Empty(_plugin.Get<StoredHooks>().All);
    }

    [Fact]
    public async Task A_stored_one_is_previewed_with_its_own_secrets_and_none_is_shown()
    {
        var made = await _plugin.Get<StoredHooks>().CreateAsync(new NewStoredHook(
            new JsonObject { ["label"] = "Hub", ["url"] = "https://hub.example.org/in?key=planted-key1", ["dialect"] = "standard", ["headers"] = new JsonObject { ["X-Token"] = "planted-header" } }, "admin"));
        var hook = Assert.IsType<StoreResult.Stored>(made).Hook;
        var answer = await CheckAsync($"/{hook.Id:D}/check", new() { ["label"] = "Hub", ["url"] = "https://hub.example.org/in?key=***", ["headers"] = "X-Token: ***", ["enabled"] = "true" });
        var html = answer["preview"]!.ToString();
        Assert.Contains("subscription&#x27;s own secret", html, StringComparison.Ordinal);
        Assert.Contains("X-Token: ***", html, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", html, StringComparison.Ordinal);
        // Elsewhere the stars stand for nothing.
        answer = await CheckAsync($"/{hook.Id:D}/check", new() { ["label"] = "Hub", ["url"] = "https://evil.example.org/in?key=***", ["headers"] = "X-Token: ***", ["enabled"] = "true" });
        Assert.Contains("f-headers", answer["faults"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("planted", answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_not_be_sent_is_refused_with_the_reason()
    {
        var form = new Dictionary<string, string> { ["label"] = "Hub", ["url"] = "https://hub.example.org/", ["enabled"] = "true", ["try.record"] = "13" };
        Assert.Contains("There is no record 4711", await PreviewAsync(form, ("try.record", "4711")), StringComparison.Ordinal);
        Assert.Contains("A record is named by its number.", await PreviewAsync(form, ("try.record", "a map")), StringComparison.Ordinal);
        Assert.Contains("none of its types", await PreviewAsync(form, ("filter.types", "map")), StringComparison.Ordinal);
        Assert.Contains("none of its collections", await PreviewAsync(form, ("filter.collections", "Harbour")), StringComparison.Ordinal);
        Assert.Contains("asks for no such event", await PreviewAsync(form, ("events", "record.deleted"), ("try.event", "record.inserted")), StringComparison.Ordinal);
        // Without a record an example is shown: it stands for those that pass.
        Assert.Contains("a change that it lets through looks like this", await PreviewAsync(form, ("filter.types", "no such type"), ("try.record", "")), StringComparison.Ordinal);
        _host.Visible = (user, record) => user.Name != "admin";
        Assert.Contains("There is no record 13, or you may not see it.", await PreviewAsync(form), StringComparison.Ordinal);
        // A sysadmin sees it, whose it is does not.
        _host.Visible = (user, record) => true;
        var made = await _plugin.Get<StoredHooks>().CreateAsync(new NewStoredHook(new JsonObject { ["label"] = "Hub", ["url"] = "https://hub.example.org/" }, "admin"));
        _host.Visible = (user, record) => user.Name == "boss";
        var answer = await CheckAsync($"/{Assert.IsType<StoreResult.Stored>(made).Hook.Id:D}/check", form, "boss");
        Assert.Contains("admin, whose subscription it is, may not see this record", answer["preview"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_of_Contensis_are_starred_where_they_are_secret()
    {
        var html = await PreviewAsync(new()
        {
            ["label"] = "CMS", ["url"] = "https://cms.example.org/", ["enabled"] = "true", ["topics"] = """[{ "resourceType": "entry" }]""",
            ["headers"] = """{ "X-Plain": "open to all", "X-Hidden": { "value": "planted", "secret": true } }""",
        }, "contensis");
        Assert.Contains("X-Plain: open to all", html, StringComparison.Ordinal);
        Assert.Contains("X-Hidden: ***", html, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_preview_speaks_French() => Assert.Contains(
        "Il n’y a pas de fiche 4711",
        (await CheckAsync("/new/check?dialect=standard", new() { ["label"] = "Hub", ["url"] = "https://hub.example.org/", ["enabled"] = "true", ["try.record"] = "4711" }, "chef"))["preview"]!.ToString(),
        StringComparison.Ordinal);

    [Fact]
    public async Task Every_hint_of_every_dialect_has_its_French_words()
    {
        foreach (var dialect in new[] { "standard", "cloudevents", "docuteam", "ckan", "contensis", "phraseanet" })
        {
            var (english, french) = (Hints(await GetAsync($"{Root}/new?dialect={dialect}", "admin")), Hints(await GetAsync($"{Root}/new?dialect={dialect}", "chef")));
            Assert.Equal(english.Count, french.Count);
            Assert.Empty(english.Intersect(french));
        }
    }

    private static List<string> Hints(string html) =>
        [.. System.Text.RegularExpressions.Regex.Matches(html, "<p class=\"hint\"[^>]*>(.*?)</p>", System.Text.RegularExpressions.RegexOptions.Singleline).Select(match => match.Groups[1].Value.Trim()).Where(text => text.Length > 0)];

    private static string HeaderIn(string text, string name)
    {
        var start = text.IndexOf(name + ": ", StringComparison.Ordinal) + name.Length + 2;
        return text[start..text.IndexOfAny(['\n', '<'], start)];
    }

    private Task<string> PreviewAsync(Dictionary<string, string> form, params (string Key, string Value)[] changes)
    {
        var changed = new Dictionary<string, string>(form);
        foreach (var (key, value) in changes)
            changed[key] = value;
        return PreviewAsync(changed, "standard");
    }

    private async Task<string> PreviewAsync(Dictionary<string, string> form, string dialect)
    {
        var answer = await CheckAsync($"/new/check?dialect={dialect}", form);
        Assert.Equal("[]", answer["faults"]!.ToJsonString());
        return WebUtility.HtmlDecode(answer["preview"]!.ToString());
    }

    private async Task<JsonNode> CheckAsync(string path, Dictionary<string, string> form, string user = "admin")
    {
        using var answer = await SendAsync(Root + path, form, user);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private async Task<string> GetAsync(string path, string user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-User", user);
        using var answer = await _plugin.Client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(string path, Dictionary<string, string> form, string user = "admin")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Add("X-User", user);
        return await _plugin.Client.SendAsync(request);
    }
}
