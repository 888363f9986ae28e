using Plugin.ApiWebhooks.Queue.Engines;
using System.Globalization;
using System.Data.Common;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>Deliveries that an index of their own knows: what is open, and what failed.</summary>
internal static class DeliveryIndexes
{
    private const string OfSubscription = "(@subscription IS NULL OR subscription_id = @subscription) AND id BETWEEN @first AND @last";

    // Named, since the engine would rather walk through the whole table: it does not know that these are small.
    private const string Due = $"SELECT id FROM delivery INDEXED BY delivery_due WHERE due_at IS NOT NULL AND (@state IS NULL OR state = @state) AND {OfSubscription}";
    private const string Held = $"SELECT id FROM delivery INDEXED BY delivery_held WHERE state = 'held' AND {OfSubscription}";
    private const string Blocked = $"SELECT id FROM delivery INDEXED BY delivery_blocked WHERE state = 'pending' AND due_at IS NULL AND {OfSubscription}";
    private const string Failed = $"SELECT id FROM delivery INDEXED BY delivery_failure WHERE failure IS NOT NULL AND (@state IS NULL OR state = @state) AND {OfSubscription}";

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
        string[] sources = query switch
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
            var command = c.Prepared(string.Create(CultureInfo.InvariantCulture, $"{source} LIMIT {many + 1}"))
                .Bind("@subscription", query.SubscriptionId).Bind("@first", first).Bind("@last", last);
            if (source is Due or Failed)
                command.Bind("@state", query.State is { } state ? StateNames.Of(state) : null);
            ids.AddRange(DeliveryRows.List(command, row => row.GetInt64(0)));
            if (ids.Count > many)
                return null;
        }
        ids = [.. ids.Distinct()];
        ids.Sort();
        if (descends)
            ids.Reverse();
        return ids;
    }
}
