using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>
/// Who may go next: the lanes, the line in which those with work stand, and the places for attempts. Decides only; does no I/O and begins nothing. Every
/// method is atomic.
/// </summary>
internal sealed class Traffic(Func<DeliverySettings> settings, Func<double> random, TimeProvider time)
{
    // Wall clocks are set now and then. While something waits, its time is looked at again at least so often.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromSeconds(30);

    // Below it, reading on would be done in crumbs.
    private const int LeastRoom = Lane.Room / 4;

    private readonly Lock _gate = new();
    private readonly Slots _slots = new(time);
    private readonly Load _load = new();
    private readonly Dictionary<long, Lane> _lanes = [];
    private readonly Queue<Lane> _line = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopping;

    /// <summary>An attempt that may go.</summary>
    internal readonly record struct Going(Lane Lane, ClaimedDelivery Delivery, Slots.Slot Slot);

    /// <summary>A claim that is to be made, with what its end is to be told and the most to claim.</summary>
    internal readonly record struct Claiming(Lane Lane, int News, int Most);

    /// <summary>What may begin now, and when to ask again.</summary>
    internal readonly record struct Beginning(List<Claiming> Claims, List<Going> Attempts, TimeSpan AskAgainAfter);

    /// <summary>Attempts under way.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate)
                return _slots.Taken;
        }
    }

    /// <summary>The subscriptions whose receivers rest, and until when.</summary>
    public Dictionary<long, DateTimeOffset> FindRests()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return _lanes.Values.Where(lane => lane.Pace.Rests(now)).ToDictionary(lane => lane.SubscriptionId, lane => lane.Pace.RestsUntil!.Value);
        }
    }

    /// <summary>Serves a subscription by a route; null serves it no more.</summary>
    /// <param name="subscriptionId">The subscription.</param>
    /// <param name="route">The way of its messages.</param>
    /// <param name="released">Takes what lay in its lane and is not to be sent now.</param>
    public Lane Serve(long subscriptionId, Route? route, List<ClaimedDelivery> released)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(subscriptionId, out var lane))
                _lanes.Add(subscriptionId, lane = new Lane(subscriptionId, _load));
            // Another way may lead to a receiver that is well: what was learned of the former one does not hold.
            if (route?.ShownUrl != lane.Route?.ShownUrl)
                (lane.Pace, lane.AllowedRate) = (new ReceiverPace(), null);
            lane.Route = route;
            Limit(lane);
            // What lies here may have been claimed by another order.
            if (!lane.TakesAll)
                lane.TakeAll(released);
            if (route is not null)
                lane.Note(null);
            _room.TrySetResult();
            return lane;
        }
    }

    /// <summary>Holds a hook to the rate that its receiver allows, beside its own; null for no limit.</summary>
    public void Allow(Route route, RateLimit? rate)
    {
        lock (_gate)
        {
            foreach (var lane in _lanes.Values)
            {
                if (lane.Route?.HookKey != route.HookKey)
                    continue;
                lane.AllowedRate = rate;
                Limit(lane);
            }
        }
    }

    /// <summary>Promises a place in a lane for a delivery that is about to be stored.</summary>
    public bool TryReserve(Lane lane)
    {
        lock (_gate)
        {
            if (_stopping || lane.Free(time.GetUtcNow()) <= 0)
                return false;
            lane.Reserve();
            return true;
        }
    }

    /// <summary>The same for the next delivery of a stream, which is opened in the transaction that stores the end of the one before.</summary>
    public bool TryReserve(long subscriptionId, List<Lane> reserved)
    {
        lock (_gate)
        {
            var lane = _lanes[subscriptionId];
            if (!TryReserve(lane))
                return false;
            reserved.Add(lane);
            return true;
        }
    }

    /// <summary>Gives back a promised place.</summary>
    public void CancelReservation(Lane lane)
    {
        lock (_gate)
            lane.Unreserve();
    }

    /// <summary>Takes in deliveries for places promised.</summary>
    /// <returns>Those whose subscription is not served any more.</returns>
    public List<ClaimedDelivery> HandOver(IReadOnlyList<ClaimedDelivery> deliveries)
    {
        var unserved = new List<ClaimedDelivery>();
        lock (_gate)
        {
            var now = time.GetUtcNow();
            foreach (var delivery in deliveries)
            {
                var lane = _lanes[delivery.SubscriptionId];
                lane.Unreserve();
                if (!lane.Takes(delivery) || _stopping)
                {
                    unserved.Add(delivery);
                }
                else if (lane.RestsUntil(now) > now + Lane.LongestRestInHand)
                {
                    // Its rest began while these were stored: they wait in the database like the others.
                    unserved.Add(delivery);
                    lane.Note(null);
                }
                else
                    lane.AddHandedOver(delivery);
            }
        }
        return unserved;
    }

    /// <summary>Learns of deliveries that were stored as pending (no time), or to wait until a moment.</summary>
    public void NoteStored(IReadOnlyList<(Lane Lane, DateTimeOffset? DueAt)> stored)
    {
        lock (_gate)
        {
            foreach (var (lane, dueAt) in stored)
                lane.Note(dueAt);
        }
    }

    /// <summary>Learns that something of subscriptions may be claimed now.</summary>
    public void Hear(IReadOnlyCollection<long> subscriptionIds)
    {
        lock (_gate)
        {
            foreach (var id in subscriptionIds)
            {
                if (_lanes.TryGetValue(id, out var lane) && lane.Route is not null)
                    lane.Note(null);
            }
        }
    }

    /// <summary>
    /// How many changes to read next from the change log. While every lane is full and moving, none: the log itself is the best place for what comes. A lane
    /// that does not move is not waited for.
    /// </summary>
    /// <param name="most">The most to read.</param>
    /// <param name="room">When none, completes when it is worth asking again.</param>
    public int Welcome(int most, out Task room)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var (isMoving, free) = (false, 0);
            foreach (var lane in _lanes.Values)
            {
                // A strict or limited one moves at its own pace, and what it has no room for lies in the database.
                if (lane.Route is null or { Order: DeliveryOrder.Strict } || lane.Bucket is not null || lane.Pace.Rests(now))
                    continue;
                isMoving = true;
                free = Math.Max(free, lane.Free(now));
            }
            if (_room.Task.IsCompleted)
                _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _room.Task;
            if (!isMoving)
                return most;
            return free >= LeastRoom ? Math.Min(free, most) : 0;
        }
    }

    /// <summary>Takes out whatever may begin now.</summary>
    public Beginning Begin()
    {
        var (claims, attempts) = (new List<Claiming>(), new List<Going>());
        lock (_gate)
        {
            if (_stopping)
                return new Beginning(claims, attempts, Timeout.InfiniteTimeSpan);
            var (now, current) = (time.GetUtcNow(), settings());
            foreach (var lane in _lanes.Values)
            {
                if (lane.WantsClaim(now))
                    claims.Add(new Claiming(lane, lane.BeginClaim(), lane.MostToClaim));
                JoinLine(lane, current, now);
            }
            while (TakeNext(current, now) is { } going)
                attempts.Add(going);
            return new Beginning(claims, attempts, AskAgainAfter(now));
        }
    }

    /// <summary>Takes in what a claim gave.</summary>
    /// <returns>What is not to be sent now.</returns>
    public List<ClaimedDelivery> EndClaim(Claiming claiming, ClaimResult result)
    {
        var unserved = new List<ClaimedDelivery>();
        lock (_gate)
        {
            claiming.Lane.EndClaim(claiming.News, result.Deliveries, result.HasMore, result.NextDueAt);
            if (_stopping || !result.Deliveries.All(claiming.Lane.Takes))
                claiming.Lane.TakeAll(unserved);
            _room.TrySetResult();
        }
        return unserved;
    }

    /// <summary>Gives back an attempt's place, learns how it went, and gives the place to the next.</summary>
    /// <param name="done">The attempt that ended.</param>
    /// <param name="result">How it went; null when none was made.</param>
    /// <param name="released">Takes what lay in the lane when it comes to a long rest.</param>
    /// <param name="mayBeginMore">Whether <see cref="Begin"/> is to be asked.</param>
    public Going? Next(Going done, AttemptResult? result, List<ClaimedDelivery> released, out bool mayBeginMore)
    {
        lock (_gate)
        {
            var (now, current, lane) = (time.GetUtcNow(), settings(), done.Lane);
            if (result is not null)
                lane.Pace.Learn(result, current.ConcurrencyPerHook, random());
            if (lane.RestsUntil(now) > now + Lane.LongestRestInHand && lane.Ready > 0)
            {
                lane.TakeAll(released);
                lane.Note(null);
            }
            lane.InFlight--;
            _slots.Return(done.Slot);
            JoinLine(lane, current, now);
            // A rest opens the way for the detector, and has an end to be awaited; so has the wait for a token.
            if (lane.Pace.Rests(now))
                _room.TrySetResult();
            var next = TakeNext(current, now);
            mayBeginMore = lane.WantsClaim(now) || lane.RestsUntil(now) is not null || lane.WaitsForToken;
            if (_stopping && _slots.Taken == 0)
                _idle.TrySetResult();
            return next;
        }
    }

    /// <summary>Learns what was stored, and where the next of a stream was opened.</summary>
    /// <returns>The subscriptions whose deliveries are to be held, since they are not served any more.</returns>
    public HashSet<long> Settled(IReadOnlyList<Settlement> settlements, IReadOnlyList<(long SubscriptionId, DateTimeOffset? DueAt)> opened)
    {
        var toHold = new HashSet<long>();
        lock (_gate)
        {
            foreach (var (id, dueAt) in opened)
            {
                if (_lanes[id].Route is null)
                    toHold.Add(id);
                else
                    _lanes[id].Note(dueAt);
            }
            foreach (var settlement in settlements)
            {
                if (settlement.Verdict is Verdict.Deliver or Verdict.Exhaust || _stopping)
                    continue;
                var lane = _lanes[settlement.Delivery.SubscriptionId];
                if (lane.Route is null)
                    toHold.Add(lane.SubscriptionId);
                else
                    lane.Note((settlement.Verdict as Verdict.Retry)?.At);
            }
        }
        return toHold;
    }

    /// <summary>Lets nothing new go.</summary>
    /// <param name="released">Takes what lay in the lanes.</param>
    /// <returns>Completes when no attempt is under way.</returns>
    public Task Stop(List<ClaimedDelivery> released)
    {
        lock (_gate)
        {
            _stopping = true;
            foreach (var lane in _lanes.Values)
                lane.TakeAll(released);
            if (_slots.Taken == 0)
                _idle.TrySetResult();
        }
        return _idle.Task;
    }

    // The following are called under the gate.
    private Going? TakeNext(DeliverySettings current, DateTimeOffset now)
    {
        if (_stopping || _line.Count == 0 || _slots.Take(current.Concurrency) is not { } slot)
            return null;
        while (_line.TryDequeue(out var lane))
        {
            lane.IsInLine = false;
            if (!lane.MayGo(current.ConcurrencyPerHook, now))
                continue;
            var delivery = lane.Take();
            lane.Bucket?.Take();
            lane.InFlight++;
            JoinLine(lane, current, now);
            if (lane.Free(now) >= LeastRoom)
                _room.TrySetResult();
            return new Going(lane, delivery, slot);
        }
        _slots.Return(slot);
        return null;
    }

    private void Limit(Lane lane)
    {
        if (lane.Route is not { } route)
            return;
        var rate = route.Rate is null || lane.AllowedRate?.PerSecond < route.Rate.PerSecond ? lane.AllowedRate : route.Rate;
        if (lane.Bucket?.Limit != rate)
            lane.Bucket = rate is null ? null : new TokenBucket(rate, time);
    }

    private void JoinLine(Lane lane, DeliverySettings current, DateTimeOffset now)
    {
        if (lane.IsInLine || !lane.MayGo(current.ConcurrencyPerHook, now))
            return;
        lane.IsInLine = true;
        _line.Enqueue(lane);
    }

    private TimeSpan AskAgainAfter(DateTimeOffset now)
    {
        DateTimeOffset? at = null;
        foreach (var lane in _lanes.Values)
        {
            if (lane.WakeAt(now) is { } wakeAt && (at is null || wakeAt < at))
                at = wakeAt;
        }
        if (_line.Count > 0 && _slots.UntilNextFree() is { } free && (at is null || now + free < at))
            at = now + free;
        if (at is null)
            return Timeout.InfiniteTimeSpan;
        var wait = at.Value - now;
        return wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait > LongestTimer ? LongestTimer : wait;
    }
}
