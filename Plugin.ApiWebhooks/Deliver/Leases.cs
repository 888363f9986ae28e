using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>The deliveries in this process's hands. While there are any, their leases are renewed well before they end.</summary>
internal sealed class Leases : IAsyncDisposable
{
    private static readonly TimeSpan RenewEvery = DeliveryQueue.LeaseLength / 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, (ClaimedDelivery Delivery, int Tick)> _held = [];
    private readonly Action<List<ClaimedDelivery>> _renew;
    private readonly ITimer _timer;
    private int _tick;

    /// <summary>Starts with none.</summary>
    /// <param name="renew">Renews leases; called by a timer, returns at once.</param>
    /// <param name="time">The clock.</param>
    public Leases(Action<List<ClaimedDelivery>> renew, TimeProvider time)
    {
        _renew = renew;
        _timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes deliveries in hand.</summary>
    public void Add(IReadOnlyList<ClaimedDelivery> deliveries)
    {
        if (deliveries.Count == 0)
            return;
        lock (_gate)
        {
            if (_held.Count == 0)
                _timer.Change(RenewEvery, RenewEvery);
            foreach (var delivery in deliveries)
                _held[delivery.Id] = (delivery, _tick);
        }
    }

    /// <summary>Whether deliveries of a subscription are in hand.</summary>
    public bool HasAny(long subscriptionId)
    {
        lock (_gate)
            return _held.Values.Any(held => held.Delivery.SubscriptionId == subscriptionId);
    }

    /// <summary>Lets deliveries go.</summary>
    public void Remove(IReadOnlyList<Settlement> settlements)
    {
        lock (_gate)
        {
            foreach (var settlement in settlements)
                _held.Remove(settlement.Delivery.Id);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Tick()
    {
        List<ClaimedDelivery> older;
        lock (_gate)
        {
            older = [.. _held.Values.Where(held => held.Tick < _tick).Select(held => held.Delivery)];
            _tick++;
            if (_held.Count == 0)
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        if (older.Count > 0)
            _renew(older);
    }
}
