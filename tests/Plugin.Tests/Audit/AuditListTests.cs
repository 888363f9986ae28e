using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;
using Plugin.Tests.Deliver;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Audit;

/// <summary>Who did what stands in the audit list, for those who may read it, and without secrets.</summary>
public sealed class AuditListTests : IAsyncLifetime
{
    private const string Root = "/api/webhooks";
    private const string Page = "/plugins/ApiWebhooks/audit";

    private readonly TestFolder _folder = new();
    private readonly MemoryChangeLog _log = new();
    private readonly TestHost _host;
    private Receiver _receiver = null!;
    private TestPlugin _plugin = null!;

    public AuditListTests() => _host = new TestHost { Changes = _log };

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync(TimeProvider.System);
        _host.Users["other"] = TestHost.User("other", "admin", "editor", "viewer");
        _host.Users["boss"] = TestHost.User("boss", "sysadmin", "admin", "editor", "viewer");
        _host.Users["cookie"] = TestHost.User("cookie", "admin", "editor", "viewer");
        _host.Users["chef"] = TestHost.User("chef", "sysadmin", "admin", "editor", "viewer") with { Language = "fr" };
        _folder.With($$"""{ "hooks": [{ "label": "Filed", "url": "{{_receiver.Url}}/filed" }], "network": { "allow": ["127.0.0.0/8"] }, "delivery": { "gatherMilliseconds": 0 } }""");
        _plugin = await TestPlugin.StartAsync(_folder, _host);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_administrative_call_stands_in_it_with_who_what_and_whose()
    {
        var mine = await MakeAsync("admin", "Mine");
        await CallAsync("admin", HttpMethod.Patch, mine, """{ "label": "Renamed", "events": ["record.*"] }""");
        foreach (var act in (string[])["pause", "resume", "rotate-secret", "test"])
            await CallAsync("boss", HttpMethod.Post, $"{mine}/{act}");
        _log.Append();
        await _receiver.WaitAsync(3);
        var delivery = await UntilDeliveredAsync();
        await CallAsync("admin", HttpMethod.Post, $"{Root}/deliveries/{delivery}/resend");
        await CallAsync("admin", HttpMethod.Post, $"{mine}/replay", """{ "which": "all", "dryRun": true }""");
        await CallAsync("admin", HttpMethod.Post, $"{Root}/buttons/import", """{ "text": "$api_webhooks_urls = array();" }""");
        await CallAsync("boss", HttpMethod.Delete, mine);

        var entries = await ReadAsync("boss");
        Assert.Equal(
            [
                "admin subscription.create Mine of admin", "admin subscription.change Renamed of admin", "boss subscription.pause Renamed of admin",
                "boss subscription.resume Renamed of admin", "boss subscription.rotate-secret Renamed of admin", "boss subscription.test Renamed of admin",
                "admin delivery.resend Renamed of admin", "admin replay.start Renamed of admin", "admin buttons.import - of -", "boss subscription.delete Renamed of admin",
            ],
            entries.Select(each => $"{each["user"]} {each["act"]} {each["label"]?.ToString() ?? "-"} of {each["owner"]?.ToString() ?? "-"}"));
        Assert.Equal(
            [
                $"standard, to {_receiver.Url}", "label, events", null, "what is held is sent", null, "record.inserted, Succeeded", null, "all, counted only", "0 of ResourceSpace", null,
            ],
            entries.Select(each => each["detail"]?.ToString()));
        Assert.All(entries, each => Assert.Equal(each["user"]!.ToString(), each["key"]!.ToString()));
        Assert.StartsWith("subscription stored-", entries[0]["subject"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal($"delivery {delivery}", entries[6]["subject"]!.ToString());
        Assert.Equal("replay 1", entries[7]["subject"]!.ToString());
    }

    [Fact]
    public async Task The_doors_of_other_systems_and_applications_stand_in_it_too()
    {
        const string Ckan = "/api/3/action/";
        var id = JsonNode.Parse(await CallAsync("admin", HttpMethod.Post, Ckan + "webhook_create", """{ "address": "https://a.example.org/in", "topic": "dataset/create" }"""))!["result"]!.ToString();
        await CallAsync("admin", HttpMethod.Post, Ckan + "webhook_list", "{}");
        await CallAsync("admin", HttpMethod.Post, Ckan + "webhook_update", $$"""{ "id": "{{id}}", "topic": "dataset/delete" }""");
        await CallAsync("admin", HttpMethod.Post, Ckan + "webhook_delete", $$"""{ "id": "{{id}}" }""");

        const string Contensis = "/api/management/projects/website/events/webhooks/subscriptions";
        var made = JsonNode.Parse(await CallAsync("admin", HttpMethod.Post, Contensis, """{ "name": "Site", "url": "https://b.example.org/", "topics": [{ "resourceType": "entry" }] }"""))!;
        await CallAsync("admin", HttpMethod.Delete, $"{Contensis}/{made["id"]}");

        await CallAsync("editor", HttpMethod.Post, "/developers/application", """{ "name": "App", "type": "web", "callback": "https://c.example.org/back" }""");
        await CallAsync("editor", HttpMethod.Post, "/developers/application/1/webhook", """{ "webhook": "https://c.example.org/in" }""");
        await CallAsync("editor", HttpMethod.Delete, "/developers/application/1");

        Assert.Equal(
            [
                "admin subscription.create dataset/create to a.example.org", "admin subscription.change dataset/delete to a.example.org", "admin subscription.delete dataset/delete to a.example.org",
                "admin subscription.create Site", "admin subscription.delete Site",
                "editor application.create App", "editor subscription.change App", "editor application.delete App",
            ],
            (await ReadAsync("boss")).Select(each => $"{each["user"]} {each["act"]} {each["label"]}"));
    }

    [Fact]
    public async Task Pages_are_told_apart_from_keys_and_what_was_refused_stands_nowhere()
    {
        using var form = await SendAsync("cookie", HttpMethod.Get, "/plugins/ApiWebhooks/subscriptions/new?dialect=standard");
        using var posted = await PostFormAsync("cookie", "/plugins/ApiWebhooks/subscriptions/new?dialect=standard", form, [new("label", "By page"), new("url", "https://a.example.org/")]);
        Assert.Equal(HttpStatusCode.SeeOther, posted.StatusCode);
        // Shown again with one more row, refused for its fields, without a token.
        using var rows = await PostFormAsync("cookie", "/plugins/ApiWebhooks/subscriptions/new?dialect=standard", form, [new("do", "rows")]);
        using var faulty = await PostFormAsync("cookie", "/plugins/ApiWebhooks/subscriptions/new?dialect=standard", form, [new("label", "x"), new("url", "nowhere")]);
        using var forged = await SendAsync("cookie", HttpMethod.Post, $"{Root}/subscriptions", """{ "label": "x", "url": "https://a.example.org/" }""");
        using var wrong = await SendAsync("admin", HttpMethod.Post, $"{Root}/subscriptions", """{ "label": "x" }""");
        using var viewer = await SendAsync("viewer", HttpMethod.Post, $"{Root}/subscriptions", """{ "label": "x", "url": "https://a.example.org/" }""");
        Assert.Equal([200, 422, 400, 422, 403], [(int)rows.StatusCode, (int)faulty.StatusCode, (int)forged.StatusCode, (int)wrong.StatusCode, (int)viewer.StatusCode]);
        var entry = Assert.Single(await ReadAsync("boss"));
        Assert.Equal(("cookie", "subscription.create", "By page", null), (entry["user"]!.ToString(), entry["act"]!.ToString(), entry["label"]!.ToString(), entry["key"]?.ToString()));
    }

    [Fact]
    public async Task Administrators_read_what_they_did_and_what_was_done_to_their_own_and_others_nothing()
    {
        await MakeAsync("admin", "Of admin");
        var others = await MakeAsync("other", "Of other");
        await CallAsync("boss", HttpMethod.Delete, others);
        await CallAsync("boss", HttpMethod.Post, $"{Root}/subscriptions/filed/pause");

        Assert.Equal(["Of admin", "Of other", "Of other", "Filed"], (await ReadAsync("boss")).Select(each => each["label"]!.ToString()));
        Assert.Equal(["Of admin"], (await ReadAsync("admin")).Select(each => each["label"]!.ToString()));
        // Its owner reads who deleted it.
        Assert.Equal(["other subscription.create", "boss subscription.delete"], (await ReadAsync("other")).Select(each => $"{each["user"]} {each["act"]}"));
        Assert.DoesNotContain("Of other", await TextAsync("admin", Page), StringComparison.Ordinal);
        Assert.DoesNotContain("boss", await TextAsync("admin", Page), StringComparison.Ordinal);
        Assert.Contains("Of other", await TextAsync("boss", Page), StringComparison.Ordinal);
        foreach (var path in (string[])[Page, $"{Root}/audit"])
        {
            using var asViewer = await SendAsync("editor", HttpMethod.Get, path);
            using var asNobody = await SendAsync(null, HttpMethod.Get, path);
            Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized), (asViewer.StatusCode, asNobody.StatusCode));
        }
    }

    [Fact]
    public async Task Lists_are_filtered_and_paged_in_both_directions()
    {
        var log = _plugin.Get<AuditLog>();
        for (var i = 0; i < 120; i++)
            await log.WriteAsync(_host.Users[i % 3 == 0 ? "boss" : "admin"], i % 2 == 0 ? Acts.PauseSubscription : Acts.ResumeSubscription, AuditSubject.Subscription($"k{i}", $"Label {i}", "admin"), $"number {i}");
        // Calls: oldest first.
        var (seen, after) = (new List<string>(), "");
        do
        {
            var page = JsonNode.Parse(await TextAsync("boss", $"{Root}/audit?limit=50{after}"))!;
            seen.AddRange(page["entries"]!.AsArray().Select(each => each!["label"]!.ToString()));
            after = page["next"] is { } next ? $"&after={next}" : "";
        }
        while (after.Length > 0);
        Assert.Equal(Enumerable.Range(0, 120).Select(i => $"Label {i}"), seen);
        Assert.Equal(["Label 60"], (await ReadAsync("boss", "?user=BOSS&act=subscription.pause&text=NUMBER+60")).Select(each => each["label"]!.ToString()));
        // The page: newest first.
        var html = await TextAsync("chef", Page);
        Assert.Contains("Label 119<", html, StringComparison.Ordinal);
        Assert.Contains("Label 70<", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Label 69<", html, StringComparison.Ordinal);
        Assert.Contains("Abonnement suspendu", html, StringComparison.Ordinal);
        var older = WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(html, "href=\"([^\"]*before=[^\"]*)\"").Groups[1].Value);
        html = await TextAsync("chef", older);
        Assert.Contains("Label 69<", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Label 70<", html, StringComparison.Ordinal);
        Assert.Contains("No entry matches", await TextAsync("boss", Page + "?text=nowhere"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_down_fails_nothing_and_stands_in_the_log()
    {
        var database = TestDatabase.Open(Path.Combine(_folder.Data, "closed.db"));
        await database.DisposeAsync();
        using var factory = new Microsoft.Extensions.Logging.LoggerFactory([_host.Log]);
        await new AuditLog(database, TimeProvider.System, Microsoft.Extensions.Logging.LoggerFactoryExtensions.CreateLogger<AuditLog>(factory))
            .WriteAsync(_host.Users["admin"], Acts.PauseSubscription, AuditSubject.Subscription("k", "K", "admin"), null);
        Assert.Contains(_host.Log.Entries, entry => entry.Message.Contains("The audit list does not have what admin did: subscription.pause of subscription k", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Long_texts_are_cut()
    {
        await _plugin.Get<AuditLog>().WriteAsync(_host.Users["admin"], Acts.PauseSubscription, AuditSubject.Subscription("k", new string('x', 198) + "😀😀", "admin"), new string('y', 9999));
        var entry = Assert.Single(await ReadAsync("boss"));
        Assert.Equal(new string('x', 198) + "…", entry["label"]!.ToString());
        Assert.Equal(500, entry["detail"]!.ToString().Length);
    }

    [Fact]
    public async Task An_endpoint_that_says_nothing_is_written_down_by_its_path_and_before_its_answer_leaves()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        await using var app = builder.Build();
        var watched = new Auditing(_plugin.Get<AuditLog>(), _host).Watch(app);
        IReadOnlyList<AuditEntry> atAnswer = [];
        watched.MapPost("/forgotten/{id}", async context =>
        {
            await context.Response.WriteAsync("done");
            atAnswer = _plugin.Get<AuditLog>().Read(new AuditQuery { Limit = 10 });
        });
        watched.MapPost("/refused", context =>
        {
            context.Response.StatusCode = 409;
            return Task.CompletedTask;
        });
        watched.MapGet("/read", context => Task.CompletedTask);
        await app.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Add("X-User", "admin");
        foreach (var path in (string[])["/refused", "/forgotten/7"])
            (await client.PostAsync(path, null)).Dispose();
        (await client.GetAsync("/read")).Dispose();
        Assert.Equal(["POST /forgotten/{id} 7"], atAnswer.Select(each => $"{each.Act} {each.Subject.Name}"));
        Assert.Single(await ReadAsync("boss"));
    }

    private async Task<string> MakeAsync(string user, string label)
    {
        using var made = await SendAsync(user, HttpMethod.Post, $"{Root}/subscriptions", $$"""{ "label": "{{label}}", "url": "{{_receiver.Url}}/in?token=planted" }""");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return made.Headers.Location!.ToString();
    }

    private async Task<long> UntilDeliveredAsync()
    {
        for (var tries = 0; tries < 500; tries++)
        {
            var delivered = JsonNode.Parse(await TextAsync("boss", $"{Root}/deliveries?state=delivered"))!["deliveries"]!.AsArray();
            if (delivered.FirstOrDefault(each => each!["subscription"]!.ToString().StartsWith("stored-", StringComparison.Ordinal)) is { } found)
                return found["id"]!.GetValue<long>();
        }
        throw new InvalidOperationException("It was not delivered.");
    }

    private async Task<List<JsonNode>> ReadAsync(string user, string query = "")
    {
        var text = await TextAsync(user, $"{Root}/audit{query}");
        Assert.DoesNotContain("planted", text, StringComparison.Ordinal);
        return [.. JsonNode.Parse(text)!["entries"]!.AsArray().Select(each => each!)];
    }

    private async Task<string> TextAsync(string user, string path) => await CallAsync(user, HttpMethod.Get, path);

    private async Task<string> CallAsync(string user, HttpMethod method, string path, string? body = null)
    {
        using var answer = await SendAsync(user, method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text;
    }

    private async Task<HttpResponseMessage> SendAsync(string? user, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (user is not null)
            request.Headers.Add("X-User", user);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _plugin.Client.SendAsync(request);
    }

    private async Task<HttpResponseMessage> PostFormAsync(string user, string path, HttpResponseMessage shown, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var html = await shown.Content.ReadAsStringAsync();
        var token = System.Text.RegularExpressions.Regex.Match(html, "name=\"(__RequestVerificationToken)\" value=\"([^\"]+)\"");
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("X-User", user);
        request.Headers.Add("Cookie", shown.Headers.GetValues("Set-Cookie").Select(each => each.Split(';')[0]));
        request.Content = new FormUrlEncodedContent([.. fields, new(token.Groups[1].Value, token.Groups[2].Value)]);
        return await _plugin.Client.SendAsync(request);
    }
}
