using Plugin.ApiWebhooks.Queue.Engines;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Send;

/// <summary>Real handshakes with certificates of an authority that nobody else knows.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Host = "receiver.test";

    private readonly TestAuthority _authority = new();
    private readonly GuardedSender _sender = new(
        (_, _, address) => IPAddress.IsLoopback(address), TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

    private Via Trusting => new() { Roots = Roots(_authority) };

    public void Dispose()
    {
        _sender.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task An_authority_of_its_own_is_trusted_by_the_hook_that_names_it_and_by_no_other()
    {
        await using var receiver = await TlsReceiver.StartAsync(_authority.Issue(Host));
        for (var i = 0; i < 2; i++)
        {
            foreach (var form in new[] { PostForm.Usual, PostForm.Legacy })
            {
                Succeeds(await PostAsync(receiver, Trusting, form));
                // Neither an open connection nor a resumed session may carry the trust over.
                Fails("PartialChain", await PostAsync(receiver, null, form));
            }
        }
        Assert.Equal(4, receiver.Callers.Count);
        // The usual form keeps its connection although the authority was read twice; the legacy form takes one for each call.
        Assert.Equal(3, receiver.Connections);
    }

    [Fact]
    public async Task Expired_certificates_other_names_and_other_authorities_are_refused()
    {
        await using var expired = await TlsReceiver.StartAsync(_authority.Issue(Host, notAfter: new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Fails("NotTimeValid", await PostAsync(expired, Trusting));
        await using var otherName = await TlsReceiver.StartAsync(_authority.Issue("other.test"));
        Fails("NameMismatch", await PostAsync(otherName, Trusting));
        using var unknown = new TestAuthority("Another root");
        await using var otherAuthority = await TlsReceiver.StartAsync(unknown.Issue(Host));
        Fails("PartialChain", await PostAsync(otherAuthority, Trusting));
        Assert.All([expired, otherName, otherAuthority], receiver => Assert.Empty(receiver.Callers));
    }

    [Fact]
    public async Task What_stands_between_root_and_certificate_is_taken_from_the_receiver()
    {
        using var between = new TestAuthority("Between", _authority);
        await using var receiver = await TlsReceiver.StartAsync(between.Issue(Host), [between.Certificate]);
        Succeeds(await PostAsync(receiver, Trusting));
    }

    [Fact]
    public async Task Nothing_is_fetched_from_an_address_that_a_certificate_names()
    {
        using var between = new TestAuthority("Between", _authority);
        await using var inside = RawReceiver.Answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        // Kestrel itself would fetch what it lacks.
        var context = SslStreamCertificateContext.Create(between.Issue(Host, fetchIssuerAt: inside.Url + "issuer.cer"), [], offline: true);
        await using var receiver = new RawReceiver(
            async (_, stream, stop) =>
            {
                await using var tls = new SslStream(stream);
                try
                {
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context }, stop);
                    await tls.ReadExactlyAsync(new byte[1], stop);
                }
                catch (Exception exception) when (exception is AuthenticationException or IOException)
                {
                    // The sender refused the certificate.
                }
            },
            readsRequest: false);
        foreach (var via in new[] { null, Trusting })
            Fails("PartialChain", await _sender.PostAsync(Post(receiver.Port, via, PostForm.Usual), default));
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task A_receiver_that_demands_a_certificate_gets_the_hooks_own_and_nobody_elses()
    {
        using var clients = new TestAuthority("Clients");
        using var between = new TestAuthority("Between clients", clients);
        await using var receiver = await TlsReceiver.StartAsync(_authority.Issue(Host), clientRoot: clients.Certificate);
        var known = Trusting with { Identity = new ClientIdentity("", between.Issue("dam"), [between.Certificate]) };
        using var strangers = new TestAuthority("Strangers");
        var stranger = Trusting with { Identity = new ClientIdentity("", strangers.Issue("stranger"), []) };
        for (var i = 0; i < 2; i++)
        {
            Succeeds(await PostAsync(receiver, known));
            foreach (var refused in new[] { await PostAsync(receiver, Trusting), await PostAsync(receiver, stranger) })
            {
                // Kestrel closes the connection without a word where others send an alert.
                Assert.True(refused.Outcome is AttemptOutcome.TlsFailed or AttemptOutcome.Reset, $"{refused.Outcome}: {refused.Detail}");
                Assert.Contains("client certificate", Advice.For(refused.Outcome), StringComparison.Ordinal);
            }
        }
        Assert.Equal(["CN=dam", "CN=dam"], receiver.Callers);
    }

    [Fact]
    public void An_alert_after_the_handshake_is_a_failure_of_TLS()
    {
        // As .NET on Linux tells it.
        var exception = new HttpRequestException("An error occurred while sending the request.", new IOException(
            "The decryption operation failed, see inner exception.",
            new InvalidOperationException("Decrypt failed.", new CryptographicException("error:0A00045C:SSL routines::tlsv13 alert certificate required"))));
        Assert.Equal((AttemptOutcome.TlsFailed, "TLS was broken off: tlsv13 alert certificate required."), FaultOutcome.Of(exception));
    }

    [Fact]
    public async Task Connections_end_when_the_settings_name_their_way_no_more_and_an_exchange_under_way_is_finished()
    {
        await using var receiver = await TlsReceiver.StartAsync(_authority.Issue(Host));
        using var arrived = new SemaphoreSlim(0);
        using var answer = new SemaphoreSlim(0);
        receiver.Answer = () =>
        {
            arrived.Release();
            return answer.WaitAsync();
        };
        foreach (var form in new[] { PostForm.Usual, PostForm.Legacy })
        {
            var post = PostAsync(receiver, Trusting, form);
            Assert.True(await arrived.WaitAsync(TimeSpan.FromSeconds(10)));
            _sender.Keep(new HashSet<Via> { Trusting });
            Assert.Equal(1, _sender.OtherLines);
            _sender.Keep(new HashSet<Via>());
            Assert.Equal(0, _sender.OtherLines);
            answer.Release();
            Succeeds(await post);
        }
        answer.Release();
        Succeeds(await PostAsync(receiver, Trusting));
        Assert.Equal(3, receiver.Connections);
    }

    [Fact]
    public async Task No_more_lines_are_kept_than_a_bounded_number()
    {
        using var receiver = new DeadPort();
        using var many = new TestAuthority("Many");
        for (var i = 0; i < Lines.Most + 10; i++)
        {
            var via = Trusting with { Identity = new ClientIdentity("", many.Issue($"client-{i}"), []) };
            await _sender.PostAsync(Post(receiver.Port, via, PostForm.Usual), default);
        }
        Assert.Equal(Lines.Most, _sender.OtherLines);
    }

    private static void Succeeds(AttemptResult result) => Assert.True(result.Succeeded, $"{result.Outcome}: {result.Detail}");

    private static void Fails(string reason, AttemptResult result)
    {
        Assert.Equal(AttemptOutcome.TlsFailed, result.Outcome);
        Assert.Contains(reason, result.Detail, StringComparison.Ordinal);
    }

    private static TrustedRoots Roots(TestAuthority authority)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(authority.Pem);
        return new TrustedRoots("", certificates);
    }

    private Task<AttemptResult> PostAsync(TlsReceiver receiver, Via? via, PostForm form = PostForm.Usual) =>
        _sender.PostAsync(Post(receiver.Port, via, form), default);

    private static OutgoingPost Post(int port, Via? via, PostForm form) => new()
    {
        Url = $"https://{Host}:{port}/",
        ContentType = "application/json",
        Body = "{}"u8.ToArray(),
        Timeout = TimeSpan.FromSeconds(20),
        Via = via,
        Form = form,
    };

    /// <summary>A port on which nobody listens, and nobody else can begin to.</summary>
    private sealed class DeadPort : IDisposable
    {
        private readonly System.Net.Sockets.Socket _socket = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);

        public DeadPort() => _socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));

        public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

        public void Dispose() => _socket.Dispose();
    }
}
