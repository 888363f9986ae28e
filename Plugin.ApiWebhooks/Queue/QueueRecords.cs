using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>Who is owed changes, as stored.</summary>
internal sealed record Subscription
{
    /// <summary>The <see cref="StateReason"/> of one that was deleted for good: nothing is owed to it.</summary>
    public const string Deleted = "Deleted.";

    public required long Id { get; init; }

    /// <summary>The hook's key.</summary>
    public required string Key { get; init; }

    public required string Label { get; init; }

    public required SubscriptionState State { get; init; }

    /// <summary>Why it is not active, for people.</summary>
    public string? StateReason { get; init; }

    /// <summary>Changes up to this sequence are not its.</summary>
    public required long StartsAfter { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when there were failures and nothing else; null after a success.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>The hook's way when it was disabled; null when it is not.</summary>
    public string? DisabledWay { get; init; }

    /// <summary>In which order it is sent its changes.</summary>
    public DeliveryOrder Order { get; init; }

    /// <summary>Whether what it is owed is still to be put into that order.</summary>
    public bool Reorders { get; init; }
}

/// <summary>What one reading of the change log gave: stored in one transaction with the position.</summary>
/// <param name="From">The position it was read from; another reader who was quicker makes the batch void.</param>
/// <param name="To">The position after it.</param>
/// <param name="Messages">The messages, in the order of the changes.</param>
internal sealed record IngestBatch(long From, long To, IReadOnlyList<NewMessage> Messages)
{
    /// <summary>The number of <see cref="DeliveryQueue.ReadSubscriptionsVersion"/> by which it was matched; where nodes share the database, another one makes the batch void. Null: any.</summary>
    public long? Version { get; init; }
}

/// <summary>The frozen bytes of one change in one rendering, and who is owed them.</summary>
internal sealed record NewMessage
{
    public required long ChangeSequence { get; init; }

    public required Guid ChangeId { get; init; }

    /// <summary>What happened, by its name in the standard dialect.</summary>
    public required string Kind { get; init; }

    public long? RecordId { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required string ContentType { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What of the change goes into address and headers; null when these are the same for every change.</summary>
    public IReadOnlyDictionary<string, string>? Values { get; init; }

    /// <summary>The recorded span in which the change was made; null when none was.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Why it has no bytes; its deliveries are born exhausted then. Null for one that is sent.</summary>
    public Refusal? Refusal { get; init; }

    public required IReadOnlyList<NewDelivery> Deliveries { get; init; }
}

/// <summary>Why no message could be made of a change.</summary>
/// <param name="Reason">One of the constants here.</param>
/// <param name="Detail">What exactly, and what to do, for people.</param>
internal sealed record Refusal(string Reason, string Detail)
{
    /// <summary>Longer than the settings allow.</summary>
    public const string TooLarge = "MessageTooLarge";

    /// <summary>The dialect broke on it.</summary>
    public const string NotRendered = "NotRendered";
}

/// <summary>One delivery to be stored.</summary>
/// <param name="SubscriptionId">Who is owed it.</param>
/// <param name="State">
/// <see cref="DeliveryState.InFlight"/> when it is handed to the sender at once, else <see cref="DeliveryState.Pending"/>,
/// <see cref="DeliveryState.Waiting"/> or <see cref="DeliveryState.Held"/>; of a refused message <see cref="DeliveryState.Exhausted"/>.
/// </param>
/// <param name="DueAt">When the first attempt is due, for <see cref="DeliveryState.Waiting"/>.</param>
internal readonly record struct NewDelivery(long SubscriptionId, DeliveryState State, DateTimeOffset? DueAt = null);

/// <summary>What a claim gave.</summary>
/// <param name="Deliveries">The deliveries claimed.</param>
/// <param name="HasMore">Whether more could be claimed at once.</param>
/// <param name="NextDueAt">When the next waiting one is due, null for none.</param>
internal sealed record ClaimResult(IReadOnlyList<ClaimedDelivery> Deliveries, bool HasMore, DateTimeOffset? NextDueAt);

/// <summary>What may have been claimed, without anybody knowing.</summary>
/// <param name="Token">The lease token that it has then.</param>
/// <param name="SubscriptionIds">The subscriptions to which it is owed.</param>
internal sealed record LostClaim(long Token, IReadOnlySet<long> SubscriptionIds);

/// <summary>The end of one attempt, to be stored.</summary>
/// <param name="Delivery">The delivery as it was claimed.</param>
/// <param name="Verdict">What becomes of it.</param>
/// <param name="Attempt">The attempt as it is recorded, or null when none was made.</param>
internal sealed record Settlement(ClaimedDelivery Delivery, Verdict Verdict, AttemptRecord? Attempt);

/// <summary>What storing the ends of attempts led to.</summary>
/// <param name="count">How many ends.</param>
internal sealed class SettleResult(int count)
{
    /// <summary>For each end whether its lease still held; where not, only the attempt was recorded.</summary>
    public bool[] LeaseHeld { get; } = new bool[count];

    /// <summary>The next of streams, already claimed, for places promised.</summary>
    public List<ClaimedDelivery> HandedOver { get; } = [];

    /// <summary>The subscriptions in which the next of a stream is to be claimed, with the time it is due or null for at once.</summary>
    public List<(long SubscriptionId, DateTimeOffset? DueAt)> Opened { get; } = [];
}

/// <summary>One POST as it is kept in the history.</summary>
internal sealed record AttemptRecord
{
    public required DateTimeOffset StartedAt { get; init; }

    public required TimeSpan Duration { get; init; }

    public required string Outcome { get; init; }

    public int? Status { get; init; }

    /// <summary>Where it went, without user info and without the values of the query.</summary>
    public required string Url { get; init; }

    public string? Detail { get; init; }

    public string? AnswerType { get; init; }

    public ReadOnlyMemory<byte> Answer { get; init; }

    public bool AnswerCut { get; init; }

    /// <summary>Method and header lines of the request, or null where they are not known.</summary>
    public RequestHead? RequestHead { get; init; }

    /// <summary>The answer's header lines, or null.</summary>
    public string? AnswerHead { get; init; }

    public PhaseTimes Times { get; init; }
}

/// <summary>What becomes of a delivery after an attempt: one of the nested records, and no other.</summary>
internal abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>The receiver took it.</summary>
    internal sealed record Deliver : Verdict;

    /// <summary>It is tried again.</summary>
    /// <param name="At">Not before.</param>
    internal sealed record Retry(DateTimeOffset At) : Verdict;

    /// <summary>It is given up.</summary>
    internal sealed record Exhaust : Verdict;

    /// <summary>No attempt was completed: it goes back as it was.</summary>
    internal sealed record Release : Verdict;
}
