using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plugin.Tests.Deliver;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Security;

/// <summary>An endpoint with one of its methods.</summary>
internal sealed record Call(string Method, string Route)
{
    public override string ToString() => $"{Method} {Route}";
}

/// <summary>
/// Every endpoint of the plugin, found where they are mapped, and somebody who owns a subscription with a delivery and a replay, an application, and a press: whatever an
/// address names is there.
/// </summary>
internal sealed class EveryEndpoint : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly MemoryChangeLog _log = new();
    private readonly Dictionary<string, string> _subscription = [];
    private Receiver _receiver = null!;

    public TestHost Host { get; private set; } = null!;

    public TestPlugin Plugin { get; private set; } = null!;

    /// <summary>The label of what is the owner's alone.</summary>
    public const string Label = "Belongs to the owner alone";

    public IReadOnlyList<Call> All => [.. Plugin.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(method => new Call(method, endpoint.RoutePattern.RawText!)))
        // What deletes comes last.
        .OrderBy(Deletes).ThenBy(call => call.Route, StringComparer.Ordinal)];

    public static async Task<EveryEndpoint> StartAsync()
    {
        var every = new EveryEndpoint();
        every._receiver = await Receiver.StartAsync(TimeProvider.System);
        every.Host = new TestHost { Changes = every._log };
        foreach (var name in (string[])["owner", "other", "cookie"])
            every.Host.Users[name] = TestHost.User(name, "admin", "editor", "viewer");
        every.Host.Users["boss"] = TestHost.User("boss", "sysadmin", "admin", "editor", "viewer");
        every._folder.With("""{ "hooks": [], "network": { "allow": ["127.0.0.0/8"] }, "delivery": { "gatherMilliseconds": 0 } }""");
        every.Plugin = await TestPlugin.StartAsync(every._folder, every.Host);
        await every.FillAsync();
        return every;
    }

    public static bool Deletes(Call call) => call.Method == "DELETE" || call.Route.EndsWith("/delete", StringComparison.Ordinal);

    /// <summary>Makes what addresses name, again after it was deleted.</summary>
    public async Task FillAsync()
    {
        var made = await JsonAsync("owner", "POST", "/api/webhooks/subscriptions", $$"""{ "label": "{{Label}}", "dialect": "contensis", "url": "{{_receiver.Url}}/in", "topics": [{ "resourceType": "entry" }] }""");
        _subscription["id"] = made["storedId"]!.ToString();
        var number = made["id"]!.ToString();
        _log.Append();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        JsonArray delivered;
        while ((delivered = (await JsonAsync("owner", "GET", $"/api/webhooks/deliveries?subscription={number}&state=delivered"))["deliveries"]!.AsArray()).Count == 0)
            await timer.WaitForNextTickAsync(patience.Token);
        _subscription["delivery"] = delivered[0]!["id"]!.ToString();
        _subscription["replay"] = (await JsonAsync("owner", "POST", $"/api/webhooks/subscriptions/{number}/replay", """{ "which": "all", "dryRun": true }"""))["id"]!.ToString();
        _subscription["application"] = (await JsonAsync("owner", "POST", "/developers/application", $$"""{ "name": "{{Label}}", "type": "web", "callback": "https://a.example.org/back" }"""))["application"]!["id"]!.ToString();
    }

    /// <summary>Calls, with nothing sensible in the body.</summary>
    public async Task<HttpResponseMessage> SendAsync(Call call, string? user, bool asForm = false)
    {
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), PathOf(call.Route));
        if (user is not null)
            request.Headers.Add("X-User", user);
        if (call.Method is not ("GET" or "HEAD"))
            request.Content = asForm ? new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded") : new StringContent("{}", Encoding.UTF8, "application/json");
        // An answer that goes on and on is judged by its beginning.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await Plugin.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
    }

    public string PathOf(string route)
    {
        var id = route.Contains("/deliveries/", StringComparison.Ordinal) ? _subscription["delivery"]
            : route.Contains("/replays/", StringComparison.Ordinal) ? _subscription["replay"]
            : route.Contains("/developers/", StringComparison.Ordinal) ? _subscription["application"]
            : _subscription["id"];
        var path = route
            .Replace("{project}", "website", StringComparison.Ordinal).Replace("{dialect}/{**name}", "standard/record.inserted", StringComparison.Ordinal)
            .Replace("{dialect}/{name}", "standard/record.inserted", StringComparison.Ordinal)
            .Replace("actions/{action}", "actions/view", StringComparison.Ordinal).Replace("{action}", "webhook_list", StringComparison.Ordinal).Replace("{name}", "webhooks.css", StringComparison.Ordinal);
        return System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]+\}", id);
    }

    public async Task<JsonNode> JsonAsync(string user, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-User", user);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Plugin.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    public async ValueTask DisposeAsync()
    {
        await Plugin.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }
}
