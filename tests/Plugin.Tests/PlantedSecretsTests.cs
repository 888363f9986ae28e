using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Dam.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Configure;
using Plugin.Tests.Buttons;
using Plugin.Tests.Deliver;
using Plugin.Tests.Detect;
using Plugin.Tests.Send;

namespace Plugin.Tests;

/// <summary>
/// Distinctive secrets stand wherever secrets may stand, receivers repeat them, proxies refuse them, edits break on them. Then everything that can be read is
/// searched for them.
/// </summary>
// It listens to the whole process: never beside tests of what is sent while nobody listens.
[Collection("Listening")]
public sealed class PlantedSecretsTests : IAsyncLifetime
{
    private const string Mark = "planted-secret-";

    // They go on until somebody leaves; what they send are parts of the pages that are searched.
    private static readonly string[] Live = ["/live", "-live"];

    private readonly TestFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly MemoryChangeLog _changes = new();
    private readonly Dictionary<string, string> _planted = new(StringComparer.Ordinal);
    private readonly StringBuilder _spans = new();
    private ActivityListener _listener = null!;
    private Receiver _echo = null!;
    private TlsReceiver _tls = null!;
    private TestProxy _proxy = null!;
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Note,
        };
        ActivitySource.AddActivityListener(_listener);
        _echo = await Receiver.StartAsync(TimeProvider.System);
        // As echo services and careless error messages do: everything that came is in the answer.
        _echo.Answer = async (received, context) =>
        {
            var all = string.Join('\n', received.Headers.Select(header => $"{header.Key}: {header.Value}"));
            context.Response.StatusCode = received.Path switch { "/ok" => 200, "/moved" => 302, _ => 401 };
            if (context.Response.StatusCode == 302)
                context.Response.Headers.Location = $"https://elsewhere.example.org/{context.Request.QueryString}";
            context.Response.Headers["X-Echo"] = $"{received.Headers.Authorization} {received.Headers["X-Api-Key"]} {context.Request.QueryString}";
            context.Response.Headers.SetCookie = $"session={Mark}of-receiver";
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync($"Not you: {context.Request.QueryString}\n{all}");
        };
        _tls = await TlsReceiver.StartAsync(_authority.Issue("127.0.0.1"), clientRoot: _authority.Certificate);
        _proxy = new TestProxy { Credential = "dam:never this one" };
        File.WriteAllBytes(Path.Combine(_folder.Plugin, "dam.p12"), new X509Certificate2Collection { _authority.Issue("dam") }.Export(X509ContentType.Pkcs12, Plant("certificate"))!);
        File.WriteAllText(Path.Combine(_folder.Plugin, "ca.pem"), _authority.Pem);
        _folder.With(Config());
        _plugin = await TestPlugin.StartAsync(_folder, new TestHost { Changes = _changes, Log = new TestLog { Lowest = LogLevel.Trace } });
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        await _proxy.DisposeAsync();
        await _tls.DisposeAsync();
        await _echo.DisposeAsync();
        _listener.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task No_answer_page_log_line_span_or_file_holds_a_secret()
    {
        Assert.Empty(_plugin.Settings.Faults);
        var outcomes = await PressAllAsync();
        _changes.Append();
        await UntilAsync(async () => await CountTriedAsync() == _plugin.Settings.Current.Hooks.Count);
        Assert.Equal("CN=dam", Assert.Single(_tls.Callers));
        // What was repeated had come: the search below would find it.
        Assert.Contains(_echo.All, received => received.Headers.Authorization.ToString().Contains(Mark, StringComparison.Ordinal));
        var generated = _plugin.Settings.Current.Hooks.Single(hook => hook.Key == "generated");
        Plant("generated secret", generated.Secret!.Reveal());
        Plant("generated key", generated.SigningKey!.Reveal());
        Plant("rotated secret", await RotateAsync());
        Assert.Equal(4, _plugin.Settings.Current.Hooks.Single(hook => hook.Key == "generated").Keys.Length);

        await ReadAllAsync("outcomes", outcomes);
        await BreakTheFileAsync();
        await ReadAllAsync("after a faulty edit", string.Concat(_plugin.Settings.Faults));
        await _plugin.DisposeAsync();
        SearchFiles();
        _plugin = await TestPlugin.StartAsync(_folder, new TestHost { Changes = _changes, Log = new TestLog { Lowest = LogLevel.Trace } });
        await ReadAllAsync("after a restart", "");
    }

    private string Config() => $$"""
        {
          "buttons": [
            { "key": "ok", "buttontext": "Ok", "url": "{{UrlOf("/ok", "button ok")}}&resource_id=", "secret": "{{PlantKey("button")}}", "headers": { "X-Api-Key": "{{Plant("button header")}}" } },
            { "key": "refused", "buttontext": "Refused", "url": "{{UrlOf("/refused", "button refused")}}&resource_id={id}", "headers": { "Authorization": "Bearer {{Plant("button bearer")}}" } },
            { "key": "moved", "buttontext": "Moved", "url": "{{UrlOf("/moved", "button moved")}}", "body": "json" },
            { "key": "dead", "buttontext": "Dead", "url": "http://user:{{Plant("dead")}}@dead.invalid/?token={{Plant("dead token")}}&resource_id=" },
          ],
          "hooks": [
            { "label": "Ok", "url": "{{UrlOf("/ok", "hook ok")}}", "secret": "{{PlantKey("hook")}}", "headers": { "X-Api-Key": "{{Plant("hook header")}}" } },
            { "label": "Refused", "url": "{{UrlOf("/refused", "hook refused")}}", "headers": { "Authorization": "Bearer {{Plant("hook bearer")}}" } },
            { "label": "Moved", "url": "{{UrlOf("/moved", "hook moved")}}" },
            { "label": "Docuteam", "dialect": "docuteam", "operation": "insert", "url": "{{UrlOf("/refused", "docuteam")}}", "token": "{{Plant("docuteam own")}}", "tokenPrefix": "Bearer" },
            { "label": "Dead", "url": "https://user:{{Plant("hook dead")}}@dead.invalid/?key={{Plant("hook dead key")}}", "proxy": "none" },
            { "label": "Proxied", "url": "http://1.1.1.1/?key={{Plant("proxied key")}}" },
            { "label": "Tunnelled", "url": "https://1.1.1.1/", "proxy": "http://dam:{{Plant("own proxy")}}@127.0.0.1:{{_proxy.Port}}" },
            { "label": "Certified", "url": "https://127.0.0.1:{{_tls.Port}}/", "caFile": "ca.pem", "clientCertificateFile": "dam.p12", "clientCertificatePassword": "{{_planted["certificate"]}}" },
            { "label": "Generated", "url": "{{_echo.Url}}/ok", "signing": "both" },
          ],
          "network": { "allow": ["127.0.0.1"], "proxy": "http://dam:{{Plant("proxy")}}@127.0.0.1:{{_proxy.Port}}", "proxyBypass": ["127.0.0.1", "dead.invalid"] },
        }
        """;

    // With a fault at each key that takes a secret.
    private async Task BreakTheFileAsync()
    {
        var password = Plant("faulty");
        File.WriteAllText(_folder.ConfigPath, $$"""
            {
              "buttons": [{ "buttontext": "A", "url": "ftp://user:{{password}}@host/?key={{password}}", "secret": "whsec_{{password}}", "headers": { "X-Key": "{{password}}\u0007" } }],
              "hooks": [
                { "label": "A", "url": "https://user:{{password}}@host/ x?key={{password}}", "secret": "{{password}}", "proxy": "https://dam:{{password}}@host", "headers": { "webhook-id": "{{password}}" } },
                { "label": "D", "url": "https://user:{{password}}/{{password}}@host/" },
                { "label": "B", "url": "user:{{password}}@host", "clientCertificateFile": "dam.p12", "clientCertificatePassword": "not {{password}}" },
                { "label": "C", "url": "https://user:{{password}}@host/#{{password}}", "dialect": "docuteam", "operation": "insert", "token": "{{password}}\u0007" },
              ],
              "network": { "allow": ["https://user:{{password}}@"], "proxy": "{{password}}", "proxyBypass": ["https://user:{{password}}@"] },
            }
            """);
        await UntilAsync(() => Task.FromResult(_plugin.Settings.Faults.Count > 0));
        Assert.True(_plugin.Settings.Faults.Count >= 12, string.Join('\n', _plugin.Settings.Faults));
    }

    private async Task<string> PressAllAsync()
    {
        var outcomes = new StringBuilder();
        foreach (var button in new[] { "ok", "refused", "moved", "dead" })
        {
            var press = new ButtonPress
            {
                ButtonKey = button,
                PressKey = $"press-{button}",
                Page = new EditPageContext(_plugin.Host.Records[13], _plugin.Host.Users["editor"], EditPageContext.EditLocation, "en", "en"),
                PressedAt = DateTimeOffset.UnixEpoch,
            };
            outcomes.Append(await _plugin.Buttons.PressAsync(press, default)).Append('\n');
        }
        Assert.Contains("401", outcomes.ToString(), StringComparison.Ordinal);
        return outcomes.ToString();
    }

    private async Task ReadAllAsync(string when, string more)
    {
        Search(when, more);
        foreach (var path in new[] { "subscriptions", "presses", "replays", "deliveries?limit=500" })
            Search($"{path} {when}", await GetAsync($"/api/webhooks/{path}"));
        using var list = JsonDocument.Parse(await GetAsync("/api/webhooks/deliveries?limit=500"));
        foreach (var delivery in list.RootElement.GetProperty("deliveries").EnumerateArray())
            Search($"delivery {when}", await GetAsync($"/api/webhooks/deliveries/{delivery.GetProperty("id")}"));
        foreach (var hook in _plugin.Settings.Current.Hooks)
            Search($"subscription {when}", await GetAsync($"/api/webhooks/subscriptions/{hook.Key}"));
        foreach (var path in PathsOf([.. list.RootElement.GetProperty("deliveries").EnumerateArray().Select(each => each.GetProperty("id").ToString())]))
            Search($"{path} {when}", WebUtility.HtmlDecode(await GetAsync(path)));
        Search($"health {when}", string.Concat(_plugin.Get<IEnumerable<IPluginHealth>>().SelectMany(each => each.GetFaults())));
        Search($"settings as text {when}", string.Concat(_plugin.Settings.Current.Hooks) + string.Concat(_plugin.Settings.Current.Buttons) + _plugin.Settings.Current.Network);
        foreach (var (_, message) in _plugin.Host.Log.Entries)
            Search($"log {when}", message);
        lock (_spans)
            Search($"spans {when}", _spans.ToString());
    }

    // Every page and every call that only reads, found where they are mapped; of deliveries, subscriptions and presses each one.
    private IEnumerable<string> PathsOf(IReadOnlyList<string> deliveries)
    {
        var keys = _plugin.Settings.Current.Hooks.Select(hook => hook.Key).ToList();
        foreach (var route in _plugin.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Contains("GET")).Select(endpoint => endpoint.RoutePattern.RawText!)
            .Where(route => (route.StartsWith("/plugins/", StringComparison.Ordinal) || route.StartsWith("/api/webhooks/", StringComparison.Ordinal)) && !Live.Any(route.EndsWith)))
        {
            if (!route.Contains('{', StringComparison.Ordinal))
                yield return route;
            foreach (var id in route.Contains("/deliveries/{", StringComparison.Ordinal) ? deliveries
                : route.Contains("/presses/{", StringComparison.Ordinal) ? ["press-ok", "press-refused", "press-moved", "press-dead"]
                : route.EndsWith("/subscriptions/{id}", StringComparison.Ordinal) ? keys : [])
                yield return System.Text.RegularExpressions.Regex.Replace(route, @"\{[^}]+\}", Uri.EscapeDataString(id));
        }
        foreach (var key in keys)
        {
            yield return $"/plugins/ApiWebhooks/receiving?subscription={key}";
            yield return $"/plugins/ApiWebhooks/receiving?subscription={key}&language=javascript&with=public-key";
        }
    }

    private void SearchFiles()
    {
        foreach (var file in Directory.GetFiles(_folder.Data, "*", SearchOption.AllDirectories))
            Search(Path.GetFileName(file), Encoding.Latin1.GetString(File.ReadAllBytes(file)));
    }

    private void Search(string where, string text)
    {
        foreach (var (what, secret) in _planted)
        {
            foreach (var form in new[] { secret, secret[(secret.IndexOf('_', StringComparison.Ordinal) + 1)..], Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + secret)) })
                Assert.False(text.Contains(form, StringComparison.Ordinal), $"The secret \"{what}\" stands in: {where}\n{text}");
        }
        Assert.False(text.Contains(Mark, StringComparison.Ordinal), $"A secret stands in: {where}\n{text}");
    }

    private string Plant(string what) => Plant(what, $"{Mark}{_planted.Count}-{what.Replace(' ', '-')}");

    private string Plant(string what, string secret)
    {
        _planted.Add(what, secret);
        return secret;
    }

    private string PlantKey(string what) => Plant(what + " key", "whsec_" + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Mark}{what}-of-many-bytes")));

    private string UrlOf(string path, string what) => $"http://user:{Plant(what + " password")}@127.0.0.1:{new Uri(_echo.Url).Port}{path}?token={Plant(what + " token")}";

    private async Task<string> RotateAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/subscriptions/generated/rotate-secret");
        request.Headers.Add("X-User", "admin");
        using var answer = await _plugin.Client.SendAsync(request);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("secret").GetString()!;
    }

    private async Task<string> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-User", "admin");
        using var answer = await _plugin.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<int> CountTriedAsync()
    {
        using var list = JsonDocument.Parse(await GetAsync("/api/webhooks/deliveries?limit=500"));
        return list.RootElement.GetProperty("deliveries").EnumerateArray().Count(each => each.GetProperty("attemptCount").GetInt32() > 0);
    }

    private void Note(Activity activity)
    {
        lock (_spans)
            _spans.Append(activity.DisplayName).Append(' ').AppendJoin(' ', activity.TagObjects).Append(' ').Append(activity.StatusDescription).Append('\n');
    }

    // Attempts and faults give no signal here: the test stands outside, where administrators do.
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await timer.WaitForNextTickAsync(limit.Token);
    }
}
