using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>
/// Sends what is owed: takes deliveries that were just committed from memory and all others from the database, and carries out what
/// <see cref="Traffic"/> decides.
/// </summary>
/// <remarks>
/// The way of a delivery:
/// <list type="number">
/// <item>It is handed over by the detector, claimed by it in the same transaction that stored it; or it is claimed here, when it is due for a retry, was left
/// in the database because the lane was full, or is left from before a crash.</item>
/// <item>It waits in its lane. Lanes with work stand in line; each lets one delivery go and joins the end of the line.</item>
/// <item>It is posted, outside of any lock and transaction.</item>
/// <item>The verdict and the attempt are stored together, under its lease token (<see cref="Settler"/>).</item>
/// </list>
/// Nothing runs while nothing is due: one timer stands at the earliest thing to do.
/// </remarks>
internal sealed partial class Dispatcher : IAsyncDisposable
{
    private const long MostBytesPerClaim = 8 * 1024 * 1024;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(1);

    private readonly DeliveryQueue _queue;
    private readonly TimeProvider _time;
    private readonly ILogger<Dispatcher> _logger;
    private readonly Attempts _attempts;
    private readonly Traffic _traffic;
    private readonly Settler _settler;
    private readonly Task _settling;
    private readonly Leases _leases;
    private readonly CancellationTokenSource _interrupt = new();
    private readonly ITimer _wakeTimer;
    private readonly Lock _pumping = new();
    private readonly HashSet<Task> _background = [];

    /// <summary>Starts with no lanes.</summary>
    public Dispatcher(
        DeliveryQueue queue, GuardedSender sender, Func<DeliverySettings> settings, TimeProvider time, Random random, Pace settling, Telemetry telemetry,
        ILoggerFactory loggers)
    {
        (_queue, _time) = (queue, time);
        _logger = loggers.CreateLogger<Dispatcher>();
        var handshakes = new Handshakes(sender, (route, rate) => _traffic!.Allow(route, rate));
        _attempts = new Attempts(sender, handshakes, time, random, telemetry, loggers.CreateLogger<Attempts>());
        _traffic = new Traffic(settings, _attempts.NextRandom, time);
        _leases = new Leases(deliveries => InBackground(queue.RenewAsync(deliveries)), time);
        _settler = new Settler(StoreAsync, time, settling, loggers.CreateLogger<Settler>());
        _settling = _settler.RunAsync(_interrupt.Token);
        queue.Lost += lost => InBackground(RecoverAsync(lost));
        _wakeTimer = time.CreateTimer(_ => Pump(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Raised, on a background thread, after ends of attempts were committed.</summary>
    public event Action<IReadOnlyList<Settlement>>? Stored;

    /// <summary>Raised with the subscriptions of deliveries that were stored and are not served here: perhaps by another node.</summary>
    public event Action<IReadOnlyCollection<long>>? StoredElsewhere;

    /// <summary>Attempts under way.</summary>
    public int InFlight => _traffic.InFlight;

    /// <summary>The subscriptions whose receivers rest, and until when.</summary>
    public Dictionary<long, DateTimeOffset> FindRests() => _traffic.FindRests();

    /// <summary>Serves a subscription by a route, from now on or in place of the former one; null serves it no more.</summary>
    public Lane Serve(long subscriptionId, Route? route)
    {
        var released = new List<ClaimedDelivery>();
        var lane = _traffic.Serve(subscriptionId, route, released);
        InBackground(ReleaseAsync(released));
        Pump();
        return lane;
    }

    /// <summary>Promises a place for a delivery that is about to be stored.</summary>
    /// <returns>False when it is to be stored as pending instead.</returns>
    public bool TryReserve(Lane lane) => _traffic.TryReserve(lane);

    /// <summary>Gives back a promised place: nothing was stored.</summary>
    public void CancelReservation(Lane lane) => _traffic.CancelReservation(lane);

    /// <summary>Takes in deliveries that were stored claimed, for places promised.</summary>
    public void HandOver(IReadOnlyList<ClaimedDelivery> deliveries)
    {
        _leases.Add(deliveries);
        InBackground(ReleaseAsync(_traffic.HandOver(deliveries)));
        Pump();
    }

    /// <summary>Learns of deliveries that were stored as pending (no time), or to wait until a moment.</summary>
    public void NoteStored(IReadOnlyList<(Lane Lane, DateTimeOffset? DueAt)> stored)
    {
        _traffic.NoteStored(stored);
        Pump();
        if (StoredElsewhere is { } tell && stored.Where(each => each.Lane.Route is null).Select(each => each.Lane.SubscriptionId).ToHashSet() is { Count: > 0 } others)
            tell(others);
    }

    /// <summary>Learns that something of subscriptions may be claimed; those that are not served are passed over.</summary>
    public void Hear(IReadOnlyCollection<long> subscriptionIds)
    {
        _traffic.Hear(subscriptionIds);
        Pump();
    }

    /// <summary>Whether deliveries of a subscription are in hand.</summary>
    public bool IsBusyWith(long subscriptionId) => _leases.HasAny(subscriptionId);

    /// <summary>Completes when reading on in the change log makes sense.</summary>
    /// <returns>How many changes to read.</returns>
    public async Task<int> WaitForRoomAsync(int most, CancellationToken cancellationToken)
    {
        int welcome;
        while ((welcome = _traffic.Welcome(most, out var room)) == 0)
            await room.WaitAsync(cancellationToken);
        return welcome;
    }

    /// <summary>Begins to stop: nothing new is begun. <see cref="StopAsync"/> is still owed.</summary>
    public void BeginStop()
    {
        var released = new List<ClaimedDelivery>();
        _ = _traffic.Stop(released);
        InBackground(ReleaseAsync(released));
    }

    /// <summary>
    /// Stops: nothing new is begun, attempts under way may end until the deadline and are then interrupted, and everything still in hand is released.
    /// </summary>
    /// <param name="drainDeadline">Fires when the time for ending is over.</param>
    public async Task StopAsync(CancellationToken drainDeadline)
    {
        var released = new List<ClaimedDelivery>();
        var idle = _traffic.Stop(released);
        await using var interruption = drainDeadline.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _interrupt);
        await ReleaseAsync(released);
        await idle;
        await EndBackgroundAsync();
        _settler.Complete();
        await _settling;
        await EndBackgroundAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        await _wakeTimer.DisposeAsync();
        await _leases.DisposeAsync();
        _interrupt.Dispose();
    }

    private void Pump()
    {
        Traffic.Beginning begin;
        // Together: of two threads the one that asked last sets the timer last.
        lock (_pumping)
        {
            var asked = _time.GetTimestamp();
            begin = _traffic.Begin();
            SetTimer(begin.AskAgainAfter, asked);
        }
        foreach (var claiming in begin.Claims)
            InBackground(ClaimAsync(claiming));
        foreach (var going in begin.Attempts)
            ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Dispatcher.WorkAsync(work.Going), (Dispatcher: this, Going: going), preferLocal: false);
    }

    // A thread that was held up since it asked would oversleep by as long.
    private void SetTimer(TimeSpan after, long asked)
    {
        _wakeTimer.Change(after, Timeout.InfiniteTimeSpan);
        for (var passed = TimeSpan.Zero; after > TimeSpan.Zero && _time.GetElapsedTime(asked) is var now && now - passed > LongestDelay;)
        {
            passed = now;
            _wakeTimer.Change(after > passed ? after - passed : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    // :: Step 1, for what is not handed over
    private async Task ClaimAsync(Traffic.Claiming claiming)
    {
        // Without a result the database is in trouble: not at once again, but soon.
        var result = new ClaimResult([], HasMore: false, NextDueAt: _time.GetUtcNow() + TimeSpan.FromSeconds(1));
        try
        {
            result = await _queue.ClaimAsync(claiming.Lane.SubscriptionId, claiming.Most, MostBytesPerClaim, claiming.Lane.Route?.LongestWait);
        }
        catch (Exception exception)
        {
            LogNotClaimed(exception, claiming.Lane.SubscriptionId);
        }
        _leases.Add(result.Deliveries);
        // :: Step 2
        await ReleaseAsync(_traffic.EndClaim(claiming, result));
        Pump();
    }

    // :: Step 3. A worker goes on as long as there is work, so that a busy dispatcher starts no task per delivery.
    private async Task WorkAsync(Traffic.Going first)
    {
        Traffic.Going? next = first;
        while (next is { } going)
        {
            var (settlement, result) = await _attempts.MakeAsync(going.Delivery, going.Lane.Route, _interrupt.Token);
            // Before the place is given back: when the disk stands still, nothing new is begun.
            await _settler.AddAsync(settlement);
            var released = new List<ClaimedDelivery>();
            next = _traffic.Next(going, result, released, out var mayBeginMore);
            InBackground(ReleaseAsync(released));
            if (mayBeginMore)
                Pump();
        }
    }

    // :: Step 4
    private async Task StoreAsync(IReadOnlyList<Settlement> settlements)
    {
        var reserved = new List<Lane>();
        SettleResult result;
        try
        {
            result = await _queue.SettleAsync(settlements, id => _traffic.TryReserve(id, reserved));
        }
        catch
        {
            // Nothing was stored, and so nothing is handed over.
            reserved.ForEach(_traffic.CancelReservation);
            throw;
        }
        Settled(settlements, result);
    }

    private void Settled(IReadOnlyList<Settlement> settlements, SettleResult result)
    {
        _leases.Remove(settlements);
        for (var i = 0; i < settlements.Count; i++)
        {
            if (!result.LeaseHeld[i])
                LogLeaseLapsed(settlements[i].Delivery.MessageId);
        }
        if (result.HandedOver.Count > 0)
        {
            _leases.Add(result.HandedOver);
            // Not by the settler, which may have no more to come: the process stops.
            if (_traffic.HandOver(result.HandedOver) is { Count: > 0 } unserved)
                InBackground(UntilDoneAsync(() => StoreAsync([.. unserved.Select(Released)])));
        }
        foreach (var id in _traffic.Settled(settlements, result.Opened))
            InBackground(_queue.Held.PutAwayAsync(id));
        Pump();
        Stored?.Invoke(settlements);
    }

    // Of a transaction whose answer was lost nobody knows what it left to be claimed, and nothing that it claimed is in anybody's hands.
    private async Task RecoverAsync(LostClaim lost)
    {
        await UntilDoneAsync(() => _queue.ReleaseAsync(lost));
        foreach (var id in _traffic.Settled([], [.. lost.SubscriptionIds.Select(id => (id, (DateTimeOffset?)null))]))
            InBackground(_queue.Held.PutAwayAsync(id));
        Pump();
    }

    // While the process runs, nobody else frees what is in flight under its session.
    private async Task UntilDoneAsync(Func<Task> free)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause)
        {
            try
            {
                await free();
                return;
            }
            catch (Exception exception) when (!_interrupt.IsCancellationRequested)
            {
                LogNotFreed(exception, pause);
            }
            await Task.Delay(pause, _time, _interrupt.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReleaseAsync(List<ClaimedDelivery> deliveries)
    {
        foreach (var delivery in deliveries)
            await _settler.AddAsync(Released(delivery));
    }

    private static Settlement Released(ClaimedDelivery delivery) => new(delivery, new Verdict.Release(), null);

    private void InBackground(Task task)
    {
        if (task.IsCompletedSuccessfully)
            return;
        lock (_background)
            _background.Add(task);
        task.ContinueWith(
            ended =>
            {
                if (ended.Exception is { } exception)
                    LogBackgroundFailed(exception.GetBaseException());
                lock (_background)
                    _background.Remove(ended);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task EndBackgroundAsync()
    {
        while (BackgroundTasks() is { Length: > 0 } tasks)
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // told where they ended
    }

    private Task[] BackgroundTasks()
    {
        lock (_background)
            return [.. _background];
    }

    [LoggerMessage(2002, LogLevel.Warning, "The lease of {MessageId} ended before its attempt did; the message may arrive twice, with the same id.")]
    private partial void LogLeaseLapsed(string messageId);

    [LoggerMessage(2003, LogLevel.Error, "The deliveries of subscription {SubscriptionId} could not be claimed; trying again.")]
    private partial void LogNotClaimed(Exception exception, long subscriptionId);

    [LoggerMessage(2005, LogLevel.Error, "Deliveries that are not to be sent now could not be released; trying again in {Pause}.")]
    private partial void LogNotFreed(Exception exception, TimeSpan pause);

    // What it would have stored is stored later: leases end, and what is pending is held by the next settling or start.
    [LoggerMessage(2004, LogLevel.Error, "Releasing, holding or renewing deliveries failed.")]
    private partial void LogBackgroundFailed(Exception exception);
}
