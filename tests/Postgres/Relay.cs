using System.Net;
using System.Net.Sockets;

namespace Tests.Postgres;

/// <summary>
/// A relay for TCP on loopback, between a host and its server: the network, which a test can cut, freeze and lead elsewhere. Its port stays the same.
/// </summary>
/// <remarks>It has threads of its own: a host in this process that blocks those of the pool must not make its network slow.</remarks>
public sealed class Relay : IAsyncDisposable
{
    private const int Piece = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ManualResetEventSlim _requests = new(true);
    private readonly ManualResetEventSlim _answers = new(true);
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Thread _accepting;
    private int _target;
    private bool _isCut;
    private bool _isDisposed;

    /// <param name="target">The port on 127.0.0.1 that it leads to.</param>
    public Relay(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Start(Accept);
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
        _requests.Reset();
        _answers.Reset();
    }

    /// <summary>What is asked still arrives at the server; its answers do not come back.</summary>
    public void FreezeAnswers() => _answers.Reset();

    /// <summary>Bytes pass again, also those that were held, and new connections are taken.</summary>
    public void Heal()
    {
        lock (_gate)
            _isCut = _isDisposed;
        _requests.Set();
        _answers.Set();
    }

    /// <summary>Leads new connections elsewhere; those that are open stay.</summary>
    public void LeadTo(int target)
    {
        lock (_gate)
            _target = target;
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
            _isDisposed = true;
        _listener.Stop();
        _accepting.Join();
        Cut();
        // Whoever waits finds its connection reset. The events are not disposed: a thread may be about to ask them.
        Heal();
        return ValueTask.CompletedTask;
    }

    private void Accept()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = _listener.AcceptSocket();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The relay ends.
                return;
            }

            Start(() => Carry(client));
        }
    }

    private void Carry(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            (client.NoDelay, server.NoDelay) = (true, true);
            if (Enter(client, server) is not { } target)
                return;
            server.Connect(IPAddress.Loopback, target);
            var back = Start(() => Pump(server, client, _answers));
            Pump(client, server, _requests);
            back.Join();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // A server that is down, or the end of the relay: the client's connection is reset.
        }
        finally
        {
            Leave(client, server);
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

    // Whichever side ends first ends the other.
    private static void Pump(Socket from, Socket to, ManualResetEventSlim flowing)
    {
        try
        {
            var buffer = new byte[Piece];
            while (from.Receive(buffer) is > 0 and var count)
            {
                flowing.Wait();
                for (var sent = 0; sent < count;)
                    sent += to.Send(buffer.AsSpan(sent, count - sent));
            }

            flowing.Wait();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One of the two is gone.
        }

        Reset(from);
        Reset(to);
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

    private static Thread Start(Action work)
    {
        var thread = new Thread(() => work()) { IsBackground = true, Name = "relay" };
        thread.Start();
        return thread;
    }
}
