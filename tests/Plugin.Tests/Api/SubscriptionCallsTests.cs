using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.Tests.Deliver;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Api;

/// <summary>Subscriptions made, read, changed and deleted by calls, in their dialect's own words.</summary>
public sealed class SubscriptionCallsTests : IAsyncLifetime
{
    private const string Root = "/api/webhooks/subscriptions";
    private const string Docuteam = """
        // As docuteam's form asks for it.
        {
          "Label": "Feeder", "dialect": "docuteam", "Target URL": "https://feeder:passw0rd@feeder.example.org/events?tenant=planted-in-the-url", "Token": "planted-token",
          "Operation": "Insert object (API)", "headers": { "X-Site": "planted-header" },
          "Additional metadata": [{ "Field label": "title", "Predicate": "title", "Include previous values": true }],
        }
        """;

    private readonly TestFolder _folder = new();
    private readonly MemoryChangeLog _log = new();
    private Receiver _receiver = null!;
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync(TimeProvider.System);
        var host = new TestHost { Changes = _log };
        host.Users["other"] = TestHost.User("other", "admin", "editor", "viewer");
        host.Users["boss"] = TestHost.User("boss", "sysadmin", "admin", "editor", "viewer");
        _folder.With($$"""{ "hooks": [{ "label": "Filed", "url": "{{_receiver.Url}}/filed" }], "network": { "allow": ["127.0.0.0/8"] }, "delivery": { "gatherMilliseconds": 0 } }""");
        _plugin = await TestPlugin.StartAsync(_folder, host);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_made_is_in_force_and_its_secret_is_shown_this_once()
    {
        using var made = await SendAsync(HttpMethod.Post, Root, $$"""{ "label": "Mine", "url": "{{_receiver.Url}}/mine", "events": ["record.*"] }""");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.True(made.Headers.CacheControl!.NoStore);
        var view = await JsonAsync(made);
        Assert.StartsWith("whsec_", view["secret"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(("stored", "admin", 1, "active"), (Text(view, "source"), Text(view, "owner"), view["version"]!.GetValue<int>(), Text(view, "state")));
        _log.Append();
        await _receiver.WaitAsync(2);
        Assert.Equal(["/filed", "/mine"], _receiver.All.Select(each => each.Path).Order());

        using var read = await SendAsync(HttpMethod.Get, made.Headers.Location!.ToString());
        Assert.Equal("\"1\"", read.Headers.ETag!.Tag);
        var again = await JsonAsync(read);
        Assert.Null(again["secret"]);
        Assert.Equal("Mine", Text(again["settings"]!, "label"));
        // Its number, its key and its id are its names.
        foreach (var name in new[] { Text(again, "key"), Text(again, "storedId") })
            Assert.Equal(again["id"]!.GetValue<long>(), (await JsonAsync(await SendAsync(HttpMethod.Get, $"{Root}/{name}")))["id"]!.GetValue<long>());
    }

    [Fact]
    public async Task Secrets_never_come_back_and_what_comes_back_with_stars_stays_what_it_was()
    {
        using var made = await SendAsync(HttpMethod.Post, Root, Docuteam);
        var url = made.Headers.Location!.ToString();
        var text = await made.Content.ReadAsStringAsync() + await TextAsync(url) + await TextAsync(Root);
        foreach (var secret in new[] { "passw0rd", "planted-in-the-url", "planted-token", "planted-header" })
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        var settings = JsonNode.Parse(await TextAsync(url))!["settings"]!.AsObject();
        Assert.Equal("***", Text(settings, "Token"));
        Assert.Equal("https://***@feeder.example.org/events?tenant=***", Text(settings, "Target URL"));

        settings["Label"] = "Renamed";
        settings["Token"] = "another-token";
        using var saved = await SendAsync(HttpMethod.Put, url, settings.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        var stored = Assert.Single(_plugin.Get<StoredHooks>().All).Settings;
        Assert.Equal("https://feeder:passw0rd@feeder.example.org/events?tenant=planted-in-the-url", Text(stored, "Target URL"));
        Assert.Equal(("Renamed", "another-token", "planted-header"), (Text(stored, "Label"), Text(stored, "Token"), Text(stored["headers"]!, "X-Site")));
        Assert.Equal("another-token", Assert.Single(_plugin.Settings.Current.Hooks, hook => hook.Dialect == "docuteam").Rules.Headers[0].Value);
    }

    [Fact]
    public async Task Stars_where_nothing_is_stored_are_refused()
    {
        using var made = await SendAsync(HttpMethod.Post, Root, """{ "label": "A", "url": "https://a.example.org/", "headers": { "X-A": "***" } }""");
        Assert.Equal("headers.X-A", Text((await JsonAsync(made))["faults"]![0]!, "place"));
    }

    [Fact]
    public async Task An_address_of_another_server_asks_for_what_is_secret_again()
    {
        using var made = await SendAsync(HttpMethod.Post, Root, """{ "label": "A", "url": "https://a.example.org/", "headers": { "X-A": "one-secret" } }""");
        var url = made.Headers.Location!.ToString();
        using var refused = await SendAsync(HttpMethod.Patch, url, """{ "url": "https://b.example.org/" }""");
        Assert.Equal("headers.X-A", Text((await JsonAsync(refused))["faults"]![0]!, "place"));
        using var saved = await SendAsync(HttpMethod.Patch, url, """{ "url": "https://b.example.org/", "headers": { "X-A": "two-secret" } }""");
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_removes_what_is_null()
    {
        using var made = await SendAsync(HttpMethod.Post, Root, """{ "label": "A", "url": "https://a.example.org/", "headers": { "X-A": "one-secret", "X-B": "two-secret" }, "enabled": true, "order": "strict" }""");
        var url = made.Headers.Location!.ToString();
        using var saved = await SendAsync(HttpMethod.Patch, url, """{ "LABEL": "B", "headers": { "X-B": null, "X-C": "three-secret" }, "order": null }""");
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        Assert.Equal("\"2\"", saved.Headers.ETag!.Tag);
        Assert.Equal(
            """{"label":"B","url":"https://a.example.org/","headers":{"X-A":"one-secret","X-C":"three-secret"},"enabled":true}""",
            Assert.Single(_plugin.Get<StoredHooks>().All).Settings.ToJsonString());
    }

    [Fact]
    public async Task Of_two_who_edit_the_second_is_told_and_deletes_nothing()
    {
        using var made = await SendAsync(HttpMethod.Post, Root, """{ "label": "A", "url": "https://a.example.org/" }""");
        var url = made.Headers.Location!.ToString();
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Patch, url, """{ "label": "B" }""", match: "\"1\"")).StatusCode);
        using var late = await SendAsync(HttpMethod.Patch, url, """{ "label": "C" }""", match: "\"1\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        Assert.Equal("\"2\"", late.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Delete, url, match: "\"1\"")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Delete, url, match: "1")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, url, match: "\"2\"")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, url)).StatusCode);
    }

    [Fact]
    public async Task Faults_come_all_at_once_with_place_and_remedy_and_nothing_is_stored()
    {
        using var answer = await SendAsync(HttpMethod.Post, Root, """{ "label": "A", "dialect": "docuteam", "operation": "burn", "additionalMetadata": [{ "fieldLabel": "pid", "predicate": "tilte" }], "key": "mine" }""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var faults = (await JsonAsync(answer))["faults"]!.AsArray();
        Assert.Equal(
            ["additionalMetadata[0].fieldLabel", "additionalMetadata[0].predicate", "key", "operation", "url"],
            faults.Select(fault => Text(fault!, "place")).Order(StringComparer.Ordinal));
        Assert.All(faults, fault => Assert.NotEmpty(Text(fault!, "remedy")));
        Assert.Empty(_plugin.Get<StoredHooks>().All);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, Root, "[1]")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, Root, "{ \"label\"")).StatusCode);
    }

    [Fact]
    public async Task Those_of_the_file_are_read_here_and_changed_there()
    {
        var view = JsonNode.Parse(await TextAsync($"{Root}/filed"))!;
        Assert.Equal("config.json", Text(view, "source"));
        foreach (var (method, body) in new[] { (HttpMethod.Put, "{}"), (HttpMethod.Patch, "{}"), (HttpMethod.Delete, null) })
        {
            using var answer = await SendAsync(method, $"{Root}/filed", body);
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Contains("config.json", Text(await JsonAsync(answer), "detail"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Administrators_have_their_own_and_a_sysadmin_all()
    {
        using var made = await SendAsync(HttpMethod.Post, Root, $$"""{ "label": "Mine", "url": "{{_receiver.Url}}/mine" }""");
        var url = made.Headers.Location!.ToString();
        _log.Append();
        await _receiver.WaitAsync(2);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Post, Root, "{}", user: "editor")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Post, Root, "{}", user: "")).StatusCode);
        var hidden = new List<(HttpMethod, string)>
        {
            (HttpMethod.Get, url), (HttpMethod.Patch, url), (HttpMethod.Delete, url), (HttpMethod.Post, url + "/pause"), (HttpMethod.Post, url + "/rotate-secret"),
            (HttpMethod.Post, url + "/replay"), (HttpMethod.Get, $"/api/webhooks/deliveries?subscription={url.Split('/')[^1]}"),
        };
        foreach (var (method, path) in hidden)
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(method, path, method == HttpMethod.Get ? null : "{}", user: "other")).StatusCode);
        Assert.Equal(["filed"], await KeysAsync("other"));
        Assert.Equal(2, (await KeysAsync("boss")).Count);
        Assert.Equal(2, (await KeysAsync("admin")).Count);
        Assert.DoesNotContain("stored-", await TextAsync("/api/webhooks/deliveries", "other"), StringComparison.Ordinal);
        Assert.Contains("stored-", await TextAsync("/api/webhooks/deliveries"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Patch, url, """{ "label": "Yours" }""", user: "boss")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, url, user: "boss")).StatusCode);
        Assert.Equal(["filed"], await KeysAsync("admin"));
    }

    private async Task<IReadOnlyList<string>> KeysAsync(string user) =>
        [.. JsonNode.Parse(await TextAsync(Root, user))!["subscriptions"]!.AsArray().Select(each => Text(each!, "key"))];

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string user = "admin", string? match = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (user.Length > 0)
            request.Headers.Add("X-User", user);
        if (match is not null)
            request.Headers.TryAddWithoutValidation("If-Match", match);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _plugin.Client.SendAsync(request);
    }

    private async Task<string> TextAsync(string path, string user = "admin") => await (await SendAsync(HttpMethod.Get, path, user: user)).Content.ReadAsStringAsync();

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

    private static string Text(JsonNode node, string key) => node[key]!.GetValue<string>();
}
