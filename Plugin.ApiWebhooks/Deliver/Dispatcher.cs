using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>
/// Sends what is owed: takes deliveries that were just committed from memory and all others from the database, keeps the limits of concurrency,
/// and lets every subscription have its turn.
/// </summary>
/// <remarks>
/// The way of a delivery:
/// <list type="number">
/// <item>It is handed over by the detector, claimed by it in the same transaction that stored it; or it is claimed here (<see cref="Refill"/>), when
/// it is due for a retry, was left in the database because the lane was full, or is left from before a crash.</item>
/// <item>It waits in its lane. Lanes with work stand in line; each lets one delivery go and joins the end of the line.</item>
/// <item>It is posted, outside of any lock and transaction.</item>
/// <item>The verdict and the attempt are stored together, under its lease token (<see cref="Settler"/>).</item>
/// </list>
/// Nothing runs while nothing is due: one timer stands at the earliest retry.
/// </remarks>
internal sealed partial class Dispatcher : IAsyncDisposable
{
    // Wall clocks are set now and then. While something waits, its time is looked at again at least so often.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RenewEvery = DeliveryQueue.LeaseLength / 3;
    private const long MostBytesPerClaim = 8 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly DeliveryQueue _queue;
    private readonly GuardedSender _sender;
    private readonly Func<DeliverySettings> _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<Dispatcher> _logger;
    private readonly Random _random;
    private readonly Settler _settler;
    private readonly Task _settling;
    private readonly CancellationTokenSource _interrupt = new();
    private readonly Dictionary<long, Lane> _lanes = [];
    private readonly Queue<Lane> _line = new();
    private readonly Dictionary<long, (ClaimedDelivery Delivery, int Tick)> _inHand = [];
    private readonly ITimer _dueTimer;
    private readonly ITimer _renewTimer;
    private readonly HashSet<Task> _background = [];
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _idle;
    private int _running;
    private int _tick;
    private bool _stopping;

    /// <summary>Starts with no lanes.</summary>
    public Dispatcher(
        DeliveryQueue queue, GuardedSender sender, Func<DeliverySettings> settings, TimeProvider time, Random random, Pace settling, ILoggerFactory loggers)
    {
        (_queue, _sender, _settings, _time, _random) = (queue, sender, settings, time, random);
        _logger = loggers.CreateLogger<Dispatcher>();
        _settler = new Settler(queue, Settled, time, settling, loggers.CreateLogger<Settler>());
        _settling = _settler.RunAsync(_interrupt.Token);
        _dueTimer = time.CreateTimer(_ => Pump(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _renewTimer = time.CreateTimer(_ => Renew(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Raised, on a background thread, after ends of attempts were committed.</summary>
    public event Action<IReadOnlyList<Settlement>>? Stored;

    /// <summary>Serves a subscription by a route, from now on or in place of the former one; null serves it no more.</summary>
    public Lane Serve(long subscriptionId, Route? route)
    {
        var released = new List<ClaimedDelivery>();
        Lane lane;
        lock (_gate)
        {
            if (!_lanes.TryGetValue(subscriptionId, out lane!))
                _lanes.Add(subscriptionId, lane = new Lane(subscriptionId));
            var wasServed = lane.Route is not null;
            lane.Route = route;
            if (route is not null && !wasServed)
                lane.NoteMore();
            while (route is null && lane.Ready > 0)
                released.Add(lane.Take());
        }
        if (released.Count > 0)
            InBackground(ReleaseAsync(released));
        Pump();
        return lane;
    }

    /// <summary>Promises a place for a delivery that is about to be stored.</summary>
    /// <returns>False when it is to be stored as pending instead.</returns>
    public bool TryReserve(Lane lane)
    {
        lock (_gate)
        {
            if (_stopping || !lane.HasRoom)
                return false;
            lane.Reserved++;
            return true;
        }
    }

    /// <summary>Gives back a promised place: nothing was stored.</summary>
    public void CancelReservation(Lane lane)
    {
        lock (_gate)
            lane.Reserved--;
    }

    /// <summary>Takes in deliveries that were stored claimed, for places promised.</summary>
    public void HandOver(IReadOnlyList<ClaimedDelivery> deliveries)
    {
        List<ClaimedDelivery>? unserved = null;
        lock (_gate)
        {
            foreach (var delivery in deliveries)
            {
                var lane = _lanes[delivery.SubscriptionId];
                lane.Reserved--;
                TakeInHand(delivery);
                if (lane.Route is null || _stopping)
                    (unserved ??= []).Add(delivery);
                else
                    lane.AddHandedOver(delivery);
            }
        }
        if (unserved is not null)
            InBackground(ReleaseAsync(unserved));
        Pump();
    }

    /// <summary>Learns of deliveries that were stored as pending (no time), or to wait until a moment.</summary>
    public void NoteStored(IReadOnlyList<(Lane Lane, DateTimeOffset? DueAt)> stored)
    {
        lock (_gate)
        {
            foreach (var (lane, dueAt) in stored)
            {
                if (dueAt is { } at)
                    lane.NoteDue(at);
                else
                    lane.NoteMore();
            }
        }
        Pump();
    }

    /// <summary>
    /// Completes when reading on in the change log helps somebody: while every lane is full, the log itself is the best place for what comes.
    /// </summary>
    public async Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                var served = _lanes.Values.Where(lane => lane.Route is not null).ToList();
                if (served.Count == 0 || served.Exists(lane => lane.HasRoom && lane.Ready + lane.Reserved <= Lane.Room / 2))
                    return;
                if (_room.Task.IsCompleted)
                    _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }
            await room.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Stops: nothing new is begun, attempts under way may end until the deadline and are then interrupted, and everything still in hand is released.
    /// </summary>
    /// <param name="drainDeadline">Fires when the time for ending is over.</param>
    public async Task StopAsync(CancellationToken drainDeadline)
    {
        var released = new List<ClaimedDelivery>();
        Task idle;
        lock (_gate)
        {
            _stopping = true;
            foreach (var lane in _lanes.Values)
            {
                while (lane.Ready > 0)
                    released.Add(lane.Take());
            }
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_running == 0)
                _idle.TrySetResult();
            idle = _idle.Task;
        }
        await ReleaseAsync(released);
        await using (drainDeadline.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _interrupt))
            await idle;
        await Task.WhenAll(BackgroundTasks());
        _settler.Complete();
        await _settling;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        await _dueTimer.DisposeAsync();
        await _renewTimer.DisposeAsync();
        _interrupt.Dispose();
    }

    // Begins whatever may begin: claims for lanes that want one, attempts as far as the limits allow, and the timer for the earliest retry.
    private void Pump()
    {
        List<Lane>? claims = null;
        List<(Lane Lane, ClaimedDelivery Delivery)>? attempts = null;
        lock (_gate)
        {
            if (_stopping)
                return;
            var now = _time.GetUtcNow();
            foreach (var lane in _lanes.Values)
            {
                if (lane.WantsClaim(now))
                {
                    lane.IsClaiming = true;
                    (claims ??= []).Add(lane);
                }
                JoinLine(lane);
            }
            while (TryTakeNext(out var lane, out var delivery))
            {
                _running++;
                (attempts ??= []).Add((lane!, delivery!));
            }
            SetDueTimer(now);
        }
        foreach (var lane in claims ?? [])
            InBackground(Refill(lane));
        foreach (var (lane, delivery) in attempts ?? [])
            ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Dispatcher.WorkAsync(work.Lane, work.Delivery), (Dispatcher: this, Lane: lane, Delivery: delivery), preferLocal: false);
    }

    // :: Step 1, for what is not handed over
    private async Task Refill(Lane lane)
    {
        int news;
        lock (_gate)
            news = lane.News;
        ClaimResult? result = null;
        try
        {
            result = await _queue.ClaimAsync(lane.SubscriptionId, Lane.Room / 2, MostBytesPerClaim);
        }
        catch (Exception exception)
        {
            LogNotClaimed(exception, lane.SubscriptionId);
        }
        List<ClaimedDelivery>? unserved = null;
        lock (_gate)
        {
            lane.IsClaiming = false;
            foreach (var delivery in result?.Deliveries ?? [])
            {
                TakeInHand(delivery);
                if (lane.Route is null || _stopping)
                    (unserved ??= []).Add(delivery);
                else
                    lane.AddClaimed(delivery);
            }
            var (hadMore, wasDue) = (lane.HasMore, lane.NextDueAt);
            lane.HasMore = result?.HasMore ?? false;
            // Without a result the database is in trouble: not at once again, but soon.
            lane.NextDueAt = result is null ? _time.GetUtcNow() + TimeSpan.FromSeconds(1) : result.NextDueAt;
            if (lane.News != news)
            {
                lane.HasMore |= hadMore;
                if (wasDue < lane.NextDueAt || lane.NextDueAt is null)
                    lane.NextDueAt = wasDue;
            }
            if (lane.HasRoom)
                _room.TrySetResult();
        }
        if (unserved is not null)
            await ReleaseAsync(unserved);
        Pump();
    }

    // :: Step 2. Called under the gate.
    private bool TryTakeNext(out Lane? lane, out ClaimedDelivery? delivery)
    {
        (lane, delivery) = (null, null);
        var settings = _settings();
        if (_stopping || _running >= settings.Concurrency)
            return false;
        while (_line.TryDequeue(out lane))
        {
            lane.IsInLine = false;
            if (lane.Ready == 0 || lane.InFlight >= settings.ConcurrencyPerHook)
                continue;
            delivery = lane.Take();
            lane.InFlight++;
            JoinLine(lane);
            if (lane.HasRoom && lane.Ready <= Lane.Room / 2)
                _room.TrySetResult();
            return true;
        }
        return false;
    }

    private void JoinLine(Lane lane)
    {
        if (lane.IsInLine || lane.Ready == 0 || lane.InFlight >= _settings().ConcurrencyPerHook)
            return;
        lane.IsInLine = true;
        _line.Enqueue(lane);
    }

    // A worker: goes on as long as there is work, so that a busy dispatcher starts no task per delivery.
    private async Task WorkAsync(Lane lane, ClaimedDelivery delivery)
    {
        while (true)
        {
            await _settler.AddAsync(await AttemptAsync(lane, delivery));
            var wantsPump = false;
            lock (_gate)
            {
                lane.InFlight--;
                JoinLine(lane);
                wantsPump = lane.WantsClaim(_time.GetUtcNow());
                _running--;
                if (TryTakeNext(out var nextLane, out var nextDelivery))
                {
                    _running++;
                    (lane, delivery) = (nextLane!, nextDelivery!);
                }
                else
                {
                    if (_running == 0)
                        _idle?.TrySetResult();
                    delivery = null!;
                }
            }
            if (wantsPump)
                Pump();
            if (delivery is null)
                return;
        }
    }

    // :: Step 3
    private async Task<Settlement> AttemptAsync(Lane lane, ClaimedDelivery delivery)
    {
        if (lane.Route is not { } route)
            return new Settlement(delivery, new Verdict.Release(), null);
        try
        {
            var result = await _sender.PostAsync(route.Post(delivery, _time.GetUtcNow()), _interrupt.Token);
            var verdict = AttemptPolicy.Decide(result, delivery.Attempts + 1, route, NextRandom());
            LogAttempt(result, verdict, route, delivery);
            return new Settlement(delivery, verdict, ToRecord(result, route));
        }
        catch (Exception exception)
        {
            // A programming error. The delivery must neither be lost nor hold its place for ever: it is tried again by the schedule.
            LogAttemptBroke(exception, delivery.MessageId, route.HookKey);
            var at = RetrySchedule.NextAttempt(route.Schedule, delivery.Attempts + 1, route.JitterPercent, 0, _time.GetUtcNow(), null);
            return new Settlement(delivery, at is null ? new Verdict.Exhaust() : new Verdict.Retry(at.Value), null);
        }
    }

    // :: Step 4 is done
    private void Settled(IReadOnlyList<Settlement> settlements, bool[] leaseHeld)
    {
        HashSet<long>? toHold = null;
        lock (_gate)
        {
            for (var i = 0; i < settlements.Count; i++)
            {
                var settlement = settlements[i];
                _inHand.Remove(settlement.Delivery.Id);
                if (!leaseHeld[i])
                    LogLeaseLapsed(settlement.Delivery.MessageId);
                var lane = _lanes[settlement.Delivery.SubscriptionId];
                if (settlement.Verdict is Verdict.Deliver or Verdict.Exhaust)
                    continue;
                if (lane.Route is null)
                    (toHold ??= []).Add(lane.SubscriptionId);
                else if (settlement.Verdict is Verdict.Retry retry)
                    lane.NoteDue(retry.At);
                else if (!_stopping)
                    lane.NoteMore();
            }
        }
        foreach (var id in toHold ?? [])
            InBackground(HoldAllAsync(id));
        Pump();
        Stored?.Invoke(settlements);
    }

    /// <summary>Holds everything a subscription is owed that is not in flight, in bounded steps.</summary>
    public async Task HoldAllAsync(long subscriptionId)
    {
        try
        {
            while (await _queue.HoldAsync(subscriptionId, 1000) == 1000)
            {
            }
        }
        catch (Exception exception)
        {
            // They stay pending without being claimed; the next settling or start holds them.
            LogNotClaimed(exception, subscriptionId);
        }
    }

    private void TakeInHand(ClaimedDelivery delivery)
    {
        if (_inHand.Count == 0)
            _renewTimer.Change(RenewEvery, RenewEvery);
        _inHand[delivery.Id] = (delivery, _tick);
    }

    private void Renew()
    {
        List<ClaimedDelivery> older;
        lock (_gate)
        {
            older = [.. _inHand.Values.Where(held => held.Tick < _tick).Select(held => held.Delivery)];
            _tick++;
            if (_inHand.Count == 0)
                _renewTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        if (older.Count > 0)
            InBackground(RenewAsync(older));
    }

    private async Task RenewAsync(List<ClaimedDelivery> deliveries)
    {
        try
        {
            await _queue.RenewAsync(deliveries);
        }
        catch (Exception exception)
        {
            LogNotRenewed(exception, deliveries.Count);
        }
    }

    private async Task ReleaseAsync(List<ClaimedDelivery> deliveries)
    {
        foreach (var delivery in deliveries)
            await _settler.AddAsync(new Settlement(delivery, new Verdict.Release(), null));
    }

    private void SetDueTimer(DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var lane in _lanes.Values)
        {
            if (lane.Route is not null && !lane.IsClaiming && lane.NextDueAt is { } due && (next is null || due < next))
                next = due;
        }
        var wait = next is null ? Timeout.InfiniteTimeSpan : next.Value - now;
        if (next is not null)
            wait = wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait > LongestTimer ? LongestTimer : wait;
        _dueTimer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private double NextRandom()
    {
        lock (_random)
            return _random.NextDouble();
    }

    private void InBackground(Task task)
    {
        lock (_background)
            _background.Add(task);
        task.ContinueWith(
            ended =>
            {
                lock (_background)
                    _background.Remove(ended);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private Task[] BackgroundTasks()
    {
        lock (_background)
            return [.. _background];
    }
}
