using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Plugin.Tests.Send;

/// <summary>A receiver below HTTP: hands each connection, once the request is read, to a script. For what Kestrel would not do.</summary>
internal sealed class RawReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    private readonly bool _readsRequest;

    public RawReceiver(Func<string, NetworkStream, CancellationToken, Task> script, bool readsRequest = true)
    {
        _readsRequest = readsRequest;
        _listener.Start();
        _accepting = AcceptAsync(script);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}/";

    /// <summary>The requests as they came, head and body.</summary>
    public List<string> Requests { get; } = [];

    public static RawReceiver Answering(string answer) =>
        new((_, stream, stop) => stream.WriteAsync(Encoding.Latin1.GetBytes(answer), stop).AsTask());

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // In this order: accepting on a listener already stopped throws.
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<string, NetworkStream, CancellationToken, Task> script)
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), script));
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Disposed: no more connections.
        }
    }

    private async Task ServeAsync(TcpClient client, Func<string, NetworkStream, CancellationToken, Task> script)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = _readsRequest ? await ReadRequestAsync(stream) : "";
                lock (Requests)
                    Requests.Add(request);
                await script(request, stream, _stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The sender went away, or the test ended.
            }
        }
    }

    private async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
                return text.ToString();
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var head = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0)
                continue;
            var length = text.ToString().Split("\r\n").Where(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                .Select(l => int.Parse(l.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault();
            if (text.Length >= head + 4 + length)
                return text.ToString();
        }
    }
}
