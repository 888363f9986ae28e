using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Deliver;

/// <summary>One way in which a receiver, or what leads to it, does harm; and how an attempt at it is to be classed.</summary>
internal sealed record Hostility(AttemptOutcome Outcome)
{
    /// <summary>What it does once a request was read.</summary>
    public Func<NetworkStream, CancellationToken, Task> Does { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>What its name leads to meanwhile; this machine when null.</summary>
    public Func<IPAddress[]>? Resolves { get; init; }

    /// <summary>It never comes to an end by itself: only the limit of time ends the attempt.</summary>
    public bool TakesForEver { get; init; }

    /// <summary>It speaks, or should speak, TLS.</summary>
    public bool IsTls { get; init; }

    /// <summary>What the attempt's detail says.</summary>
    public string Says { get; init; } = "";

    /// <summary>The wait it asks for by <c>Retry-After</c>, where it is obeyed.</summary>
    public TimeSpan? Asks { get; init; }

    /// <summary>All of them by name. The clock of the tests stands at 2026-03-01 12:00.</summary>
    public static IReadOnlyDictionary<string, Hostility> All { get; } = new Dictionary<string, Hostility>
    {
        // Nobody listens there at the port.
        ["down"] = new(AttemptOutcome.ConnectFailed) { Resolves = () => [IPAddress.Parse("127.0.0.2")] },
        ["unknown name"] = new(AttemptOutcome.DnsFailed) { Resolves = () => throw new SocketException((int)SocketError.HostNotFound), Says = "HostNotFound" },
        ["name without address"] = new(AttemptOutcome.DnsFailed) { Resolves = () => [] },
        ["500"] = Answers(AttemptOutcome.ServerError, "500 Oh"),
        ["429 without a word"] = Answers(AttemptOutcome.Throttled, "429 Slow"),
        ["429 with seconds"] = Answers(AttemptOutcome.Throttled, "429 Slow", "Retry-After: 120") with { Asks = TimeSpan.FromSeconds(120) },
        ["429 with a date"] = Answers(AttemptOutcome.Throttled, "429 Slow", "Retry-After: Sun, 01 Mar 2026 12:10:00 GMT") with { Asks = TimeSpan.FromMinutes(10) },
        ["429 until the end of days"] = Answers(AttemptOutcome.Throttled, "429 Slow", "Retry-After: 99999999999999999999") with { Asks = TimeSpan.FromHours(24) },
        ["429 until the year 9999"] = Answers(AttemptOutcome.Throttled, "429 Slow", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT") with { Asks = TimeSpan.FromHours(24) },
        ["429 with a date that is over"] = Answers(AttemptOutcome.Throttled, "429 Slow", "Retry-After: Sun, 01 Mar 1999 12:10:00 GMT"),
        ["429 with nonsense"] = Answers(AttemptOutcome.Throttled, "429 Slow", "Retry-After: -5 or so"),
        ["redirect to here"] = Answers(AttemptOutcome.Redirected, "302 Found", "Location: http://127.0.0.1/"),
        ["another protocol"] = Answers(AttemptOutcome.ServerError, "101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"),
        ["no HTTP"] = new(AttemptOutcome.Reset) { Does = (stream, stop) => SendAsync(stream, "220 mail.example ESMTP\r\n", stop) },
        ["closes without a word"] = new(AttemptOutcome.Reset),
        ["resets without a word"] = new(AttemptOutcome.Reset) { Does = (stream, _) => ResetAsync(stream) },
        ["resets within the body"] = new(AttemptOutcome.Reset)
        {
            Does = async (stream, stop) =>
            {
                await SendAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf", stop);
                await ResetAsync(stream);
            },
        },
        ["promises more than it sends"] = new(AttemptOutcome.Reset) { Does = (stream, stop) => SendAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf", stop) },
        ["a chunk that is none"] = new(AttemptOutcome.Reset)
        {
            Does = (stream, stop) => SendAsync(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nx", stop),
        },
        ["huge headers"] = new(AttemptOutcome.AnswerTooLarge) { Does = (stream, stop) => SendAsync(stream, $"HTTP/1.1 200 OK\r\nX: {new string('x', 200_000)}\r\n\r\n", stop) },
        ["headers without end"] = new(AttemptOutcome.AnswerTooLarge)
        {
            Does = async (stream, stop) =>
            {
                await SendAsync(stream, "HTTP/1.1 200 OK\r\n", stop);
                await SendForEverAsync(stream, Encoding.ASCII.GetBytes("X: y\r\n"), stop);
            },
        },
        ["hangs"] = new(AttemptOutcome.TimedOut) { TakesForEver = true, Says = "waiting for the answer", Does = (_, stop) => ForEverAsync(stop) },
        ["drips its headers"] = new(AttemptOutcome.TimedOut) { TakesForEver = true, Does = (stream, stop) => DripAsync(stream, "HTTP/1.1 200 OK\r\nX: ", stop) },
        ["drips its body"] = new(AttemptOutcome.TimedOut)
        {
            TakesForEver = true,
            Does = (stream, stop) => DripAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", stop),
        },
        ["flood of 1xx"] = new(AttemptOutcome.AnswerTooLarge)
        {
            Does = (stream, stop) => SendForEverAsync(stream, Encoding.ASCII.GetBytes("HTTP/1.1 102 Processing\r\n\r\n"), stop),
        },
        ["an error of 10 GB"] = new(AttemptOutcome.ServerError) { Does = (stream, stop) => SendTenGigabytesAsync(stream, "500 Oh", stop) },
        ["TLS that is none"] = new(AttemptOutcome.TlsFailed)
        {
            IsTls = true,
            Does = (stream, stop) => SendAsync(stream, "HTTP/1.1 400 Bad Request\r\n\r\n", stop),
        },
        ["TLS with a certificate that ran out"] = Tls("127.0.0.1", DateTimeOffset.UnixEpoch.AddYears(10), "NotTimeValid"),
        ["TLS with somebody else's certificate"] = Tls("other.example", DateTimeOffset.UnixEpoch.AddYears(200), "NameMismatch"),
        ["TLS with a certificate nobody trusts"] = Tls("127.0.0.1", DateTimeOffset.UnixEpoch.AddYears(200), "UntrustedRoot"),
        ["name of the cloud's metadata"] = LeadsTo("169.254.169.254", "link-local"),
        ["name of an IPv4-mapped address"] = LeadsTo("::ffff:127.0.0.1", "an IPv4 address in IPv6 form"),
        ["name of a NAT64 address"] = LeadsTo("64:ff9b::7f00:1", "NAT64"),
        ["name of a 6to4 address"] = LeadsTo("2002:7f00:1::", "6to4"),
        ["name of no address"] = LeadsTo("0.0.0.0", "unspecified"),
        ["name of a private address"] = LeadsTo("10.0.0.1", "private"),
    };

    /// <summary>Answers with ten gigabytes, or as much of them as is taken.</summary>
    public static async Task SendTenGigabytesAsync(NetworkStream stream, string status, CancellationToken stop, Action<int>? sent = null)
    {
        await SendAsync(stream, $"HTTP/1.1 {status}\r\nContent-Length: 10000000000\r\n\r\n", stop);
        await SendForEverAsync(stream, Encoding.ASCII.GetBytes(new string('x', 64 * 1024)), stop, sent);
    }

    /// <summary>64 MiB of zeros in 64 KiB.</summary>
    public static byte[] GzipBomb()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 64; i++)
                gzip.Write(zeros);
        }
        return bomb.ToArray();
    }

    public static Task SendAsync(NetworkStream stream, string text, CancellationToken stop) => stream.WriteAsync(Encoding.Latin1.GetBytes(text), stop).AsTask();

    /// <summary>Cuts the connection without the usual goodbye.</summary>
    public static Task ResetAsync(NetworkStream stream)
    {
        stream.Socket.LingerState = new LingerOption(true, 0);
        stream.Socket.Close();
        return Task.CompletedTask;
    }

    private static Hostility Answers(AttemptOutcome outcome, string status, params string[] headers) => new(outcome)
    {
        Does = (stream, stop) => SendAsync(
            stream, string.Join("\r\n", [$"HTTP/1.1 {status}", .. headers, .. status.StartsWith('1') ? [] : (string[])["Content-Length: 0"], "", ""]), stop),
    };

    private static Hostility LeadsTo(string address, string says) =>
        new(AttemptOutcome.Blocked) { Resolves = () => [IPAddress.Parse(address)], Says = says };

    private static Hostility Tls(string name, DateTimeOffset end, string says) => new(AttemptOutcome.TlsFailed)
    {
        IsTls = true,
        Says = says,
        Does = async (stream, stop) =>
        {
            using var key = RSA.Create(2048);
            using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSelfSigned(DateTimeOffset.UnixEpoch, end);
            await using var tls = new SslStream(stream);
            try
            {
                await tls.AuthenticateAsServerAsync(certificate);
                await tls.ReadExactlyAsync(new byte[1], stop);
            }
            catch (AuthenticationException)
            {
                // The sender refused the certificate.
            }
        },
    };

    private static async Task DripAsync(NetworkStream stream, string head, CancellationToken stop)
    {
        await SendAsync(stream, head, stop);
        while (true)
        {
            await SendAsync(stream, ".", stop);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, stop);
        }
    }

    private static async Task SendForEverAsync(NetworkStream stream, byte[] bytes, CancellationToken stop, Action<int>? sent = null)
    {
        while (true)
        {
            await stream.WriteAsync(bytes, stop);
            sent?.Invoke(bytes.Length);
        }
    }

    private static Task ForEverAsync(CancellationToken stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
}
