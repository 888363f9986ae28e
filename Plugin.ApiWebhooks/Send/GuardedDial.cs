using System.Net;
using System.Net.Http;
using System.Net.Sockets;

namespace Plugin.ApiWebhooks.Send;

/// <summary>Whether the administrator's allow-list names what is about to be dialled, although it is private, local or otherwise refused.</summary>
/// <param name="host">The host of the URL, without brackets.</param>
/// <param name="port">The port.</param>
/// <param name="address">The address about to be dialled.</param>
internal delegate bool AddressAllowed(string host, int port, IPAddress address);

/// <summary>Resolves a host name.</summary>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellationToken);

/// <summary>
/// Opens connections. The check is made on the address that is dialled, after the name was resolved, so that a name which answers
/// differently the second time gains nothing.
/// </summary>
internal sealed class GuardedDial(AddressAllowed allowed, ResolveHost resolve, TimeProvider time)
{
    // Where the request was made by somebody else, its progress is an option.
    private static readonly HttpRequestOptionsKey<AttemptProgress> Progress = new("progress");

    // The connection pool lets a connect go on after its request gave up. Without a limit of its own a silent address would collect sockets.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(20);

    // With more than one address the next gets its turn although the first one is silent.
    private static readonly TimeSpan LimitWhenOthersWait = TimeSpan.FromSeconds(4);

    // Waiting longer for a resolver that may not know the name would eat up the attempt.
    private static readonly TimeSpan ResolveLimitBeforeProxy = TimeSpan.FromSeconds(3);

    /// <summary>The progress of the attempt that a request belongs to, or null.</summary>
    public static AttemptProgress? ProgressOf(HttpRequestMessage request) =>
        request is AttemptRequest own ? own.Progress : request.Options.TryGetValue(Progress, out var progress) ? progress : null;

    /// <summary>Tells of which attempt a request is that was made by somebody else.</summary>
    public static void Mark(HttpRequestMessage request, AttemptProgress progress) => request.Options.Set(Progress, progress);

    /// <summary>Resolves, checks and dials.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host.Trim('[', ']'), context.DnsEndPoint.Port);
        var progress = ProgressOf(context.InitialRequestMessage);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await ResolveAsync(host, progress, cancellationToken);
        var permitted = Permitted(host, port, addresses);
        progress?.Enter(AttemptPhase.Connecting);
        var stream = await DialFirstAsync(permitted, port, cancellationToken);
        progress?.Enter(AttemptPhase.Securing);
        return stream;
    }

    /// <summary>
    /// Checks the receiver that a proxy is going to dial. The proxy looks the name up itself, so this is no more than the same judgement beforehand: every
    /// address that this machine finds must be permitted, and a name it does not know is left to the proxy.
    /// </summary>
    /// <exception cref="DialException">The receiver is refused.</exception>
    public async Task CheckTargetAsync(Uri receiver, AttemptProgress progress, CancellationToken cancellationToken)
    {
        var host = receiver.IdnHost.Trim('[', ']');
        try
        {
            var addresses = IPAddress.TryParse(host, out var literal)
                ? [literal]
                : await ResolveAsync(host, progress, cancellationToken).WaitAsync(ResolveLimitBeforeProxy, time, cancellationToken);
            if (Array.Find(addresses, each => ReasonToRefuse(host, receiver.Port, each) is not null) is { } refused)
                throw new DialException(AttemptOutcome.Blocked, Refusal(host, receiver.Port, refused));
        }
        catch (DialException exception) when (exception.Outcome == AttemptOutcome.DnsFailed)
        {
            // Behind a proxy this machine may well know no names.
        }
        catch (TimeoutException)
        {
            // The same, where the resolver does not even answer.
        }
        progress.Enter(AttemptPhase.Answering);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, AttemptProgress? progress, CancellationToken cancellationToken)
    {
        progress?.Enter(AttemptPhase.Resolving);
        try
        {
            var addresses = await resolve(host, cancellationToken);
            return addresses.Length > 0
                ? addresses
                : throw new DialException(AttemptOutcome.DnsFailed, $"The name {host} has no address.");
        }
        catch (SocketException exception)
        {
            throw new DialException(AttemptOutcome.DnsFailed, $"The name {host} could not be resolved ({exception.SocketErrorCode}).", exception);
        }
        catch (ArgumentException exception)
        {
            throw new DialException(AttemptOutcome.DnsFailed, $"{host} is no host name.", exception);
        }
    }

    private List<IPAddress> Permitted(string host, int port, IPAddress[] addresses)
    {
        var permitted = new List<IPAddress>(addresses.Length);
        foreach (var address in addresses)
        {
            if (ReasonToRefuse(host, port, address) is null)
                permitted.Add(address);
        }
        return permitted.Count > 0 ? permitted : throw new DialException(AttemptOutcome.Blocked, Refusal(host, port, addresses[0]));
    }

    private string? ReasonToRefuse(string host, int port, IPAddress address) =>
        AddressPolicy.Refuse(address) is { } reason && !allowed(host, port, address) ? reason : null;

    private static string Refusal(string host, int port, IPAddress address) =>
        $"{host}:{port} leads to {address}, which is {AddressPolicy.Refuse(address)}.";

    private async Task<Stream> DialFirstAsync(List<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        DialException? last = null;
        for (var i = 0; i < addresses.Count; i++)
        {
            var limit = i < addresses.Count - 1 ? LimitWhenOthersWait : ConnectLimit;
            try
            {
                return await DialAsync(new IPEndPoint(addresses[i], port), limit, cancellationToken);
            }
            catch (DialException exception)
            {
                last = exception;
            }
        }
        throw last!;
    }

    private async Task<Stream> DialAsync(IPEndPoint endPoint, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, linked.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new DialException(AttemptOutcome.ConnectFailed, $"No connection to {endPoint} ({exception.SocketErrorCode}).", exception);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested)
        {
            socket.Dispose();
            throw new DialException(AttemptOutcome.ConnectFailed, $"No connection to {endPoint} within {limit.TotalSeconds} s.", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A request that knows its attempt. Cheaper than an option, for which every request would get a dictionary.</summary>
internal sealed class AttemptRequest(HttpMethod method, Uri address, TimeProvider time) : HttpRequestMessage(method, address)
{
    /// <summary>How far it has come.</summary>
    public AttemptProgress Progress { get; } = new(time, address.Scheme == Uri.UriSchemeHttps);
}
