using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>What is sent in order. Everything here runs inside a transaction of the queue.</summary>
/// <remarks>
/// A stream is what one subscription is sent in order: all of it, or the changes of one record. At most one delivery of a stream is open, that is, can be
/// claimed or is claimed; the index <c>delivery_open</c> refuses a second. The others are blocked: pending without a due time, and so out of the index of
/// what can be claimed, however many there are. Whatever takes the open one away opens the oldest of the others in the same transaction, unless that is
/// held; so a stream neither has two attempts at a time nor stands still.
/// </remarks>
internal static class Streams
{
    private const string SelectOrders = "SELECT id, ordering, reorders FROM subscription WHERE ordering <> 'none' OR reorders = 1";

    private const string FindOwed = """
        SELECT 1 FROM delivery WHERE subscription_id = ?1 AND stream = ?2 AND stream IS NOT NULL AND finished_at IS NULL LIMIT 1
        """;

    private const string FindOpenOne = "SELECT id FROM delivery WHERE subscription_id = ?1 AND stream = ?2 AND stream IS NOT NULL AND due_at IS NOT NULL";

    private const string FindNextOne = $"""
        SELECT d.id, d.not_before, d.created_at FROM delivery d
        WHERE d.id = (
                SELECT id FROM delivery
                WHERE subscription_id = ?1 AND stream = ?2 AND stream IS NOT NULL AND finished_at IS NULL ORDER BY id LIMIT 1)
            AND d.state = 'pending' AND d.due_at IS NULL
            AND NOT EXISTS ({FindOpenOne})
        """;

    private const string OpenOne = "UPDATE delivery SET state = ?2, due_at = ?3 WHERE id = ?1";

    private const string JoinOne = "UPDATE delivery SET stream = ?2, not_before = ?3 WHERE id = ?1";

    private const string FindOrigin = "SELECT m.record_id, d.change_sequence FROM delivery d JOIN message m ON m.id = d.message_id AND m.change_sequence = d.change_sequence WHERE d.id = ?1";

    private const string BlockOne = """
        UPDATE delivery SET stream = ?2, not_before = CASE state WHEN 'waiting' THEN due_at END, state = 'pending', due_at = NULL WHERE id = ?1
        """;

    private const string HoldOne = "UPDATE delivery SET state = 'held', due_at = NULL WHERE id = ?1";

    private const string LeaveStream = """
        UPDATE delivery
        SET stream = NULL, not_before = NULL, due_at = CASE state WHEN 'held' THEN created_at ELSE due_at END,
            state = CASE state WHEN 'held' THEN 'pending' ELSE state END
        WHERE id = ?1
        """;

    private static readonly Dictionary<long, StoredOrder> NoOrders = [];

    /// <summary>The statements that look something up, with the index that must serve each.</summary>
    public static IReadOnlyList<(string Sql, string Index)> Lookups { get; } =
        [(SelectOrders, "subscription_ordered"), (FindOwed, "delivery_stream"), (FindNextOne, "delivery_stream"), (FindOpenOne, "delivery_open")];

    /// <summary>A blocked delivery that may be opened.</summary>
    /// <param name="Id">The delivery.</param>
    /// <param name="NotBefore">When its attempt is due; null for at once.</param>
    /// <param name="CreatedAt">When it was stored.</param>
    internal readonly record struct Next(long Id, DateTimeOffset? NotBefore, DateTimeOffset CreatedAt);

    /// <summary>The orders of the subscriptions that have one or are being put into another. Most hosts have none: then this costs two microseconds.</summary>
    public static IReadOnlyDictionary<long, StoredOrder> ReadOrders(PluginConnection c)
    {
        if (c.KnowsNoOrders)
            return NoOrders;
        Dictionary<long, StoredOrder>? orders = null;
        var rows = c.Hot(SelectOrders);
        while (rows.Read())
            (orders ??= []).Add(rows.Number(0), new StoredOrder(OrderNames.Order(rows.Text(1)), rows.Number(2) != 0));
        return orders ?? NoOrders;
    }

    /// <summary>Whether a stream has deliveries that are still owed: a new one is blocked.</summary>
    public static bool IsOwedMore(PluginConnection c, long subscriptionId, long stream)
    {
        var found = c.Hot(FindOwed).Add(subscriptionId).Add(stream);
        if (!found.Read())
            return false;
        found.End();
        return true;
    }

    /// <summary>Puts a delivery that was just stored into its stream.</summary>
    public static void Join(PluginConnection c, long id, long stream, DateTimeOffset? notBefore) => c.Hot(JoinOne).Add(id).Add(stream).Add(notBefore).Run();

    /// <summary>The open delivery of a stream, for which the others wait.</summary>
    public static long? FindOpen(PluginConnection c, long subscriptionId, long stream)
    {
        var found = c.Hot(FindOpenOne).Add(subscriptionId).Add(stream);
        if (!found.Read())
            return null;
        var id = found.Number(0);
        found.End();
        return id;
    }

    /// <summary>The delivery that is to be opened in a stream; null when one is open, the oldest is held, or nothing is owed.</summary>
    public static Next? FindNext(PluginConnection c, long subscriptionId, long stream)
    {
        var found = c.Hot(FindNextOne).Add(subscriptionId).Add(stream);
        if (!found.Read())
            return null;
        var next = new Next(found.Number(0), found.InstantOrNull(1), found.Instant(2));
        found.End();
        return next;
    }

    /// <summary>Opens a delivery, to be claimed.</summary>
    /// <returns>When it is due; null for at once.</returns>
    public static DateTimeOffset? Open(PluginConnection c, Next next, DateTimeOffset now)
    {
        var waits = next.NotBefore > now;
        c.Hot(OpenOne).Add(next.Id).Add(StateNames.Of(waits ? DeliveryState.Waiting : DeliveryState.Pending)).Add(waits ? next.NotBefore : next.CreatedAt).Run();
        return waits ? next.NotBefore : null;
    }

    /// <summary>Opens the next delivery of a stream, if there is one to be opened.</summary>
    public static void OpenNext(PluginConnection c, long subscriptionId, long stream, DateTimeOffset now)
    {
        if (FindNext(c, subscriptionId, stream) is { } next)
            Open(c, next, now);
    }

    /// <summary>Puts a delivery that is held into the stream of its order, to be sent when the older ones are gone.</summary>
    public static void Place(PluginConnection c, long id, long subscriptionId, StoredOrder order, DateTimeOffset now)
    {
        if (Move(c, id, order) is { } stream)
            OpenNext(c, subscriptionId, stream, now);
    }

    /// <summary>
    /// Moves a delivery that waits, is pending or is held to where the order of its subscription wants it: blocked in its stream, held while the subscription
    /// is being put into order, or to be claimed in no stream.
    /// </summary>
    /// <returns>The stream in which it is blocked now.</returns>
    public static long? Move(PluginConnection c, long id, StoredOrder order)
    {
        if (order.Reorders)
        {
            c.Hot(HoldOne).Add(id).Run();
            return null;
        }
        var found = c.Hot(FindOrigin).Add(id);
        found.Read();
        var stream = order.StreamOf(found.NumberOrNull(0), found.Number(1));
        found.End();
        if (stream is null)
            c.Hot(LeaveStream).Add(id).Run();
        else
            c.Hot(BlockOne).Add(id).Add(stream).Run();
        return stream;
    }
}
