using System.Net;
using System.Net.Sockets;

namespace Tests.Postgres;

/// <summary>
/// A relay for TCP on loopback, between a host and its server: the network, which a test can cut, freeze and lead elsewhere. Its port stays the same.
/// </summary>
public sealed class Relay : IAsyncDisposable
{
    private const int Piece = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Task _accepting;
    private TaskCompletionSource _requests = Flowing();
    private TaskCompletionSource _answers = Flowing();
    private int _target;
    private bool _isCut;

    /// <param name="target">The port on 127.0.0.1 that it leads to.</param>
    public Relay(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Resets all connections, and from now on each new one at once.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _isCut = true;
            foreach (var socket in _open)
                Reset(socket);
        }
    }

    /// <summary>No byte passes any more; connections stay and new ones are taken, as when the network is parted.</summary>
    public void Freeze()
    {
        lock (_gate)
        {
            Stop(ref _requests);
            Stop(ref _answers);
        }
    }

    /// <summary>What is asked still arrives at the server; its answers do not come back.</summary>
    public void FreezeAnswers()
    {
        lock (_gate)
            Stop(ref _answers);
    }

    /// <summary>Bytes pass again, also those that were held, and new connections are taken.</summary>
    public void Heal()
    {
        lock (_gate)
        {
            _isCut = false;
            _requests.TrySetResult();
            _answers.TrySetResult();
        }
    }

    /// <summary>Leads new connections elsewhere; those that are open stay.</summary>
    public void LeadTo(int target)
    {
        lock (_gate)
            _target = target;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relayed = new List<Task>();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                relayed.RemoveAll(each => each.IsCompleted);
                relayed.Add(RelayAsync(client));
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                // The end of the relay.
            }
        }

        await Task.WhenAll(relayed);
    }

    private async Task RelayAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                (client.NoDelay, server.NoDelay) = (true, true);
                if (Enter(client, server) is not { } target)
                    return;
                await server.ConnectAsync(IPAddress.Loopback, target, _stopping.Token);
                // Whichever side ends first ends the other.
                await Task.WhenAny(PumpAsync(client, server, () => _requests), PumpAsync(server, client, () => _answers));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // A server that is down, or the end of the relay: the client's connection is reset.
            }
            finally
            {
                Leave(client, server);
            }
        }
    }

    private int? Enter(Socket client, Socket server)
    {
        lock (_gate)
        {
            _open.Add(client);
            _open.Add(server);
            return _isCut ? null : _target;
        }
    }

    private void Leave(Socket client, Socket server)
    {
        lock (_gate)
        {
            _open.Remove(client);
            _open.Remove(server);
            Reset(client);
            Reset(server);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<TaskCompletionSource> flowing)
    {
        try
        {
            var buffer = new byte[Piece];
            while (await from.ReceiveAsync(buffer, _stopping.Token) is > 0 and var count)
            {
                await Gate(flowing).WaitAsync(_stopping.Token);
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stopping.Token);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two is gone; the caller ends the other.
        }
    }

    private Task Gate(Func<TaskCompletionSource> flowing)
    {
        lock (_gate)
            return flowing().Task;
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }

    private static void Stop(ref TaskCompletionSource flowing)
    {
        if (flowing.Task.IsCompleted)
            flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource();
        flowing.SetResult();
        return flowing;
    }
}
