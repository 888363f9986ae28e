using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>
/// What the dispatcher holds for one subscription: a short queue of claimed deliveries, and what it knows of the long one in the database. Only the
/// dispatcher touches it, under its gate; <see cref="Route"/> alone is read freely.
/// </summary>
internal sealed class Lane(long subscriptionId, Load load)
{
    /// <summary>The most that lies here handed over, and the most that lies here claimed from the database.</summary>
    public const int Room = 2048;

    /// <summary>What lies in a lane that rests longer goes back to the database.</summary>
    public static readonly TimeSpan LongestRestInHand = TimeSpan.FromSeconds(5);

    private readonly Queue<ClaimedDelivery> _handedOver = new();
    private readonly Queue<ClaimedDelivery> _claimed = new();
    private bool _claimedIsNext;
    private int _reserved;
    private int _news;
    private volatile Route? _route;

    public long SubscriptionId { get; } = subscriptionId;

    /// <summary>Where its messages go; null while the subscription is not served.</summary>
    public Route? Route
    {
        get => _route;
        set => _route = value;
    }

    /// <summary>How fast the receiver is sent to.</summary>
    public ReceiverPace Pace { get; set; } = new();

    /// <summary>How fast its receiver allows to be sent to, when it was asked; null for no limit.</summary>
    public RateLimit? AllowedRate { get; set; }

    /// <summary>Holds it to the lower of its own rate and the allowed one; null when it has none.</summary>
    public TokenBucket? Bucket { get; set; }

    /// <summary>Attempts under way.</summary>
    public int InFlight { get; set; }

    /// <summary>Whether the database may hold deliveries that could be claimed now. New ones join them instead of overtaking.</summary>
    public bool HasMore { get; private set; }

    /// <summary>When the next waiting delivery is due; null for none.</summary>
    public DateTimeOffset? NextDueAt { get; private set; }

    /// <summary>Whether a claim is under way.</summary>
    public bool IsClaiming { get; private set; }

    /// <summary>Whether it stands in the line of lanes with work.</summary>
    public bool IsInLine { get; set; }

    /// <summary>Deliveries that lie here.</summary>
    public int Ready => _handedOver.Count + _claimed.Count;

    /// <summary>Whether deliveries lie here that wait for a token.</summary>
    public bool WaitsForToken => Ready > 0 && UntilToken > TimeSpan.Zero;

    // No more than is sent soon: what lies here costs the renewal of its lease.
    private int RoomNow => Bucket is null ? Room : Math.Clamp(Bucket.Most(LongestRestInHand), 1, Room);

    // What is claimed for a receiver in trouble goes back when it rests, and every claim and release is written while those that are well wait for the writer.
    private int RoomToClaim => Pace.IsInTrouble ? Math.Min(RoomNow, Pace.Limit * 16) : RoomNow;

    private TimeSpan UntilToken => Bucket?.UntilNext ?? TimeSpan.Zero;

    /// <summary>Until when nothing leaves: its receiver rests, or the next token is far away. Null when neither is so.</summary>
    public DateTimeOffset? RestsUntil(DateTimeOffset now)
    {
        var until = Pace.Rests(now) ? Pace.RestsUntil : null;
        var token = UntilToken;
        return token > LongestRestInHand && (until is null || now + token > until) ? now + token : until;
    }

    /// <summary>How many deliveries that are being stored may be handed over; 0 while new ones have to join others in the database.</summary>
    public int Free(DateTimeOffset now) =>
        Route is null || HasMore || load.IsFull || RestsUntil(now) is not null ? 0 : RoomNow - _handedOver.Count - _reserved;

    /// <summary>Whether a delivery of it may leave now.</summary>
    /// <param name="most">The most attempts at the same time that the settings allow.</param>
    /// <param name="now">The present time.</param>
    public bool MayGo(int most, DateTimeOffset now) =>
        Ready > 0 && InFlight < Math.Min(most, Pace.Limit) && !Pace.Rests(now) && UntilToken == TimeSpan.Zero;

    /// <summary>Whether it is worth claiming more from the database.</summary>
    public bool WantsClaim(DateTimeOffset now) =>
        Route is not null && !IsClaiming && _claimed.Count <= RoomToClaim / 4 && !load.IsFull && RestsUntil(now) is null
        && (HasMore || NextDueAt <= now || NextDueAt - now > Route.LongestWait);

    /// <summary>When something is to be begun for it that is not begun now; null for never.</summary>
    public DateTimeOffset? WakeAt(DateTimeOffset now)
    {
        if (Route is null || IsClaiming)
            return null;
        if (RestsUntil(now) is { } until)
            return Ready > 0 || HasMore || NextDueAt is not null ? until : null;
        var due = NextDueAt > now ? NextDueAt : null;
        return WaitsForToken && (due is null || now + UntilToken < due) ? now + UntilToken : due;
    }

    /// <summary>Promises a place to a delivery that is being stored.</summary>
    public void Reserve() => _reserved++;

    /// <summary>Gives a promised place back.</summary>
    public void Unreserve() => _reserved--;

    public void AddHandedOver(ClaimedDelivery delivery)
    {
        _handedOver.Enqueue(delivery);
        load.Add(delivery);
    }

    /// <summary>The next to send: by turns from both queues, so that retries and new changes do not starve each other.</summary>
    public ClaimedDelivery Take()
    {
        _claimedIsNext = !_claimedIsNext;
        var first = _claimedIsNext ? _claimed : _handedOver;
        var second = _claimedIsNext ? _handedOver : _claimed;
        if (!first.TryDequeue(out var delivery))
            delivery = second.Dequeue();
        load.Remove(delivery);
        return delivery;
    }

    /// <summary>The most that is worth claiming at once.</summary>
    public int MostToClaim => Math.Min(RoomToClaim, Room / 4);

    /// <summary>Takes out everything that lies here, to be released: it is in the database to be claimed again.</summary>
    public void TakeAll(List<ClaimedDelivery> deliveries)
    {
        while (Ready > 0)
            deliveries.Add(Take());
    }

    /// <summary>Whether it serves its subscription, and in the order in which a delivery was claimed.</summary>
    public bool Takes(ClaimedDelivery delivery) => Route is { } route && new StoredOrder(route.Order, Reorders: false).Fits(delivery.Stream, delivery.ChangeSequence);

    /// <summary>Whether that holds for everything that lies here.</summary>
    public bool TakesAll => _handedOver.All(Takes) && _claimed.All(Takes);

    /// <summary>Learns that a delivery was left in the database, to be claimed at once (no time) or from a moment on.</summary>
    public void Note(DateTimeOffset? dueAt)
    {
        if (dueAt is null)
            HasMore = true;
        else if (NextDueAt is null || dueAt < NextDueAt)
            NextDueAt = dueAt;
        _news++;
    }

    /// <summary>Begins a claim.</summary>
    /// <returns>What <see cref="EndClaim"/> is to be given.</returns>
    public int BeginClaim()
    {
        IsClaiming = true;
        return _news;
    }

    /// <summary>Takes in what a claim gave.</summary>
    /// <param name="news">What <see cref="BeginClaim"/> returned. What was learned since, the claim may not have seen.</param>
    /// <param name="deliveries">The deliveries claimed.</param>
    /// <param name="hasMore">Whether more could be claimed at once.</param>
    /// <param name="nextDueAt">When the next waiting one is due.</param>
    public void EndClaim(int news, IReadOnlyList<ClaimedDelivery> deliveries, bool hasMore, DateTimeOffset? nextDueAt)
    {
        IsClaiming = false;
        foreach (var delivery in deliveries)
        {
            _claimed.Enqueue(delivery);
            load.Add(delivery);
        }
        if (news == _news)
        {
            (HasMore, NextDueAt) = (hasMore, nextDueAt);
            return;
        }
        HasMore |= hasMore;
        if (NextDueAt is null || nextDueAt < NextDueAt)
            NextDueAt = nextDueAt;
    }
}

/// <summary>What lies in all lanes together. It is bounded, whatever the number of lanes and the backlog.</summary>
internal sealed class Load
{
    private const int MostDeliveries = 16_384;
    private const long MostBytes = 64 * 1024 * 1024;

    private int _deliveries;
    private long _bytes;

    /// <summary>Whether no more is to be taken in.</summary>
    public bool IsFull => _deliveries >= MostDeliveries || _bytes >= MostBytes;

    public void Add(ClaimedDelivery delivery)
    {
        _deliveries++;
        _bytes += delivery.Body.Length;
    }

    public void Remove(ClaimedDelivery delivery)
    {
        _deliveries--;
        _bytes -= delivery.Body.Length;
    }
}
