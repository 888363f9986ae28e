using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>What of one subscription stands where. Reading it costs what is owed or was given up, however much was delivered.</summary>
internal sealed record SubscriptionFigures
{
    /// <summary>Those of a subscription that never was owed anything.</summary>
    public static SubscriptionFigures None { get; } = new() { Counts = new Dictionary<DeliveryState, long>(), Failures = [] };

    /// <summary>What failed and was not delivered since, by subscription, state and reason.</summary>
    // Answered from its partial index alone. Grouped first, so that only the oldest of each is looked up.
    public const string SelectFailures = $"""
        SELECT failed.subscription_id, failed.state, failed.failure, failed.count, delivery.created_at
        FROM (
            SELECT subscription_id, state, failure, count(*) AS count, {BacklogReader.Oldest} AS oldest FROM delivery
            WHERE failure IS NOT NULL AND subscription_id BETWEEN @first AND @last GROUP BY subscription_id, state, failure
        ) failed JOIN delivery ON delivery.id = failed.oldest
        """;

    /// <summary>How many deliveries stand in each state; a state that is missing has none. Of the delivered, all that ever were.</summary>
    public required IReadOnlyDictionary<DeliveryState, long> Counts { get; init; }

    /// <summary>When the oldest delivery that is still owed was stored; null when nothing is owed.</summary>
    public DateTimeOffset? OldestOwedAt { get; init; }

    /// <summary>Since when the oldest of each state in which deliveries are owed is.</summary>
    public IReadOnlyDictionary<DeliveryState, DateTimeOffset> OldestAt { get; init; } = new Dictionary<DeliveryState, DateTimeOffset>();

    /// <summary>What failed and was not delivered since.</summary>
    public required IReadOnlyList<FailureCount> Failures { get; init; }

    /// <summary>Reads those of the subscriptions with numbers from one to another; one that never was owed anything is left out.</summary>
    public static Dictionary<long, SubscriptionFigures> Read(PluginConnection c, long first, long last)
    {
        var owed = BacklogReader.ReadOwed(c, first, last).ToLookup(each => each.Subscription);
        var failures = ReadFailures(c, first, last);
        var delivered = HourTable.ReadTotals(c, first, last);
        var all = new Dictionary<long, SubscriptionFigures>();
        foreach (var id in owed.Select(each => each.Key).Concat(failures.Select(each => each.Key)).Concat(delivered.Keys).Distinct())
        {
            var counts = owed[id].GroupBy(each => each.State).ToDictionary(each => each.Key, each => each.Sum(part => part.Count));
            foreach (var group in failures[id].Where(each => each.State is DeliveryState.Exhausted or DeliveryState.Cancelled))
                counts[group.State] = counts.GetValueOrDefault(group.State) + group.Count;
            if (delivered.TryGetValue(id, out var total) && total > 0)
                counts[DeliveryState.Delivered] = total;
            all.Add(id, new SubscriptionFigures
            {
                Counts = counts,
                OldestOwedAt = owed[id].Select(each => (DateTimeOffset?)each.OldestAt).Min(),
                OldestAt = owed[id].GroupBy(each => each.State).ToDictionary(each => each.Key, each => each.Min(part => part.OldestAt)),
                Failures = [.. failures[id]],
            });
        }
        return all;
    }

    private static ILookup<long, FailureCount> ReadFailures(PluginConnection c, long first, long last)
    {
        var failures = new List<(long Subscription, FailureCount Group)>();
        using var row = c.Prepared(SelectFailures).Bind("@first", first).Bind("@last", last).ExecuteReader();
        while (row.Read())
            failures.Add((row.GetInt64(0), new FailureCount(StateNames.Delivery(row.GetString(1)), row.GetString(2), row.GetInt64(3), row.GetInstant(4))));
        return failures.ToLookup(each => each.Subscription, each => each.Group);
    }
}

/// <summary>Deliveries of one subscription that failed in the same way.</summary>
/// <param name="State">Where they stand.</param>
/// <param name="Failure">The outcome of the last attempt, why they were refused, or <see cref="Cancelled"/>.</param>
/// <param name="Count">How many.</param>
/// <param name="OldestAt">When the oldest of them was stored.</param>
internal sealed record FailureCount(DeliveryState State, string Failure, long Count, DateTimeOffset OldestAt)
{
    /// <summary>Given up by a person.</summary>
    public const string Cancelled = "Cancelled";
}
