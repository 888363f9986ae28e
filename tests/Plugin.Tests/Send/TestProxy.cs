using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Plugin.Tests.Send;

/// <summary>A small proxy: CONNECT and absolute addresses of HTTP, or SOCKS 5. Every name leads to this machine.</summary>
internal sealed class TestProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    public TestProxy(bool isSocks = false)
    {
        _listener.Start();
        _accepting = AcceptAsync(isSocks ? ServeSocksAsync : ServeHttpAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>user:password it asks for; null lets everybody.</summary>
    public string? Credential { get; init; }

    /// <summary>The status of its refusals; null dials.</summary>
    public int? Refuses { get; init; }

    /// <summary>What it was asked: the first line of each request, or the host and port of each SOCKS request.</summary>
    public List<string> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<NetworkStream, Task> serve)
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), serve));
        }
        catch (OperationCanceledException)
        {
            // Disposed: no more connections.
        }
    }

    private static async Task ServeAsync(TcpClient client, Func<NetworkStream, Task> serve)
    {
        using (client)
        {
            try
            {
                await serve(client.GetStream());
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
            {
                // One of the two sides went, or the test is over.
            }
        }
    }

    private async Task ServeHttpAsync(NetworkStream stream)
    {
        while (await ReadHeadAsync(stream) is { Length: > 0 } head)
        {
            var line = head[..head.IndexOf("\r\n", StringComparison.Ordinal)];
            lock (Asked)
                Asked.Add(line);
            var authorized = Credential is null || head.Contains($"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(Credential))}\r\n", StringComparison.Ordinal);
            if (Refuses is { } status || !authorized)
            {
                await SkipBodyAsync(stream, head);
                var answer = authorized ? $"HTTP/1.1 {Refuses} Refused\r\n" : "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n";
                await WriteAsync(stream, answer + "Content-Length: 0\r\n\r\n");
                continue;
            }
            var target = line.Split(' ')[1];
            if (line.StartsWith("CONNECT ", StringComparison.Ordinal))
            {
                using var tunnel = await DialAsync(target);
                await WriteAsync(stream, "HTTP/1.1 200 Go\r\n\r\n");
                await PumpAsync(stream, tunnel.GetStream());
                return;
            }
            var uri = new Uri(target);
            using var receiver = await DialAsync(uri.Authority);
            await WriteAsync(receiver.GetStream(), head.Replace(target, uri.PathAndQuery, StringComparison.Ordinal));
            await PumpAsync(stream, receiver.GetStream());
            return;
        }
    }

    // RFC 1928, and RFC 1929 for the credential.
    private async Task ServeSocksAsync(NetworkStream stream)
    {
        var greeting = await ReadAsync(stream, 2);
        await ReadAsync(stream, greeting[1]);
        await stream.WriteAsync(new byte[] { 5, (byte)(Credential is null ? 0 : 2) }, _stop.Token);
        if (Credential is not null)
        {
            var user = await ReadTextAsync(stream, (await ReadAsync(stream, 2))[1]);
            var password = await ReadTextAsync(stream, (await ReadAsync(stream, 1))[0]);
            var isKnown = $"{user}:{password}" == Credential;
            await stream.WriteAsync(new byte[] { 1, (byte)(isKnown ? 0 : 1) }, _stop.Token);
            if (!isKnown)
                return;
        }
        var request = await ReadAsync(stream, 4);
        var host = request[3] == 3 ? await ReadTextAsync(stream, (await ReadAsync(stream, 1))[0]) : new IPAddress(await ReadAsync(stream, 4)).ToString();
        var port = await ReadAsync(stream, 2);
        var target = $"{host}:{(port[0] << 8) | port[1]}";
        lock (Asked)
            Asked.Add(target);
        using var receiver = await DialAsync(target);
        await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 127, 0, 0, 1, 0, 0 }, _stop.Token);
        await PumpAsync(stream, receiver.GetStream());
    }

    private async Task<TcpClient> DialAsync(string authority)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, int.Parse(authority[(authority.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture), _stop.Token);
        return client;
    }

    private async Task PumpAsync(NetworkStream one, NetworkStream other) =>
        await Task.WhenAny(one.CopyToAsync(other, _stop.Token), other.CopyToAsync(one, _stop.Token));

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) == 1)
            head.Append((char)one[0]);
        return head.ToString();
    }

    private async Task SkipBodyAsync(NetworkStream stream, string head)
    {
        var at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
            await ReadAsync(stream, int.Parse(head.AsSpan(at + 16, head.IndexOf('\r', at) - at - 16), System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task<byte[]> ReadAsync(NetworkStream stream, int length)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, _stop.Token);
        return bytes;
    }

    private async Task<string> ReadTextAsync(NetworkStream stream, int length) => Encoding.UTF8.GetString(await ReadAsync(stream, length));

    private ValueTask WriteAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.Latin1.GetBytes(text), _stop.Token);
}
