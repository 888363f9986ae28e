using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Send;

public sealed class ProxyTests : IDisposable
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    // Public by this machine's resolver, and private by another; both dial nothing here.
    private static readonly IPAddress Public = IPAddress.Parse("8.8.8.8");

    private readonly HashSet<int> _allowedPorts = [];
    private readonly GuardedSender _sender;

    public ProxyTests() => _sender = NewSender(TimeProvider.System, (host, _) => host switch
    {
        "proxy.test" => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
        "inside.test" => Task.FromResult<IPAddress[]>([Public, IPAddress.Parse("10.0.0.1")]),
        "unknown.test" => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)),
        _ => Task.FromResult<IPAddress[]>([Public]),
    });

    public void Dispose() => _sender.Dispose();

    [Theory]
    [InlineData(nameof(PostForm.Usual))]
    [InlineData(nameof(PostForm.Legacy))]
    public async Task A_proxy_that_asks_who_it_is_passes_the_message_on(string form)
    {
        await using var receiver = RawReceiver.Answering(Ok);
        await using var proxy = new TestProxy { Credential = "dam:p w" };
        var result = await PostAsync($"http://receiver.test:{receiver.Port}/in?a=b", Through(proxy, "dam:p%20w@"), Enum.Parse<PostForm>(form));
        Assert.True(result.Succeeded, result.Detail);
        var request = Assert.Single(receiver.Requests);
        Assert.StartsWith("POST /in?a=b HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n{}", request, StringComparison.Ordinal);
        Assert.All(proxy.Asked, asked => Assert.Equal($"POST http://receiver.test:{receiver.Port}/in?a=b HTTP/1.1", asked));
    }

    [Fact]
    public async Task A_receiver_behind_TLS_is_reached_by_CONNECT_and_verified_on_this_side()
    {
        using var authority = new TestAuthority();
        await using var receiver = await TlsReceiver.StartAsync(authority.Issue("receiver.test"));
        await using var proxy = new TestProxy { Credential = "dam:pw" };
        var url = $"https://receiver.test:{receiver.Port}/";
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(authority.Pem);
        var trusting = Through(proxy, "dam:pw@") with { Roots = new TrustedRoots("", certificates) };
        foreach (var form in new[] { PostForm.Usual, PostForm.Legacy })
        {
            var result = await PostAsync(url, trusting, form);
            Assert.True(result.Succeeded, result.Detail);
        }
        Assert.Equal(AttemptOutcome.TlsFailed, (await PostAsync(url, Through(proxy, "dam:pw@"))).Outcome);
        Assert.All(proxy.Asked, asked => Assert.Equal($"CONNECT receiver.test:{receiver.Port} HTTP/1.1", asked));
        Assert.Equal(2, receiver.Callers.Count);
    }

    [Fact]
    public async Task A_proxy_of_SOCKS_5_is_given_the_name_to_look_up()
    {
        await using var receiver = RawReceiver.Answering(Ok);
        await using var proxy = new TestProxy(isSocks: true) { Credential = "dam:pw" };
        var result = await PostAsync($"http://unknown.test:{receiver.Port}/", Through(proxy, "dam:pw@", "socks5"));
        Assert.True(result.Succeeded, result.Detail);
        Assert.Equal([$"unknown.test:{receiver.Port}"], proxy.Asked);
        Assert.Equal(AttemptOutcome.ConnectFailed, (await PostAsync($"http://unknown.test:{receiver.Port}/", Through(proxy, "dam:other@", "socks5"))).Outcome);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/", "127.0.0.1:{0} leads to 127.0.0.1, which is loopback.")]
    [InlineData("http://2130706433:{0}/", "127.0.0.1:{0} leads to 127.0.0.1, which is loopback.")]
    [InlineData("https://[::ffff:169.254.169.254]/", "::ffff:169.254.169.254:443 leads to ::ffff:169.254.169.254, which is an IPv4 address in IPv6 form.")]
    [InlineData("http://inside.test/", "inside.test:80 leads to 10.0.0.1, which is private.")]
    public async Task Whom_this_machine_must_not_dial_the_proxy_is_not_asked_for(string url, string detail)
    {
        await using var receiver = RawReceiver.Answering(Ok);
        await using var proxy = new TestProxy();
        var via = Through(proxy);
        var result = await PostAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, url, receiver.Port), via);
        Assert.Equal(AttemptOutcome.Blocked, result.Outcome);
        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, detail, receiver.Port), result.Detail);
        Assert.Empty(proxy.Asked);
    }

    [Fact]
    public async Task The_proxy_itself_must_be_public_or_allowed()
    {
        await using var proxy = new TestProxy();
        var via = Through(proxy);
        _allowedPorts.Clear();
        var result = await PostAsync("http://receiver.test/", via);
        Assert.Equal((AttemptOutcome.Blocked, $"proxy.test:{proxy.Port} leads to 127.0.0.1, which is loopback."), (result.Outcome, result.Detail));
        Assert.Empty(proxy.Asked);
    }

    [Fact]
    public async Task A_name_that_only_the_proxy_knows_is_left_to_it()
    {
        await using var receiver = RawReceiver.Answering(Ok);
        await using var proxy = new TestProxy();
        var result = await PostAsync($"http://unknown.test:{receiver.Port}/", Through(proxy));
        Assert.True(result.Succeeded, result.Detail);
    }

    [Fact]
    public async Task A_resolver_that_does_not_answer_is_not_waited_for()
    {
        var clock = new FakeClock();
        using var asked = new SemaphoreSlim(0);
        using var sender = NewSender(clock, async (host, token) =>
        {
            if (host == "proxy.test")
                return [IPAddress.Loopback];
            asked.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return [];
        });
        await using var receiver = RawReceiver.Answering(Ok);
        await using var proxy = new TestProxy();
        var result = sender.PostAsync(Post($"http://slow.test:{receiver.Port}/", Through(proxy)), default);
        Assert.True(await asked.WaitAsync(TimeSpan.FromSeconds(10)));
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.True((await result).Succeeded);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task A_proxy_that_refuses_is_told_without_its_password(string scheme)
    {
        await using var proxy = new TestProxy { Refuses = 403 };
        var result = await PostAsync($"{scheme}://receiver.test/", Through(proxy, "dam:s3cret@"));
        Assert.False(result.Succeeded);
        Assert.Contains("403", result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.Detail, StringComparison.Ordinal);
        if (scheme == "https")
            Assert.Equal(AttemptOutcome.ConnectFailed, result.Outcome);
    }

    [Theory]
    [InlineData("http://proxy.internal:3128", "http://proxy.internal:3128")]
    [InlineData("http://user:p%40ss@proxy.internal", "http://proxy.internal")]
    [InlineData("socks5://user:pw@10.0.0.1", "socks5://10.0.0.1:1080")]
    [InlineData("socks5://[::1]:9050/", "socks5://[::1]:9050")]
    public void An_address_prints_without_its_credential(string written, string printed)
    {
        Assert.True(ProxyAddress.TryParse(written, out var proxy));
        Assert.Equal(printed, $"{proxy}");
    }

    [Theory]
    [InlineData("proxy.internal:3128")]
    [InlineData("https://proxy.internal")]
    [InlineData("ftp://proxy.internal")]
    [InlineData("http://proxy.internal/path")]
    [InlineData("http://proxy.internal?x=y")]
    [InlineData("socks5://")]
    [InlineData("")]
    public void Other_texts_are_no_proxies(string text) => Assert.False(ProxyAddress.TryParse(text, out _));

    private GuardedSender NewSender(TimeProvider time, ResolveHost resolve) =>
        new((host, port, address) => host == "proxy.test" && _allowedPorts.Contains(port) && IPAddress.IsLoopback(address), time, resolve);

    private Via Through(TestProxy proxy, string credential = "", string scheme = "http")
    {
        _allowedPorts.Add(proxy.Port);
        Assert.True(ProxyAddress.TryParse($"{scheme}://{credential}proxy.test:{proxy.Port}", out var address));
        return new Via { Proxy = address };
    }

    private Task<AttemptResult> PostAsync(string url, Via via, PostForm form = PostForm.Usual) => _sender.PostAsync(Post(url, via, form), default);

    private static OutgoingPost Post(string url, Via via, PostForm form = PostForm.Usual) => new()
    {
        Url = url,
        ContentType = "application/json",
        Body = "{}"u8.ToArray(),
        Timeout = TimeSpan.FromSeconds(20),
        Via = via,
        Form = form,
    };
}
