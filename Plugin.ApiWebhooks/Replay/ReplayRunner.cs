using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Detect;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Replay;

/// <summary>Runs the jobs, one piece after the other.</summary>
/// <remarks>
/// A piece makes no more owed than its subscription has room for: the rest stays in the change log until the receiver has taken what came before. So new changes
/// are never far behind in the queue, and neither memory nor database grows with the window. A job goes on when deliveries of its subscription were settled, when the
/// subscription is served again, and after a restart; nothing is polled. One that fails is tried again after a pause, and keeps no other from going on.
/// </remarks>
internal sealed partial class ReplayRunner(
    ReplayStore store, ReplayReader reader, Func<long, Subscriber?> find, Action<Subscriber> stored, TimeProvider time, ILogger<ReplayRunner> logger) : IDisposable
{
    /// <summary>What a job leaves in the queue at most, new changes counted with it.</summary>
    public const int MostOpen = 512;

    /// <summary>With more than these waiting for a retry, something is wrong with the receiver.</summary>
    public const int MostWaiting = 5_000;

    // Below it, pieces would be crumbs.
    private const int LeastRoom = 128;

    // A dry run leaves nothing in the queue.
    private const int MostCounted = 5_000;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly HashSet<long> _busy = [];
    private readonly HashSet<long> _due = [];
    private readonly Dictionary<long, (TimeSpan Pause, Task Paused)> _failed = []; // the loop's alone
    private readonly SemaphoreSlim _signal = new(0);
    private volatile bool _isBusy;

    /// <summary>Raised, on a background thread, when a job is at its end.</summary>
    public event Action<long>? Finished;

    /// <summary>Learns that a subscription may have a job, or that its job may go on.</summary>
    public void Wake(long subscriptionId)
    {
        lock (_gate)
        {
            _busy.Add(subscriptionId);
            _isBusy = true;
            if (_due.Add(subscriptionId))
                _signal.Release();
        }
    }

    /// <summary>Learns that deliveries were settled: there may be room.</summary>
    public void NoteSettled(IReadOnlyList<Settlement> settlements)
    {
        if (!_isBusy)
            return;
        lock (_gate)
        {
            foreach (var settlement in settlements)
            {
                var id = settlement.Delivery.SubscriptionId;
                if (_busy.Contains(id) && _due.Add(id))
                    _signal.Release();
            }
        }
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _signal.WaitAsync(cancellationToken);
                foreach (var id in TakeDue())
                    await TryAsync(id, cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The plugin stops, perhaps together with its database: jobs go on after the start from the position that is stored.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _signal.Dispose();

    // What keeps a piece from being read or stored passes: the job stays where it was.
    private async Task TryAsync(long subscriptionId, CancellationToken cancellationToken)
    {
        if (_failed.TryGetValue(subscriptionId, out var last) && !last.Paused.IsCompleted)
            return;
        try
        {
            if (await StepAsync(subscriptionId, cancellationToken))
                Wake(subscriptionId);
            _failed.Remove(subscriptionId);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var pause = last.Pause == TimeSpan.Zero ? ShortestPause : last.Pause < LongestPause ? last.Pause * 2 : last.Pause;
            LogFailed(exception, pause);
            var paused = Task.Delay(pause, time, cancellationToken);
            _failed[subscriptionId] = (pause, paused);
            _ = WakeAfterAsync(subscriptionId, paused);
        }
    }

    private async Task WakeAfterAsync(long subscriptionId, Task paused)
    {
        await paused.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (paused.IsCompletedSuccessfully)
            Wake(subscriptionId);
    }

    /// <returns>Whether it is worth going on at once.</returns>
    private async Task<bool> StepAsync(long subscriptionId, CancellationToken cancellationToken)
    {
        if (store.FindNext(subscriptionId) is not { } job)
        {
            Rest(subscriptionId);
            return false;
        }
        // A hook that is not served, or not in the file now: the job waits for it. Counting needs no more than the hook's rules.
        if (find(subscriptionId) is not { } subscriber || (!subscriber.IsServed && !job.IsDryRun))
            return false;
        var room = job.IsDryRun ? MostCounted : Room(subscriptionId);
        if (room < LeastRoom)
            return false;
        var chunk = await reader.ReadAsync(job, subscriber, room, cancellationToken);
        var progress = await store.StoreAsync(job, chunk);
        if (progress is { Owed: > 0 } && !job.IsDryRun)
            stored(subscriber);
        if (progress is { IsDone: true })
        {
            LogDone(job.Id, subscriber.Subscription.Key);
            Finished?.Invoke(job.Id);
        }
        return true;
    }

    private int Room(long subscriptionId)
    {
        var (open, waiting) = store.CountOwed(subscriptionId, MostOpen, MostWaiting);
        return waiting >= MostWaiting ? 0 : MostOpen - open;
    }

    private void Rest(long subscriptionId)
    {
        lock (_gate)
        {
            // A job that came meanwhile made it due.
            if (!_due.Contains(subscriptionId))
                _busy.Remove(subscriptionId);
            _isBusy = _busy.Count > 0;
        }
    }

    private long[] TakeDue()
    {
        lock (_gate)
        {
            var due = _due.ToArray();
            _due.Clear();
            return due;
        }
    }

    [LoggerMessage(2200, LogLevel.Error, "A replay could not go on; trying again in {Pause}.")]
    private partial void LogFailed(Exception exception, TimeSpan pause);

    [LoggerMessage(2201, LogLevel.Information, "Replay {Replay} for hook {Hook} is done.")]
    private partial void LogDone(long replay, string hook);
}
