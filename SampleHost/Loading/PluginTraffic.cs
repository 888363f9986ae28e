using Microsoft.AspNetCore.Http;

namespace SampleHost.Loading;

/// <summary>
/// Counts what is under way inside one loaded plugin: requests at its endpoints, and calls by the host. Once closed nothing new gets
/// in, and the plugin may be stopped when the count is zero.
/// </summary>
internal sealed class PluginTraffic
{
    private readonly Lock _lock = new();
    private readonly HashSet<RequestUse> _requests = [];
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;
    private bool _closed;

    /// <summary>Lets a call in, unless the plugin is unloading. Each call that got in must <see cref="LeaveCall"/>.</summary>
    public bool TryEnterCall()
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            _calls++;
            return true;
        }
    }

    public void LeaveCall()
    {
        lock (_lock)
        {
            _calls--;
            SignalWhenEmpty();
        }
    }

    /// <summary>Lets a request in, or answers null when the plugin is unloading.</summary>
    public RequestUse? TryEnter(HttpContext context)
    {
        lock (_lock)
        {
            if (_closed)
                return null;
            var use = new RequestUse(this, context);
            _requests.Add(use);
            return use;
        }
    }

    /// <summary>
    /// Lets nothing in any more and waits for what is inside: 1. event streams are cancelled after a short grace, 2. other requests after a
    /// longer one, 3. connections of requests that do not heed it are cut. Calls are waited for as long as that.
    /// </summary>
    /// <returns>Whether everything left.</returns>
    public async Task<bool> DrainAsync(PluginLimits limits, TimeProvider time)
    {
        lock (_lock)
        {
            _closed = true;
            SignalWhenEmpty();
        }

        if (await IsEmptyWithin(limits.StreamGrace, time))
            return true;
        CancelStreams();
        if (await IsEmptyWithin(limits.RequestGrace, time))
            return true;
        ForEachRequest(request => request.Cancel());
        if (await IsEmptyWithin(limits.CancelGrace, time))
            return true;
        ForEachRequest(request => request.Cut());
        return await IsEmptyWithin(limits.StreamGrace, time);
    }

    /// <summary>Cancels the requests that are streaming events: they end only when told to.</summary>
    public void CancelStreams() => ForEachRequest(request =>
    {
        if (request.IsEventStream)
            request.Cancel();
    });

    private void Leave(RequestUse use)
    {
        lock (_lock)
        {
            _requests.Remove(use);
            SignalWhenEmpty();
        }
    }

    private void SignalWhenEmpty()
    {
        if (_closed && _calls == 0 && _requests.Count == 0)
            _empty.TrySetResult();
    }

    private async Task<bool> IsEmptyWithin(TimeSpan limit, TimeProvider time)
    {
        try
        {
            await _empty.Task.WaitAsync(limit, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Under the lock, so that no request leaves, and its context is used for another, while it is looked at.</summary>
    private void ForEachRequest(Action<RequestUse> action)
    {
        lock (_lock)
        {
            foreach (var request in _requests)
                action(request);
        }
    }

    /// <summary>One request inside the plugin.</summary>
    internal sealed class RequestUse : IDisposable
    {
        private readonly PluginTraffic _traffic;
        private readonly HttpContext _context;
        private readonly CancellationTokenSource _aborted;

        public RequestUse(PluginTraffic traffic, HttpContext context)
        {
            _traffic = traffic;
            _context = context;
            _aborted = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            Aborted = _aborted.Token;
        }

        /// <summary>Cancelled when the client leaves or the plugin unloads.</summary>
        public CancellationToken Aborted { get; }

        public bool IsEventStream =>
            _context.Response.HasStarted
            && _context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;

        /// <summary>Cancels on another thread: what the plugin hung on the token must not run under the lock.</summary>
        public void Cancel() => _ = _aborted.CancelAsync();

        public void Cut() => _context.Abort();

        public void Dispose()
        {
            _traffic.Leave(this);
            _aborted.Dispose();
        }
    }
}
