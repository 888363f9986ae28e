using Plugin.ApiWebhooks.Queue.Engines;
using System.Globalization;
using System.Data.Common;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>Deliveries that an index of their own knows: what is open, and what failed.</summary>
internal static class DeliveryIndexes
{
    private const string OfSubscription = "(@subscription IS NULL OR subscription_id = @subscription) AND id BETWEEN @first AND @last";

    private static readonly Source Due = new("delivery_due", $"due_at IS NOT NULL AND (@state IS NULL OR state = @state) AND {OfSubscription}");
    private static readonly Source Held = new("delivery_held", $"state = 'held' AND {OfSubscription}");
    private static readonly Source Blocked = new("delivery_blocked", $"state = 'pending' AND due_at IS NULL AND {OfSubscription}");
    private static readonly Source Failed = new("delivery_failure", $"failure IS NOT NULL AND (@state IS NULL OR state = @state) AND {OfSubscription}");

    /// <summary>The deliveries among which a query's are.</summary>
    /// <param name="c">The connection.</param>
    /// <param name="query">The query.</param>
    /// <param name="first">The lowest id.</param>
    /// <param name="last">The highest.</param>
    /// <param name="descends">Whether the highest comes first.</param>
    /// <param name="many">More than so many are none of an index's.</param>
    /// <returns>Their ids; null when no index has them, or they are many.</returns>
    public static List<long>? Find(PluginConnection c, DeliveryQuery query, long first, long last, bool descends, int many)
    {
        Source[] sources = query switch
        {
            _ when query.AsksForFailures => [Failed],
            { State: DeliveryState.Pending } => [Due, Blocked],
            { State: DeliveryState.Waiting or DeliveryState.InFlight } => [Due],
            { State: DeliveryState.Held } => [Held],
            { State: null, AsksForBadAnswers: true } => [Failed, Due, Held, Blocked],
            _ => [],
        };
        if (sources.Length == 0)
            return null;
        var ids = new List<long>();
        foreach (var source in sources)
        {
            // SQLite would rather walk through the whole table: it does not know that these are small. PostgreSQL counts what its indexes have.
            var command = c.Prepared(string.Create(CultureInfo.InvariantCulture, $"SELECT id FROM delivery {c.IndexedBy(source.Index)} WHERE {source.Condition} LIMIT {many + 1}"))
                .Bind("@subscription", query.SubscriptionId).Bind("@first", first).Bind("@last", last);
            if (source == Due || source == Failed)
                command.Bind("@state", query.State is { } state ? StateNames.Of(state) : null);
            ids.AddRange(Binding.List(command, row => row.GetInt64(0)));
            if (ids.Count > many)
                return null;
        }
        ids = [.. ids.Distinct()];
        ids.Sort();
        if (descends)
            ids.Reverse();
        return ids;
    }

    private sealed record Source(string Index, string Condition);
}
