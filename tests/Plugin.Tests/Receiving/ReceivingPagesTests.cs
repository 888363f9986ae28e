using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Pages.Receiving;
using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Receiving;

/// <summary>The help for receivers tells the truth: its programs take real deliveries and refuse what was changed, and its words are those of the settings.</summary>
public sealed partial class ReceivingPagesTests : IAsyncLifetime
{
    private const string Path = "/plugins/ApiWebhooks/receiving";
    private const string Secret = "whsec_cGxhbnRlZC1zZWNyZXQtb2YtdGhlLXJlY2VpdmVyLWhlbHA=";

    private readonly TestFolder _folder = new();
    private readonly int _port = ReceiverProgram.FreePort();
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        var host = new TestHost();
        host.Users["other"] = TestHost.User("other", "admin", "editor", "viewer");
        host.Users["chef"] = TestHost.User("chef", "admin", "editor", "viewer") with { Language = "fr" };
        _folder.With($$"""
            {
              "hooks": [
                { "label": "Shared", "url": "http://user:planted-password@127.0.0.1:{{_port}}/in?token=planted-token", "secret": "{{Secret}}", "headers": { "X-Site": "planted-header" },
                  "schedule": ["0s", "30s", "2h"], "timeoutSeconds": 7, "order": "record" },
                { "label": "Public", "url": "http://127.0.0.1:{{_port}}/in", "signing": "v1a" },
                { "label": "Both", "url": "http://127.0.0.1:{{_port}}/in", "signing": "both" }
              ],
              "network": { "allow": ["127.0.0.0/8"] }, "delivery": { "gatherMilliseconds": 0 }
            }
            """);
        _plugin = await TestPlugin.StartAsync(_folder, host);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [NeedsProgram("dotnet", "--version")]
    public Task The_program_in_CSharp_takes_what_is_signed_with_the_secret_and_nothing_else() => TryAsync("csharp", "shared");

    [NeedsProgram("node", "--version")]
    public Task The_program_in_JavaScript_takes_what_is_signed_with_the_secret_and_nothing_else() => TryAsync("javascript", "shared");

    [NeedsProgram("python3", "--version")]
    public Task The_program_in_Python_takes_what_is_signed_with_the_secret_and_nothing_else() => TryAsync("python", "shared");

    [NeedsProgram("openssl", "version")]
    public Task The_program_in_CSharp_takes_what_is_signed_with_the_key_pair_and_nothing_else() => TryAsync("csharp", "public");

    [NeedsProgram("node", "--version")]
    public Task The_program_in_JavaScript_takes_what_is_signed_with_the_key_pair_and_nothing_else() => TryAsync("javascript", "public");

    [NeedsProgram("python3", "-c", "import cryptography")]
    public Task The_program_in_Python_takes_what_is_signed_with_the_key_pair_and_nothing_else() => TryAsync("python", "public");

    [Fact]
    public async Task It_has_the_values_of_the_readers_own_subscription_and_no_secret()
    {
        var html = await GetAsync("admin", $"{Path}?subscription=shared&language=python");
        Assert.Contains($"http://127.0.0.1:{_port}/in?token=***", html, StringComparison.Ordinal);
        Assert.Contains("X-Site", html, StringComparison.Ordinal);
        Assert.Contains("Save it as receive.py", html, StringComparison.Ordinal);
        Assert.Contains("within 7 seconds", html, StringComparison.Ordinal);
        Assert.Contains("at once, after 30 seconds, after 2 hours; each wait counts from the end of the attempt before and is stretched by up to 20 %. After 3 attempts, about 2 hours in all", html, StringComparison.Ordinal);
        Assert.Contains("in the order of its changes", html, StringComparison.Ordinal);
        foreach (var language in (string[])["csharp", "javascript", "python"])
            Assert.DoesNotMatch("planted|cGxhbnRlZ", await GetAsync("admin", $"{Path}?subscription=shared&language={language}"));
        var (_, key) = await SnippetAsync("both", "javascript", "&with=public-key");
        Assert.Contains("whpk_", key, StringComparison.Ordinal);
        Assert.DoesNotContain("whsk_", await GetAsync("admin", $"{Path}?subscription=both"), StringComparison.Ordinal);
        Assert.Contains("Vérifier la signature", await GetAsync("chef", Path), StringComparison.Ordinal);
        Assert.Contains("aussitôt, après 30 secondes, après 2 heures", await GetAsync("chef", $"{Path}?subscription=shared"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anothers_subscription_is_not_there()
    {
        var made = (StoreResult.Stored)await _plugin.Get<StoredHooks>().CreateAsync(new NewStoredHook(JsonNode.Parse("""{ "label": "Mine", "dialect": "standard", "url": "https://a.example.org/" }""")!.AsObject(), "admin"));
        Assert.Contains("Mine", await GetAsync("admin", $"{Path}?subscription={made.Hook.Key}"), StringComparison.Ordinal);
        using var others = await SendAsync("other", $"{Path}?subscription={made.Hook.Key}");
        Assert.Equal(HttpStatusCode.NotFound, others.StatusCode);
        Assert.DoesNotContain("Mine", await GetAsync("other", Path), StringComparison.Ordinal);
        using var viewer = await SendAsync("viewer", Path);
        Assert.Equal(HttpStatusCode.Forbidden, viewer.StatusCode);
    }

    [Theory]
    [InlineData(1, "1 second", "1 seconde")]
    [InlineData(90, "90 seconds", "90 secondes")]
    [InlineData(300, "5 minutes", "5 minutes")]
    [InlineData(7200, "2 hours", "2 heures")]
    [InlineData(86400, "24 hours", "24 heures")]
    [InlineData(271805, "3 days", "3 jours")]
    [InlineData(0, "0 seconds", "0 seconde")]
    public void Spans_are_told_in_words(int seconds, string english, string french) =>
        Assert.Equal((english, french), (Durations.InWords(TimeSpan.FromSeconds(seconds), false), Durations.InWords(TimeSpan.FromSeconds(seconds), true)));

    // A real delivery is taken; the same with another body, another id, an old time, no signature or a stranger's key is not.
    private async Task TryAsync(string language, string key)
    {
        var (fileName, code) = await SnippetAsync(key, language);
        await using var program = await ReceiverProgram.StartAsync(language, fileName, code, _port, key == "shared" ? Secret : null);
        var hook = _plugin.Settings.Current.Hooks.Single(each => each.Key == key);
        using (var test = new HttpRequestMessage(HttpMethod.Post, $"/api/webhooks/subscriptions/{key}/test"))
        {
            test.Headers.Add("X-User", "admin");
            using var answer = await _plugin.Client.SendAsync(test);
            var exchange = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            Assert.True(exchange["succeeded"]!.GetValue<bool>(), exchange.ToString());
        }

        var body = "{\"title\":\"Öl\"}"u8.ToArray();
        var now = TimeProvider.System.GetUtcNow();
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = program.BaseUri };
        // Python's server closes each connection after its answer, and does not say so.
        client.DefaultRequestHeaders.ConnectionClose = true;
        Assert.Equal(204, await PostAsync(hook.Keys, now, body, body));
        Assert.Equal(401, await PostAsync(hook.Keys, now, body, "{\"title\":\"Ol\"}"u8.ToArray()));
        Assert.Equal(401, await PostAsync(hook.Keys, now.AddSeconds(-Snippet.ToleranceSeconds - 5), body, body));
        Assert.Equal(401, await PostAsync(hook.Keys, now.AddSeconds(Snippet.ToleranceSeconds + 60), body, body));
        Assert.Equal(401, await PostAsync(hook.Keys, now, body, body, id: "msg_other"));
        IMessageKey[] strangers = [WebhookSecret.Generate(), .. Ed25519.IsSupported ? [SigningKey.Generate()] : Array.Empty<IMessageKey>()];
        Assert.Equal(401, await PostAsync(strangers, now, body, body));
        // While a key is replaced, both sign.
        Assert.Equal(204, await PostAsync([.. strangers, .. hook.Keys], now, body, body));
        Assert.Equal(401, await PostAsync(hook.Keys, now, body, body, signature: "v1, v1a, v1,!!! v1a,AAAA rubbish"));
        Assert.Equal(401, await PostAsync(hook.Keys, now, body, body, signature: ""));

        async Task<int> PostAsync(IMessageKey[] keys, DateTimeOffset at, byte[] signed, byte[] sent, string? id = null, string? signature = null)
        {
            try
            {
                return await PostOnceAsync(keys, at, signed, sent, id, signature);
            }
            catch (HttpRequestException)
            {
                // Small servers break a connection now and then; what counts is their verdict. Twice is a fault of the program.
            }
            try
            {
                return await PostOnceAsync(keys, at, signed, sent, id, signature);
            }
            catch (HttpRequestException exception)
            {
                throw new InvalidOperationException($"The program gave no answer twice. {program.Said}", exception);
            }
        }

        async Task<int> PostOnceAsync(IMessageKey[] keys, DateTimeOffset at, byte[] signed, byte[] sent, string? id, string? signature)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/in") { Content = new ByteArrayContent(sent) };
            foreach (var (name, value) in StandardSignature.Headers("msg_1", at, signed, keys))
                request.Headers.TryAddWithoutValidation(name, name == StandardSignature.IdHeader && id is not null ? id : name == StandardSignature.SignatureHeader && signature is not null ? signature : value);
            using var answer = await client.SendAsync(request);
            return (int)answer.StatusCode;
        }
    }

    private async Task<(string FileName, string Code)> SnippetAsync(string key, string language, string more = "")
    {
        var html = await GetAsync("admin", $"{Path}?subscription={key}&language={language}{more}", decode: false);
        var found = SnippetText().Match(html);
        Assert.True(found.Success && found.Groups["language"].Value == language);
        return (found.Groups["file"].Value, WebUtility.HtmlDecode(found.Groups["code"].Value));
    }

    private async Task<string> GetAsync(string user, string path, bool decode = true)
    {
        using var answer = await SendAsync(user, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        return decode ? WebUtility.HtmlDecode(text) : text;
    }

    private async Task<HttpResponseMessage> SendAsync(string user, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-User", user);
        return await _plugin.Client.SendAsync(request);
    }

    [GeneratedRegex("<pre [^>]*data-file=\"(?<file>[^\"]+)\" data-snippet=\"(?<language>[^\"]+)\">(?<code>.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex SnippetText();
}
