using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Pages.Deliveries;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;
using Plugin.Tests.Deliver;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Pages;

/// <summary>The list of deliveries and the page of one, without JavaScript; and the list of the management API, which finds the same.</summary>
public sealed class DeliveryPagesTests : IAsyncLifetime
{
    private const string Root = "/plugins/ApiWebhooks/deliveries";
    private const string Hostile = "<script>alert(1)</script>'\"&<img src=x onerror=alert(2)>";

    private readonly TestFolder _folder = new();
    private readonly MemoryChangeLog _log = new();
    private Receiver _receiver = null!;
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync(TimeProvider.System);
        var host = new TestHost { Changes = _log };
        host.Users["other"] = TestHost.User("other", "admin", "editor", "viewer");
        host.Users["cookie"] = TestHost.User("cookie", "admin", "editor", "viewer");
        host.Users["marie"] = TestHost.User("marie", "admin", "editor", "viewer") with { Language = "fr" };
        _folder.With($$"""
            {
              "hooks": [
                { "label": "Good", "url": "{{_receiver.Url}}/good?key=planted-in-the-url", "headers": { "X-Api-Key": "planted-header" } },
                { "label": "Bad & <b>", "key": "bad", "url": "{{_receiver.Url}}/bad", "schedule": ["0s", "1h"] },
              ],
              "network": { "allow": ["127.0.0.0/8"] }, "delivery": { "gatherMilliseconds": 0 },
            }
            """);
        _receiver.Answer = async (received, context) =>
        {
            if (received.Path == "/good")
            {
                context.Response.StatusCode = 200;
                return;
            }
            context.Response.StatusCode = 503;
            context.Response.Headers["X-Hostile"] = Hostile;
            context.Response.Headers.SetCookie = "session=planted-cookie";
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync(Hostile);
        };
        _plugin = await TestPlugin.StartAsync(_folder, host);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_list_is_filtered_by_its_address_and_the_call_finds_the_same()
    {
        Assert.Empty(_plugin.Settings.Faults);
        await DeliverAsync(3);
        var bad = DeliveryId.Of(2, 2);
        Assert.Equal(6, IdsOf(await GetAsync(Root)).Count);
        foreach (var filter in new[]
        {
            "subscription=bad", "subscription=2", "state=waiting", "status=503", "status=5xx", "status=Throttled", "text=onerror", "event=record.inserted&subscription=bad", "event=record.*&status=5xx",
            "from=2000-01-01T00:00&to=2100-01-01&subscription=bad", "record=13&state=waiting",
        })
        {
            var ids = IdsOf(await GetAsync($"{Root}?{filter}"));
            Assert.Equal([DeliveryId.Of(3, 2), bad, DeliveryId.Of(1, 2)], ids);
            Assert.Equal(ids.Order(), (await JsonAsync($"/api/webhooks/deliveries?{filter}"))["deliveries"]!.AsArray().Select(each => each!["id"]!.GetValue<long>()));
        }
        foreach (var nothing in new[] { "state=held", "status=404", "text=no-such-text", "event=file.added", "to=2000-01-01", "record=99" })
        {
            var html = await GetAsync($"{Root}?{nothing}");
            Assert.Empty(IdsOf(html));
            Assert.Contains("No delivery matches the filter.", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_not_understood_is_explained_and_finds_nothing()
    {
        await DeliverAsync(1);
        foreach (var (filter, status) in new[]
        {
            ("subscription=none", 404), ("state=lost", 400), ("event=no.such", 400), ("record=x", 400), ("from=soon", 400), ("to=never", 400), ("status=bad", 400),
        })
        {
            var name = filter[..filter.IndexOf('=', StringComparison.Ordinal)];
            var html = await GetAsync($"{Root}?{filter}");
            Assert.Matches($"<p class=\"error\" id=\"filter-{name}-error\">[^<]+</p>", html);
            Assert.Empty(IdsOf(html));
            Assert.Equal(status, (int)(await SendAsync(HttpMethod.Get, $"/api/webhooks/deliveries?{filter}", "admin")).StatusCode);
        }
    }

    [Fact]
    public async Task The_page_of_one_shows_the_whole_exchange_with_stars_and_nothing_of_it_as_markup()
    {
        await DeliverAsync(1);
        var html = await GetAsync($"{Root}/{DeliveryId.Of(1, 2)}");
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Bad & <b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", html, StringComparison.Ordinal);
        foreach (var words in new[] { "X-Hostile", "Set-Cookie", "webhook-timestamp", "First byte", "What to do", "curl --globoff", "Send again now", "Give up", "role=\"img\"", "/records/13" })
            Assert.Contains(words, html, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", await GetAsync($"{Root}/{DeliveryId.Of(1, 1)}"), StringComparison.Ordinal);

        var attempt = (await JsonAsync($"/api/webhooks/deliveries/{DeliveryId.Of(1, 1)}"))["attempts"]![0]!;
        Assert.Equal("POST", attempt["method"]!.GetValue<string>());
        Assert.Contains(attempt["requestHeaders"]!.AsArray(), header => header!["name"]!.GetValue<string>() == "X-Api-Key" && header["value"]!.GetValue<string>() == "***");
        Assert.Contains(attempt["answerHeaders"]!.AsArray(), header => header!["name"]!.GetValue<string>() == "Server");
        Assert.True(attempt["timings"]!["firstByteMs"]!.GetValue<double>() > 0);

        var french = await (await SendAsync(HttpMethod.Get, $"{Root}/{DeliveryId.Of(1, 2)}", "marie")).Content.ReadAsStringAsync();
        Assert.Contains("Premier octet", french, StringComparison.Ordinal);
        Assert.Contains("Le récepteur est surchargé", french, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resending_and_giving_up_say_what_they_did_and_stand_in_the_audit_list()
    {
        await DeliverAsync(1);
        var id = DeliveryId.Of(1, 2);
        using var cancelled = await SendAsync(HttpMethod.Post, $"{Root}/{id}/cancel", "admin");
        Assert.Equal(HttpStatusCode.SeeOther, cancelled.StatusCode);
        Assert.Contains("It is given up.", await GetAsync(cancelled.Headers.Location!.ToString()), StringComparison.Ordinal);
        using var again = await SendAsync(HttpMethod.Post, $"{Root}/{id}/cancel", "admin");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var resent = await SendAsync(HttpMethod.Post, $"{Root}/{id}/resend", "admin");
        Assert.Equal($"{Root}/{id}?done=resent", resent.Headers.Location!.ToString());
        await _receiver.WaitAsync();
        Assert.Equal(
            [Acts.ResendDelivery, Acts.CancelDelivery],
            _plugin.Get<AuditLog>().Read(new AuditQuery { NewestFirst = true, Limit = 10 }).Select(each => each.Act));
    }

    [Fact]
    public async Task A_cookie_without_the_pages_token_does_nothing_and_what_is_not_seen_is_not_there()
    {
        using var made = await SendAsync(HttpMethod.Post, "/api/webhooks/subscriptions", "admin", new StringContent($$"""{ "label": "Mine", "url": "{{_receiver.Url}}/mine" }""", null, "application/json"));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        await DeliverAsync(1, hooks: 3);
        var (mine, filed) = (DeliveryId.Of(1, 3), DeliveryId.Of(1, 2));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, $"{Root}/{mine}", "admin")).StatusCode);
        foreach (var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Get, "/body"), (HttpMethod.Post, "/resend"), (HttpMethod.Post, "/cancel") })
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(method, $"{Root}/{mine}{path}", "other")).StatusCode);
        var html = await (await SendAsync(HttpMethod.Get, Root, "other")).Content.ReadAsStringAsync();
        Assert.DoesNotContain("Mine", html, StringComparison.Ordinal);
        Assert.Equal([filed, DeliveryId.Of(1, 1)], IdsOf(html));
        Assert.Contains("no such subscription", await (await SendAsync(HttpMethod.Get, $"{Root}?subscription=3", "other")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, $"{Root}/{filed}/cancel", "cookie")).StatusCode);
        Assert.Equal("waiting", (await JsonAsync($"/api/webhooks/deliveries/{filed}"))["state"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, Root, "editor")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, $"{Root}-live", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, $"{Root}/17", "admin")).StatusCode);
    }

    [Fact]
    public async Task An_open_page_is_told_of_what_comes_as_its_filter_wants_it_and_ends_with_the_plugin()
    {
        await DeliverAsync(1);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Root}-live?subscription=bad") { Headers = { { "X-User", "admin" } } };
        using var response = await _plugin.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal([DeliveryId.Of(1, 2)], IdsOf(await NextAsync(lines)));
        await DeliverAsync(1);
        string html;
        do
            html = await NextAsync(lines);
        while (IdsOf(html).Count < 2 || html.Contains("being sent", StringComparison.Ordinal));
        Assert.Equal([DeliveryId.Of(2, 2), DeliveryId.Of(1, 2)], IdsOf(html));
        _plugin.Get<DeliveryTail>().Stop();
        while (await lines.ReadLineAsync() is not null)
        {
        }
        using var late = new HttpRequestMessage(HttpMethod.Get, $"{Root}-live") { Headers = { { "X-User", "admin" } } };
        Assert.Equal(HttpStatusCode.NoContent, (await _plugin.Client.SendAsync(late)).StatusCode);
        Assert.Equal(0, _plugin.Get<DeliveryTail>().Open);
    }

    [Fact]
    public async Task The_curl_command_of_a_page_sends_what_was_sent()
    {
        _log.Append(change => change with { Record = change.Record! with { Title = "It's \"quoted\" $HOME `id` !1 \\ %s {a,b} [1-2] é 漢\nnext line" } });
        await _receiver.WaitAsync(2);
        await UntilAsync(async () => IdsOf(await GetAsync($"{Root}?state=delivered")).Count == 1);
        var html = await GetAsync($"{Root}/{DeliveryId.Of(1, 1)}");
        var command = WebUtility.HtmlDecode(Regex.Match(html, "<pre[^>]*>(curl .*?)</pre>", RegexOptions.Singleline).Groups[1].Value);
        Assert.Contains("--data-binary", command, StringComparison.Ordinal);
        await RunAsync(command);
        await _receiver.WaitAsync();
        var (sent, again) = (_receiver.All.First(each => each.Path == "/good"), _receiver.All[^1]);
        Assert.Equal(sent.Body, again.Body);
        Assert.Equal(sent.Method, again.Method);
        Assert.Equal(
            sent.Headers.Where(header => !IsSecret(header.Key)).Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.OrdinalIgnoreCase),
            again.Headers.Where(header => !IsSecret(header.Key)).Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.OrdinalIgnoreCase));

        static bool IsSecret(string name) => name.ToLowerInvariant() is "webhook-signature" or "x-api-key";
    }

    [Theory]
    [InlineData("@file\nand more")]
    [InlineData("")]
    [InlineData("a'b''c\\'\r\n$(id) \"\t")]
    public async Task Any_text_is_a_safe_argument_of_curl(string body)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        var request = new SentRequest("PUT", [new("Content-Type", "text/plain"), new("X-Quote", "it's; rm -rf '$HOME'"), new("X-Empty", ""), new("Host", "elsewhere"), new("Content-Length", "7")]);
        await RunAsync(CurlCommand.Of(request, $"{_receiver.Url}/quoted[1]?a={{b,c}}&d='e'", bytes, "unused"));
        await _receiver.WaitAsync();
        var received = _receiver.All[^1];
        Assert.Equal(bytes, received.Body);
        Assert.Equal(("PUT", "/quoted%5B1%5D"), (received.Method, received.Path));
        Assert.Equal(("it's; rm -rf '$HOME'", ""), (received.Headers["X-Quote"].ToString(), received.Headers["X-Empty"].ToString()));
        Assert.True(received.Headers.ContainsKey("X-Empty"));
        Assert.StartsWith("curl", CurlCommand.Of(request, _receiver.Url, [0, 255], "body.txt"), StringComparison.Ordinal);
        Assert.Contains("'@body.txt'", CurlCommand.Of(request, _receiver.Url, [0, 255], "body.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bytes_are_a_file_that_no_browser_takes_for_a_page()
    {
        await DeliverAsync(1);
        using var file = await SendAsync(HttpMethod.Get, $"{Root}/{DeliveryId.Of(1, 1)}/body", "admin");
        Assert.Equal("application/octet-stream", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(_receiver.All.First(each => each.Path == "/good").Body, await file.Content.ReadAsByteArrayAsync());
    }

    private async Task DeliverAsync(int changes, int hooks = 2)
    {
        var before = IdsOf(await GetAsync(Root)).Count;
        for (var i = 0; i < changes; i++)
            _log.Append(change => change with { Record = change.Record! with { Id = 13 } });
        await _receiver.WaitAsync(changes * hooks);
        await UntilAsync(async () => IdsOf(await GetAsync(Root)).Count == before + (changes * hooks) && IdsOf(await GetAsync($"{Root}?state=in_flight")).Count == 0);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isSo())
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }

    private static async Task<string> NextAsync(StreamReader lines)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await lines.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonNode.Parse(line[6..])!.GetValue<string>();
        }
        throw new EndOfStreamException();
    }

    private static List<long> IdsOf(string html) =>
        [.. Regex.Matches(html, "data-id=\"(-?[0-9]+)\"").Select(match => long.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];

    private static async Task RunAsync(string command)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{await output}{await errors}\n{command}");
    }

    private async Task<string> GetAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path, "admin");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<JsonNode> JsonAsync(string path) => JsonNode.Parse(await GetAsync(path))!;

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? user, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (user is not null)
            request.Headers.Add("X-User", user);
        return await _plugin.Client.SendAsync(request);
    }
}
