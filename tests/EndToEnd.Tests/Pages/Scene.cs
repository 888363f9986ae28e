using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EndToEnd.Tests.Browsing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Tests.Pages;

/// <summary>
/// The host as a process, with the demo and a plugin that has something to show: subscriptions of all dialects, receivers that work, fail, refuse and are not there, a
/// press, a replay, an application, and people who did things.
/// </summary>
public class Scene : IAsyncLifetime
{
    private const string Api = "/api/webhooks";

    private readonly Dictionary<string, string> _names = [];
    private WebApplication? _receivers;
    private HostProcess? _host;
    private HttpClient? _client;

    public Uri BaseUri => _host!.BaseUri;

    /// <summary>Cookies of somebody who is signed in as system administrator.</summary>
    public string Session { get; private set; } = "";

    /// <summary>What stands behind every name that somebody gave to something.</summary>
    protected virtual string Suffix => "";

    private Browser Window { get; } = new();

    /// <summary>The address of a page, with what the scene made in place of names in braces.</summary>
    public string PathOf(PluginPage page) => _names.Aggregate(page.Path, (path, name) => path.Replace($"{{{name.Key}}}", name.Value, StringComparison.Ordinal));

    /// <summary>The address of a mapped route, with what the scene made in place of what it has in braces.</summary>
    public string PathOfRoute(string route)
    {
        var name = route.Contains("/deliveries/", StringComparison.Ordinal) ? "delivery" : route.Contains("/replays/", StringComparison.Ordinal) ? "replay"
            : route.Contains("/records/", StringComparison.Ordinal) ? "record" : "stored";
        return System.Text.RegularExpressions.Regex.Replace(route.Replace("{name}", "webhooks.css", StringComparison.Ordinal), @"\{[^}]+\}", _names[name]);
    }

    public async Task InitializeAsync()
    {
        if (InstalledBrowser.Path is null)
            return;
        var address = await StartReceiversAsync();
        _host = await HostProcess.StartAsync(new HostProcessOptions { Config = ConfigWith(address) });
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = BaseUri };
        await Window.InitializeAsync();
        await FillAsync(address);
        await PressAsync();
    }

    /// <summary>Opens a window in which the system administrator is signed in.</summary>
    public async Task<IPage> OpenAsync(Browser browser, Action<BrowserNewContextOptions>? configure = null) =>
        await browser.OpenAsync(BaseUri, options =>
        {
            options.StorageState = Session;
            configure?.Invoke(options);
        });

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        await Window.DisposeAsync();
        if (_host is not null)
            await _host.DisposeAsync();
        if (_receivers is not null)
            await _receivers.DisposeAsync();
    }

    private async Task<Uri> StartReceiversAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _receivers = builder.Build();
        _receivers.MapPost("/good", () => Results.NoContent());
        _receivers.MapPost("/broken", () => Results.Content($"<h1>Out of order</h1><p>The shelf is empty.</p>{Suffix}", "text/html", Encoding.UTF8, 500));
        _receivers.MapPost("/refuses", () => Results.Json(new { message = $"The token is not known.{Suffix}" }, statusCode: 403));
        _receivers.MapPost("/gone", () => Results.StatusCode(410));
        await _receivers.StartAsync();
        return new Uri(_receivers.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    // The demo's own configuration, with more hooks.
    private string ConfigWith(Uri receivers)
    {
        var example = File.ReadAllText(Path.Combine(HostProcess.Repository, "config.example.json"));
        var config = JsonNode.Parse(example, documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
        var root = receivers.ToString().TrimEnd('/');
        foreach (var hook in (string[])
            [
                $$"""{ "label": "Web shop", "key": "web-shop", "url": "{{root}}/broken?token=secret-of-the-shop", "events": ["record.*"], "headers": { "X-Shop": "secret-of-the-shop" } }""",
                $$"""{ "label": "Harvester", "key": "harvester", "dialect": "ckan", "url": "{{root}}/good", "topic": "dataset/create" }""",
                $$"""{ "label": "Event bus", "dialect": "cloudevents", "url": "{{root}}/good", "signing": "both" }""",
                $$"""{ "label": "Old portal", "url": "{{root}}/gone" }""",
                $$"""{ "label": "Printer’s desk, with quite a long name that has to be broken somewhere", "url": "http://127.0.0.1:1/nobody-is-there", "order": "record" }""",
                $$"""{ "label": "Newsletter", "dialect": "phraseanet", "url": "{{root}}/refuses" }""",
            ])
        {
            var added = JsonNode.Parse(hook)!;
            added["label"] = added["label"] + Suffix;
            config["hooks"]!.AsArray().Add(added);
        }
        foreach (var button in config["buttons"]!.AsArray())
            button!["buttontext"] = button["buttontext"]!.ToString().Replace("~fr:", Suffix + "~fr:", StringComparison.Ordinal);
        config["network"]!["allow"]!.AsArray().Add("127.0.0.0/8");
        return config.ToJsonString();
    }

    private async Task FillAsync(Uri receivers)
    {
        var stored = await CallAsync(HttpMethod.Post, $"{Api}/subscriptions", $$"""{ "label": {{Named("Website")}}, "dialect": "contensis", "url": "{{receivers}}good", "topics": [{ "resourceType": "entry" }] }""");
        _names["stored"] = stored["storedId"]?.ToString() ?? stored["id"]!.ToString();
        await CallAsync(HttpMethod.Post, $"{Api}/subscriptions/{_names["stored"]}/pause");
        await CallAsync(HttpMethod.Post, $"{Api}/subscriptions/{_names["stored"]}/resume");
        var application = await CallAsync(HttpMethod.Post, "/developers/application", $$"""{ "name": {{Named("Picture frame")}}, "description": {{Named("Shows new pictures.")}}, "type": "web", "callback": "https://app.example.org/back" }""");
        _names["application"] = application["application"]!["id"]!.ToString();
        _names["client"] = application["application"]!["client_id"]?.ToString() ?? application["application"]!["clientId"]!.ToString();
        for (var i = 1; i <= 12; i++)
        {
            var record = await CallAsync(HttpMethod.Post, "/api/records", $$"""{ "title": {{Named($"Jug no. {i}, <b>glazed</b>")}}, "fields": { "location": ["Bern"] } }""");
            _names["record"] = record["id"]!.ToString();
        }
        await CallAsync(HttpMethod.Patch, $"/api/records/{_names["record"]}", """{ "fields": { "cmsid": ["CM-1042"] } }""");
        // Delivered, waiting and refused: then there is something of each to be seen.
        foreach (var state in (string[])["delivered", "waiting", "held"])
            await UntilAsync(async () => (await CallAsync(HttpMethod.Get, $"{Api}/deliveries?state={state}"))["deliveries"]!.AsArray().Count > 0);
        _names["delivery"] = (await CallAsync(HttpMethod.Get, $"{Api}/deliveries?subscription=web-shop"))["deliveries"]![0]!["id"]!.ToString();
        _names["replay"] = (await CallAsync(HttpMethod.Post, $"{Api}/subscriptions/harvester/replay", """{ "which": "all" }"""))["id"]!.ToString();
        await CallAsync(HttpMethod.Post, $"{Api}/subscriptions/demo-feeder/test");
    }

    private async Task PressAsync()
    {
        var page = await Window.OpenAsync(BaseUri);
        await page.GotoAsync($"/records/{_names["record"]}/edit");
        await page.GetByLabel("User name").FillAsync("sysadmin");
        await page.GetByLabel("Password").FillAsync("sysadmin-demo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Fetch object data from CMS" }).ClickAsync();
        await Expect(page.Locator(".banner")).ToContainTextAsync("done");
        Session = await page.Context.StorageStateAsync();
        var presses = await CallAsync(HttpMethod.Get, $"{Api}/presses");
        _names["press"] = presses["presses"]![0]!["key"]?.ToString() ?? presses["presses"]![0]!["pressKey"]!.ToString();
    }

    private string Named(string name) => System.Text.Json.JsonSerializer.Serialize(name + Suffix);

    private async Task<JsonNode> CallAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("demo-sysadmin-key");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _client!.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}\n{_host!.Output}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await isSo())
            await timer.WaitForNextTickAsync(patience.Token);
    }
}
