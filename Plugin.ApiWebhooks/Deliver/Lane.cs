using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>
/// What the dispatcher holds for one subscription: a short queue of claimed deliveries, and what it knows of the long one in the database. Only the
/// dispatcher touches it, under its gate; <see cref="Route"/> alone is read freely.
/// </summary>
internal sealed class Lane(long subscriptionId)
{
    /// <summary>The most that lies here handed over, and the most that lies here claimed from the database.</summary>
    public const int Room = 256;

    private readonly Queue<ClaimedDelivery> _handedOver = new();
    private readonly Queue<ClaimedDelivery> _claimed = new();
    private bool _claimedIsNext;
    private volatile Route? _route;

    public long SubscriptionId { get; } = subscriptionId;

    /// <summary>Where its messages go; null while the subscription is not served.</summary>
    public Route? Route
    {
        get => _route;
        set => _route = value;
    }

    /// <summary>Attempts under way.</summary>
    public int InFlight { get; set; }

    /// <summary>Places promised to deliveries that are being stored.</summary>
    public int Reserved { get; set; }

    /// <summary>Whether the database may hold deliveries that could be claimed now. New ones join them instead of overtaking.</summary>
    public bool HasMore { get; set; }

    /// <summary>When the next waiting delivery is due; null for none.</summary>
    public DateTimeOffset? NextDueAt { get; set; }

    /// <summary>Rises when <see cref="HasMore"/> or <see cref="NextDueAt"/> learn of something new, so that a claim under way does not wipe it out.</summary>
    public int News { get; set; }

    /// <summary>Whether a claim is under way.</summary>
    public bool IsClaiming { get; set; }

    /// <summary>Whether it stands in the line of lanes with work.</summary>
    public bool IsInLine { get; set; }

    public int Ready => _handedOver.Count + _claimed.Count;

    /// <summary>Whether a delivery that is being stored may be handed over.</summary>
    public bool HasRoom => Route is not null && !HasMore && _handedOver.Count + Reserved < Room;

    /// <summary>Whether it is worth claiming more from the database.</summary>
    public bool WantsClaim(DateTimeOffset now) =>
        Route is not null && !IsClaiming && _claimed.Count <= Room / 4 && (HasMore || NextDueAt <= now);

    public void AddHandedOver(ClaimedDelivery delivery) => _handedOver.Enqueue(delivery);

    public void AddClaimed(ClaimedDelivery delivery) => _claimed.Enqueue(delivery);

    /// <summary>The next to send: by turns from both queues, so that retries and new changes do not starve each other.</summary>
    public ClaimedDelivery Take()
    {
        _claimedIsNext = !_claimedIsNext;
        var first = _claimedIsNext ? _claimed : _handedOver;
        var second = _claimedIsNext ? _handedOver : _claimed;
        return first.TryDequeue(out var delivery) ? delivery : second.Dequeue();
    }

    /// <summary>Learns that a delivery was left in the database to be claimed.</summary>
    public void NoteMore()
    {
        HasMore = true;
        News++;
    }

    /// <summary>Learns that a delivery waits until a moment.</summary>
    public void NoteDue(DateTimeOffset at)
    {
        if (NextDueAt is null || at < NextDueAt)
            NextDueAt = at;
        News++;
    }
}
