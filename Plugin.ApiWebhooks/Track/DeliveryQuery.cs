using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>Which deliveries are looked for; null, and an empty list, ask for nothing in particular.</summary>
internal sealed record DeliveryQuery
{
    public long? SubscriptionId { get; init; }

    public DeliveryState? State { get; init; }

    /// <summary>The kinds of change, by their names in the standard dialect.</summary>
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>The subscriptions among which they are looked for; null for all.</summary>
    public IReadOnlyList<long>? Among { get; init; }

    public long? RecordId { get; init; }

    /// <summary>The first instant of the change.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first instant after it.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>The status of the last answer.</summary>
    public (int Lowest, int Highest)? Status { get; init; }

    /// <summary>Why it failed and was not delivered since: the name of an outcome, or of what refused or gave it up.</summary>
    public string? Failure { get; init; }

    /// <summary>Stands in the address, what went wrong, the answer or the body; ASCII letters in any case.</summary>
    public string? Text { get; init; }

    /// <summary>The subscriptions whose deliveries are left out.</summary>
    public IReadOnlyList<long> Hidden { get; init; } = [];

    /// <summary>Whether all that is looked for has a <c>delivery.failure</c>.</summary>
    public bool AsksForFailures => Failure is not null || State is DeliveryState.Exhausted or DeliveryState.Cancelled;

    /// <summary>Whether only what has failed is looked for; some of it may be made owed again since.</summary>
    public bool AsksForBadAnswers => Status is { } status && (status.Lowest > 299 || status.Highest < 200) && State != DeliveryState.Delivered;
}

/// <summary>Where a page of deliveries begins, newest first: changes and notices are two rows, counted apart.</summary>
/// <param name="Before">Deliveries of changes come before this id; null for the newest.</param>
/// <param name="Notices">Deliveries of notices come after this id, being counted downwards; null for the newest.</param>
internal sealed record SearchPlace(long? Before, long? Notices);

/// <summary>What a search found.</summary>
/// <param name="Deliveries">The deliveries, in order.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
internal sealed record SearchPage(IReadOnlyList<DeliveryEntry> Deliveries, SearchPlace? Next)
{
    /// <summary>How far back it was looked when the time for one search was over; null when the page is full or everything was looked through.</summary>
    public DateTimeOffset? LookedBackTo { get; init; }
}
