using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dam.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plugin.Tests.Buttons;
using Plugin.Tests.Deliver;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Security;

/// <summary>
/// Texts that would be elements stand wherever people and receivers can put a text: labels, names and values of headers, addresses, bodies, answers, names of users and
/// applications, buttons, reasons. No page has one of them as an element, and what is no page is not taken for one.
/// </summary>
public sealed partial class HostileTextTests : IAsyncLifetime
{
    private const string Hostile = "</pre></script>\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}";

    private readonly TestFolder _folder = new();
    private readonly MemoryChangeLog _log = new();
    private readonly Dictionary<string, string> _ids = [];
    private Receiver _receiver = null!;
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync(TimeProvider.System);
        _receiver.Answer = (received, context) =>
        {
            context.Response.StatusCode = received.Path.StartsWith("/good", StringComparison.Ordinal) ? 200 : 500;
            context.Response.ContentType = "text/html";
            context.Response.Headers["X-Reason"] = "<img src=x onerror=alert(1)>";
            return context.Response.WriteAsync(Hostile);
        };
        var host = new TestHost { Changes = _log };
        host.Users["boss"] = TestHost.User("boss", "sysadmin", "admin", "editor", "viewer") with { DisplayName = Hostile };
        host.Users["hostile"] = host.Users[Hostile] = TestHost.User(Hostile, "admin", "editor", "viewer");
        host.Users["chef"] = TestHost.User("chef", "sysadmin", "admin", "editor", "viewer") with { Language = "fr" };
        var label = JsonSerializer.Serialize(Hostile);
        _folder.With($$"""
            {
              "buttons": [{ "key": "b", "buttontext": {{label}}, "url": "{{_receiver.Url}}/press?q=%3Cimg%20src=x%3E&id=", "types": [{{label}}], "confirm": {{label}} }],
              "hooks": [
                { "label": {{label}}, "url": "{{_receiver.Url}}/bad?a=<img%20src=x>", "headers": { "X-A": {{label}} }, "events": ["record.*"] },
                { "label": "Feeder {{JsonEncodedText.Encode(Hostile)}}", "dialect": "docuteam", "operation": "insert", "url": "{{_receiver.Url}}/good", "token": {{label}} }
              ],
              "network": { "allow": ["127.0.0.0/8"] }, "delivery": { "gatherMilliseconds": 0 }
            }
            """);
        _plugin = await TestPlugin.StartAsync(_folder, host);
        await FillAsync();
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("boss")]
    [InlineData("chef")]
    public async Task No_page_has_them_as_elements_and_nothing_else_is_taken_for_a_page(string user)
    {
        var (pages, shown) = (0, 0);
        var broken = new List<string>();
        foreach (var path in Paths())
        {
            using var answer = await SendAsync(user, HttpMethod.Get, path, accept: "text/html");
            var type = answer.Content.Headers.ContentType?.MediaType;
            if (type == "text/event-stream")
                continue;
            var text = await answer.Content.ReadAsStringAsync();
            if (type is "text/html")
            {
                pages++;
                shown += text.Contains("onerror=alert(1)", StringComparison.Ordinal) ? 1 : 0;
                if (Element().Match(text) is { Success: true } found)
                    broken.Add($"{path}: {text.Substring(Math.Max(0, found.Index - 200), 250)}");
            }
            else if (answer.Content.Headers.ContentDisposition?.DispositionType != "attachment" && type is not (null or "application/json" or "application/problem+json" or "text/css" or "text/javascript"))
            {
                broken.Add($"{path} is {type}");
            }
        }
        Assert.True(broken.Count == 0, string.Join("\n\n", broken));
        // They were there, as text.
        Assert.True(pages > 15 && shown > 8, $"{pages} pages, {shown} of them with the text.");
    }

    private IEnumerable<string> Paths()
    {
        var routes = _plugin.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Contains("GET")).Select(endpoint => endpoint.RoutePattern.RawText!)
            .Where(route => !route.Contains("sse", StringComparison.Ordinal));
        foreach (var route in routes)
        {
            var id = route.Contains("/deliveries/", StringComparison.Ordinal) ? "delivery" : route.Contains("/replays/", StringComparison.Ordinal) ? "replay"
                : route.Contains("/developers/", StringComparison.Ordinal) ? "application" : route.Contains("/presses/", StringComparison.Ordinal) ? "press"
                : route.Contains("/records/", StringComparison.Ordinal) ? "record" : "stored";
            var path = Braces().Replace(route.Replace("{dialect}/{**name}", "standard/record.inserted", StringComparison.Ordinal).Replace("{project}", "website", StringComparison.Ordinal), _ids[id]);
            yield return path;
            yield return path + "?" + string.Join('&', Parameters.Select(name => $"{name}={Uri.EscapeDataString(Hostile)}"));
            foreach (var each in (string[])["stored", "filed"])
                yield return $"{path}?subscription={Uri.EscapeDataString(_ids[each])}&text={Uri.EscapeDataString("<img src=x>")}";
        }
        yield return "/plugins/ApiWebhooks/subscriptions/" + _ids["filed"];
        yield return "/plugins/ApiWebhooks/deliveries/" + _ids["good"];
        yield return "/plugins/ApiWebhooks/subscriptions/new?dialect=docuteam";
        yield return $"/api/oauthv2/authorize?response_type=code&client_id={_ids["client"]}&state={Uri.EscapeDataString(Hostile)}";
    }

    private static readonly string[] Parameters =
        ["subscription", "dialect", "language", "text", "q", "user", "act", "record", "button", "state", "event", "from", "to", "after", "before", "client_id", "redirect_uri", "error", "page", "sort", "show", "outcome"];

    private async Task FillAsync()
    {
        var made = await JsonAsync("hostile", HttpMethod.Post, "/api/webhooks/subscriptions", new JsonObject
        {
            ["label"] = "Stored " + Hostile, ["url"] = _receiver.Url + "/bad?b=<script>", ["headers"] = new JsonObject { ["X-B"] = "<script>alert(3)</script>" },
        });
        _ids["stored"] = made["storedId"]!.ToString();
        _ids["record"] = "13";
        _log.Append(change => change with
        {
            Record = change.Record! with { Title = Hostile, Owner = Hostile, Fields = change.Record.Fields },
            Actor = new Actor(Hostile, null),
        });
        await UntilAsync(async () => (await JsonAsync("boss", HttpMethod.Get, "/api/webhooks/deliveries"))["deliveries"]!.AsArray().Count(each => each!["attemptCount"]!.GetValue<int>() > 0) == 3);
        var deliveries = (await JsonAsync("boss", HttpMethod.Get, "/api/webhooks/deliveries"))["deliveries"]!.AsArray();
        _ids["delivery"] = deliveries[0]!["id"]!.ToString();
        _ids["good"] = deliveries.First(each => each!["state"]!.ToString() == "delivered")!["id"]!.ToString();
        _ids["filed"] = deliveries[0]!["subscription"]!.ToString();
        await JsonAsync("hostile", HttpMethod.Post, $"/api/webhooks/subscriptions/{_ids["stored"]}/pause");
        _ids["replay"] = (await JsonAsync("hostile", HttpMethod.Post, $"/api/webhooks/subscriptions/{_ids["stored"]}/replay", new JsonObject { ["which"] = "all" }))["id"]!.ToString();
        var application = (await JsonAsync("hostile", HttpMethod.Post, "/developers/application", new JsonObject
        {
            ["name"] = Hostile, ["description"] = Hostile, ["type"] = "web", ["callback"] = "https://a.example.org/back",
        }))["application"]!;
        (_ids["application"], _ids["client"]) = (application["id"]!.ToString(), application["client_id"]!.ToString());
        var press = new ButtonPress
        {
            ButtonKey = "b",
            PressKey = "press-1",
            Page = new EditPageContext(_plugin.Host.Records[13] with { Title = Hostile, Pid = Hostile, Type = Hostile }, _plugin.Host.Users["hostile"], EditPageContext.EditLocation, "en", "en"),
            PressedAt = DateTimeOffset.UnixEpoch,
        };
        await _plugin.Buttons.PressAsync(press, default);
        _ids["press"] = "press-1";
    }

    private async Task<JsonNode> JsonAsync(string user, HttpMethod method, string path, JsonObject? body = null)
    {
        using var answer = await SendAsync(user, method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    private async Task<HttpResponseMessage> SendAsync(string user, HttpMethod method, string path, JsonObject? body = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-User", user);
        if (accept is not null)
            request.Headers.Add("Accept", accept);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await _plugin.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isSo())
            await timer.WaitForNextTickAsync(patience.Token);
    }

    // No page has pictures or scripts within of its own; a quote that ends an attribute shows by what follows it.
    [GeneratedRegex("<img|<script>|\"'>|javascript:")]
    private static partial Regex Element();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Braces();
}
