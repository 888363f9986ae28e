using Plugin.ApiWebhooks.Queue;

namespace Plugin.Tests.Queue;

/// <summary>
/// A queue with one ordered subscription, worked on at random: what the dispatcher, people and crashes do to it, in any interleaving. After each step the
/// streams are looked at.
/// </summary>
internal sealed class StreamModel(PluginDatabase database, FakeClock clock, Random random) : IAsyncDisposable
{
    private readonly List<ClaimedDelivery> _inHand = [];
    private readonly Dictionary<long, long> _lastOfStream = [];
    private readonly HashSet<long> _resent = [];
    private DeliveryQueue _queue = null!;
    private Subscription _subscription = null!;
    private long _position;

    /// <summary>What was done, for a failing seed.</summary>
    public List<string> Done { get; } = [];

    public async Task StartAsync(DeliveryOrder order)
    {
        _queue = await DeliveryQueue.OpenAsync(database, clock);
        await _queue.StartReaderAsync(0);
        _subscription = await _queue.AddSubscriptionAsync(new Subscription
        {
            Id = 0,
            Key = "one",
            Label = "one",
            State = SubscriptionState.Active,
            StartsAfter = 0,
            CreatedAt = clock.GetUtcNow(),
            Order = order,
        });
    }

    /// <summary>Does one thing at random, and checks.</summary>
    public async Task StepAsync(bool mayReorder)
    {
        switch (random.Next(mayReorder ? 11 : 10))
        {
            case 0 or 1:
                await IngestAsync();
                break;
            case 2:
                await ClaimAsync();
                break;
            case 3 or 4:
                await SettleAsync(failing: 0.4);
                break;
            case 5:
                await ActAsync("cancel", 0.3, id => new DeliveryActions(database, clock).CancelAsync(id));
                break;
            case 6:
                await ActAsync("resend", 1, ResendAsync);
                break;
            case 7:
                await PauseOrResumeAsync();
                break;
            case 8:
                await CrashAsync();
                break;
            case 9:
                clock.Advance(TimeSpan.FromSeconds(random.Next(1, 20)));
                Done.Add("time passes");
                break;
            default:
                await ReorderAsync();
                break;
        }
        Check();
    }

    /// <summary>Lets everything be delivered, without further trouble; fails when something stays.</summary>
    public async Task DrainAsync()
    {
        await _queue.Held.KeepNothingAsync(_subscription.Id);
        await ServeAsync();
        for (var i = 0; Number("SELECT count(*) FROM delivery WHERE finished_at IS NULL") > 0; i++)
        {
            Assert.True(i < 5000, "A stream is stuck.");
            clock.Advance(TimeSpan.FromSeconds(20));
            await ClaimAsync();
            await SettleAsync(failing: 0);
            Check();
        }
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task IngestAsync()
    {
        var count = random.Next(1, 5);
        // What the detector asks for: it does not know what is blocked, and may be behind a pause.
        var messages = Enumerable.Range(0, count).Select(i => new NewMessage
        {
            ChangeSequence = _position + i + 1,
            ChangeId = Guid.CreateVersion7(clock.GetUtcNow()),
            Kind = "record.inserted",
            RecordId = random.Next(5) is > 0 and var id ? id : null,
            OccurredAt = clock.GetUtcNow(),
            ContentType = "application/json",
            Body = "{}"u8.ToArray(),
            Deliveries = [new NewDelivery(_subscription.Id, NewState(), clock.GetUtcNow().AddSeconds(5))],
        }).ToList();
        Done.Add($"ingest {_position + 1} to {_position + count}: {string.Join(", ", messages.Select(m => $"{m.RecordId} {m.Deliveries[0].State}"))}");
        Take((await _queue.IngestAsync(new IngestBatch(_position, _position + count, messages)))!);
        _position += count;
    }

    private DeliveryState NewState() => _subscription.State != SubscriptionState.Active && random.Next(4) > 0 ? DeliveryState.Held : random.Next(5) switch
    {
        0 => DeliveryState.Waiting,
        1 or 2 => DeliveryState.Pending,
        _ => DeliveryState.InFlight,
    };

    private async Task ClaimAsync()
    {
        // The lane of a subscription that is not served claims nothing.
        if (_subscription.State != SubscriptionState.Active)
            return;
        var claimed = (await _queue.ClaimAsync(_subscription.Id, random.Next(1, 6), long.MaxValue)).Deliveries;
        Done.Add($"claim {Ids(claimed)}");
        Take(claimed);
    }

    private async Task SettleAsync(double failing)
    {
        var ended = _inHand.Where(_ => failing == 0 || random.Next(2) == 0).ToList();
        var settlements = ended.Select(delivery => new Settlement(delivery, Verdict(failing), null)).ToList();
        Done.Add($"settle {string.Join(", ", settlements.Select(s => $"{s.Delivery.ChangeSequence} {s.Verdict.GetType().Name}"))}");
        // Not served: nothing is handed over, and what goes back is held.
        var isServed = _subscription.State == SubscriptionState.Active;
        var result = await _queue.SettleAsync(settlements, _ => isServed && random.Next(3) > 0);
        Assert.All(result.LeaseHeld, Assert.True);
        _inHand.RemoveAll(ended.Contains);
        foreach (var settlement in settlements.Where(s => s.Verdict is Verdict.Deliver))
            Arrived(settlement.Delivery);
        Take(result.HandedOver);
        if (!isServed && random.Next(2) == 0)
            await _queue.Held.HoldAllAsync(_subscription.Id);
    }

    private Verdict Verdict(double failing) => random.NextDouble() >= failing
        ? new Verdict.Deliver()
        : random.Next(4) switch
        {
            0 => new Verdict.Release(),
            1 => new Verdict.Exhaust(),
            _ => new Verdict.Retry(clock.GetUtcNow().AddSeconds(random.Next(1, 10))),
        };

    private async Task ActAsync(string name, double likely, Func<long, Task<ActionResult>> act)
    {
        if (_position == 0 || random.NextDouble() > likely)
            return;
        var sequence = random.NextInt64(1, _position + 1);
        var result = await act(Number($"SELECT id FROM delivery WHERE change_sequence = {sequence}"));
        Done.Add($"{name} {sequence}: {result}");
    }

    private async Task<ActionResult> ResendAsync(long id)
    {
        var result = await new DeliveryActions(database, clock).ResendAsync(id);
        if (result is ActionResult.Done)
            _resent.Add(id);
        return result;
    }

    private async Task PauseOrResumeAsync()
    {
        if (_subscription.State != SubscriptionState.Active)
        {
            if (random.Next(4) == 0)
                await KeepAsync();
            else
                await _queue.Held.KeepNothingAsync(_subscription.Id);
            if (random.Next(6) == 0)
            {
                Done.Add("cancel all");
                await _queue.Held.CancelAllAsync(_subscription.Id);
            }
            await ServeAsync();
            return;
        }
        await StoreAsync(_subscription with { State = SubscriptionState.Paused });
        Done.Add("pause");
        // A crash may come between.
        if (random.Next(4) > 0)
            await _queue.Held.HoldAllAsync(_subscription.Id);
    }

    // What is kept back comes later, if at all: out of order by a person's wish.
    private async Task KeepAsync()
    {
        Done.Add("keep");
        await _queue.Held.KeepAsync(_subscription.Id);
        database.Read(c =>
        {
            using var reader = c.Prepared("SELECT id FROM delivery WHERE state = 'held'").ExecuteReader();
            while (reader.Read())
                _resent.Add(reader.GetInt64(0));
            return true;
        });
    }

    private async Task ServeAsync()
    {
        await StoreAsync(_subscription with { State = SubscriptionState.Active });
        Done.Add("resume");
        await FollowAsync();
    }

    private async Task ReorderAsync()
    {
        var order = (DeliveryOrder)random.Next(3);
        if (order == _subscription.Order)
            return;
        Done.Add($"from now on {order}");
        await StoreAsync(_subscription with { Order = order, Reorders = true });
        // Attempts that are under way are not called back, and the streams are others.
        _lastOfStream.Clear();
        foreach (var delivery in _inHand)
            _resent.Add(delivery.Id);
        if (random.Next(3) == 0)
            await SettleAsync(failing: 1);
        if (_subscription.State == SubscriptionState.Active)
            await FollowAsync();
        else
            await _queue.Held.HoldAllAsync(_subscription.Id);
    }

    // As Subscriptions does, with others coming between.
    private async Task FollowAsync()
    {
        if (_subscription.Reorders)
            await _queue.Held.HoldAllAsync(_subscription.Id);
        var limit = random.Next(2, 8);
        while (await _queue.Held.ResumeAsync(_subscription.Id, limit) == limit)
        {
            if (random.Next(3) == 0)
                await ClaimAsync();
            if (random.Next(5) == 0)
                await IngestAsync();
            if (random.Next(3) == 0)
                await SettleAsync(failing: 0.5);
        }
        _subscription = _queue.ReadSubscriptions().Single();
        Assert.False(_subscription.Reorders);
    }

    private async Task CrashAsync()
    {
        if (random.Next(3) > 0)
            return;
        Done.Add($"crash with {Ids(_inHand)} in hand");
        // Some of it had arrived.
        foreach (var delivery in _inHand.Where(_ => random.Next(2) == 0))
            Arrived(delivery);
        _inHand.Clear();
        _queue = await DeliveryQueue.OpenAsync(database, clock);
        await _queue.TakeOverAsync([_subscription.Id]);
        if (_subscription.State == SubscriptionState.Active)
            await FollowAsync();
        else
            await _queue.Held.HoldAllAsync(_subscription.Id);
    }

    private async Task StoreAsync(Subscription subscription)
    {
        _subscription = subscription;
        await _queue.UpdateSubscriptionAsync(subscription);
    }

    private void Take(IReadOnlyList<ClaimedDelivery> claimed)
    {
        _inHand.AddRange(claimed);
        var streams = _inHand.Where(each => each.Stream is not null).Select(each => each.Stream).ToList();
        Assert.Equal(streams.Count, streams.Distinct().Count());
    }

    // The receiver may see one again; it never sees one after a later one of its stream. Sent again on a person's wish, it is out of order by that wish.
    private void Arrived(ClaimedDelivery delivery)
    {
        if (delivery.Stream is not { } stream || _resent.Contains(delivery.Id))
            return;
        Assert.True(delivery.ChangeSequence >= _lastOfStream.GetValueOrDefault(stream), $"{delivery.ChangeSequence} came after {_lastOfStream.GetValueOrDefault(stream)}.");
        _lastOfStream[stream] = delivery.ChangeSequence;
    }

    // While the subscription is served, nothing is held but what is kept, and every stream has one delivery that is open.
    private void Check() => Assert.Equal(0, _subscription.State != SubscriptionState.Active ? 0 : Number("""
        SELECT count(*) FROM (
            SELECT d.stream, (
                SELECT o.state FROM delivery o WHERE o.stream = d.stream AND o.finished_at IS NULL ORDER BY o.change_sequence LIMIT 1) AS oldest
            FROM delivery d WHERE d.stream IS NOT NULL AND d.finished_at IS NULL
            GROUP BY d.stream HAVING count(d.due_at) = 0) AS shut
        WHERE oldest <> 'held'
        """) + Number(
            "SELECT count(*) FROM delivery WHERE state = 'held' AND change_sequence > (SELECT coalesce(kept_up_to, 0) FROM subscription)"));

    private static string Ids(IEnumerable<ClaimedDelivery> deliveries) => string.Join(", ", deliveries.Select(each => each.ChangeSequence));

    private long Number(string sql) => database.Read(c =>
    {
        using var command = c.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    });
}
