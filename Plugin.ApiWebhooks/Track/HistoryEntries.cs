using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>One subscription and what it is owed.</summary>
internal sealed record SubscriptionSummary
{
    public required long Id { get; init; }

    /// <summary>The hook's key.</summary>
    public required string Key { get; init; }

    public required string Label { get; init; }

    public required SubscriptionState State { get; init; }

    public string? StateReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when there were failures and nothing else; null after a success.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>What of it stands where.</summary>
    public required SubscriptionFigures Figures { get; init; }

    /// <summary>How many deliveries stand in each state; a state that is missing has none. Of the delivered, all that ever were.</summary>
    public IReadOnlyDictionary<DeliveryState, long> Counts => Figures.Counts;

    /// <summary>When the oldest delivery that is still owed was stored, or null when nothing is owed.</summary>
    public DateTimeOffset? OldestUndeliveredAt => Figures.OldestOwedAt;

    /// <summary>How many deliveries stand in any of some states.</summary>
    public long Count(params ReadOnlySpan<DeliveryState> states)
    {
        var sum = 0L;
        foreach (var state in states)
            sum += Counts.GetValueOrDefault(state);
        return sum;
    }
}

/// <summary>What is held for a subscription.</summary>
/// <param name="Count">How many deliveries.</param>
/// <param name="From">When the first of their changes was made.</param>
/// <param name="To">When the last of them was.</param>
/// <param name="IsKept">Whether some of it is kept back by a person's wish although the subscription is served.</param>
internal sealed record HeldSummary(long Count, DateTimeOffset From, DateTimeOffset To, bool IsKept);

/// <summary>Which deliveries are asked for; null means all.</summary>
internal sealed record DeliveryFilter
{
    public long After { get; init; } = long.MinValue;

    public required int Limit { get; init; }

    public DeliveryState? State { get; init; }

    public long? SubscriptionId { get; init; }

    public long? RecordId { get; init; }

    /// <summary>The subscriptions whose deliveries are left out.</summary>
    public IReadOnlyList<long> Hidden { get; init; } = [];
}

/// <summary>One delivery as it stands.</summary>
internal sealed record DeliveryEntry
{
    public required long Id { get; init; }

    public required long SubscriptionId { get; init; }

    public required string SubscriptionKey { get; init; }

    public required string SubscriptionLabel { get; init; }

    /// <summary>The id on the wire.</summary>
    public required string MessageId { get; init; }

    /// <summary>What happened, by its name in the standard dialect.</summary>
    public required string Kind { get; init; }

    public long? RecordId { get; init; }

    public required long ChangeSequence { get; init; }

    public required Guid ChangeId { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required DeliveryState State { get; init; }

    public required int Attempts { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The delivery that comes first, where a hook is sent changes in order; null when none does.</summary>
    public long? WaitsFor { get; init; }

    public AttemptEntry? LastAttempt { get; init; }

    /// <summary>Why it was given up without an attempt; null when it was not.</summary>
    public Refusal? Refusal { get; init; }
}

/// <summary>One attempt as it is kept.</summary>
internal sealed record AttemptEntry
{
    public required int Number { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required TimeSpan Duration { get; init; }

    public required string Outcome { get; init; }

    public int? Status { get; init; }

    public required string Url { get; init; }

    public string? Detail { get; init; }

    public string? AnswerType { get; init; }

    public ReadOnlyMemory<byte> Answer { get; init; }

    public bool AnswerCut { get; init; }

    /// <summary>Method and header lines as <see cref="Send.RequestHead"/> keeps them; null for an attempt from before they were kept. <see cref="SentRequest"/> reads them.</summary>
    public string? RequestHead { get; init; }

    /// <summary>The answer's header lines; null when none came, and for an attempt from before they were kept.</summary>
    public string? AnswerHead { get; init; }

    /// <summary>How long each phase took.</summary>
    public Send.PhaseTimes Times { get; init; }

    /// <summary>Whether it was answered on a connection that was open already, or came about for another attempt; null where that is not known.</summary>
    public bool? IsConnectionReused => Times.Body is null ? null : Times.Connect is null;
}

/// <summary>One delivery with everything that is known of it.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="ContentType">The message's media type.</param>
/// <param name="Body">The bytes that are sent.</param>
/// <param name="Attempts">Every attempt, oldest first.</param>
internal sealed record DeliveryStory(DeliveryEntry Delivery, string ContentType, ReadOnlyMemory<byte> Body, IReadOnlyList<AttemptEntry> Attempts);
