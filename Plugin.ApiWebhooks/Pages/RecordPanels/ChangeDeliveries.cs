using Plugin.ApiWebhooks.Queue.Engines;
using System.Data.Common;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.RecordPanels;

/// <summary>Reads the deliveries of one change: they lie together, so this costs the same however many there are of others.</summary>
internal sealed class ChangeDeliveries(PluginDatabase database)
{
    private const string Of = "d.id >= @first AND d.id < @end AND (@hidden IS NULL OR d.subscription_id NOT IN (SELECT value FROM json_each(@hidden)))";

    private const string Count = $"SELECT count(*) FROM delivery d WHERE {Of}";

    // What wants attention first.
    private const string Select = $"""
        SELECT d.id, s.label, d.state, a.status, a.outcome, r.reason
        FROM (SELECT d.id, d.subscription_id, d.state FROM delivery d WHERE {Of} ORDER BY d.state = 'delivered', d.id LIMIT @limit) d
        JOIN subscription s ON s.id = d.subscription_id
        LEFT JOIN refusal r ON r.delivery_id = d.id
        LEFT JOIN attempt a ON a.delivery_id = d.id AND a.number = (SELECT max(number) FROM attempt WHERE delivery_id = d.id)
        ORDER BY d.state = 'delivered', d.id
        """;

    /// <summary>One delivery.</summary>
    internal sealed record Found(long Id, string Subscription, DeliveryState State, int? Status, string? Outcome, string? Refusal);

    /// <summary>The deliveries of a change, undelivered ones first, and how many there are.</summary>
    /// <param name="changeSequence">The change.</param>
    /// <param name="hidden">The subscriptions whose deliveries are left out.</param>
    /// <param name="limit">The most deliveries.</param>
    public (IReadOnlyList<Found> Deliveries, long All) Read(long changeSequence, IReadOnlyList<long> hidden, int limit) => database.Read(c =>
    {
        var found = Binding.List(Bind(c.Prepared(Select)).Bind("@limit", limit), row => new Found(
            row.GetInt64(0), row.GetString(1), StateNames.Delivery(row.GetString(2)), row.IsDBNull(3) ? null : row.GetInt32(3), row.FindString(4), row.FindString(5)));
        return ((IReadOnlyList<Found>)found, found.Count < limit ? found.Count : (long)Bind(c.Prepared(Count)).ExecuteScalar()!);

        DbCommand Bind(DbCommand command) => command
            .Bind("@first", DeliveryId.Of(changeSequence, 0)).Bind("@end", DeliveryId.Of(changeSequence + 1, 0))
            .Bind("@hidden", hidden.Count == 0 ? null : $"[{string.Join(',', hidden)}]");
    });
}
