using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>
/// Holds what a subscription is owed while it is not served, and gives it back. In bounded steps: a long list must not keep the writer from everybody else.
/// </summary>
/// <param name="database">The plugin's database.</param>
/// <param name="time">The clock.</param>
internal sealed class HeldDeliveries(PluginDatabase database, TimeProvider time)
{
    // A step that comes late must not hold what was given back meanwhile.
    private const string IsToHold = "(SELECT state <> 'active' OR reorders = 1 FROM subscription WHERE id = ?1)";

    /// <summary>Takes from the index of what can be claimed.</summary>
    public const string HoldOpen = $"""
        UPDATE delivery SET state = 'held', due_at = NULL
        WHERE id IN (SELECT id FROM delivery WHERE due_at IS NOT NULL AND subscription_id = ?1 AND state IN ('pending', 'waiting') LIMIT ?2)
            AND {IsToHold}
        """;

    /// <summary>Takes from the index of what is blocked.</summary>
    public const string HoldBlocked = $"""
        UPDATE delivery SET state = 'held'
        WHERE id IN (SELECT id FROM delivery WHERE state = 'pending' AND due_at IS NULL AND subscription_id = ?1 ORDER BY id LIMIT ?2) AND {IsToHold}
        """;

    // Another node may have paused it between two steps.
    private const string IsServed = "state = 'active'";

    // Before the first delivery of all, when nothing is kept.
    private const string Kept = "coalesce((SELECT (kept_up_to << 20) | 1048575 FROM subscription WHERE id = ?1), -9223372036854775807)";

    // Chosen before they are joined: PostgreSQL takes a join of the two divided tables for one row, and would sort all that is held.
    private const string FindHeld = $"""
        SELECT d.id, m.record_id, d.change_sequence FROM delivery d JOIN message m ON m.id = d.message_id AND m.change_sequence = d.change_sequence
        WHERE d.id IN (SELECT id FROM delivery WHERE state = 'held' AND subscription_id = ?1 AND id > {Kept} ORDER BY id LIMIT ?2)
            AND EXISTS (SELECT 1 FROM subscription WHERE id = ?1 AND {IsServed})
        ORDER BY d.id
        """;

    private const string Resume = "UPDATE delivery SET state = 'pending', due_at = created_at, stream = NULL, not_before = NULL WHERE id = ?1";

    private const string ResumeInStream = "UPDATE delivery SET state = 'pending', stream = ?2, not_before = NULL WHERE id = ?1";

    private const string EndReorder = $"UPDATE subscription SET reorders = 0 WHERE id = ?1 AND reorders = 1 AND {IsServed}";

    private const string FindLast = "SELECT max(id) FROM delivery WHERE state = 'held' AND subscription_id = @subscription";

    private const string SetKept = "UPDATE subscription SET kept_up_to = @sequence WHERE id = @subscription AND kept_up_to IS DISTINCT FROM @sequence";

    private const string LeaveStreams = """
        UPDATE delivery SET stream = NULL, not_before = NULL
        WHERE id IN (
            SELECT id FROM delivery
            WHERE subscription_id = @subscription AND stream IS NOT NULL AND finished_at IS NULL AND state = 'held' AND id <= @last LIMIT @limit)
        """;

    private const string CancelHeld = """
        UPDATE delivery SET state = 'cancelled', finished_at = @now, failure = 'Cancelled'
        WHERE id IN (SELECT id FROM delivery WHERE state = 'held' AND subscription_id = @subscription AND id <= @last ORDER BY id LIMIT @limit)
        """;

    private const string FindDeleted = "SELECT 1 FROM subscription WHERE id = @subscription AND state = 'removed' AND state_reason = @reason";

    private const int HoldStep = 1000;

    /// <summary>Holds everything a subscription is owed that is not in flight. Nothing when it is served.</summary>
    public async Task HoldAllAsync(long subscriptionId)
    {
        foreach (var step in new[] { HoldOpen, HoldBlocked })
        {
            while (await database.WriteAsync(c => c.Hot(step).Add(subscriptionId).Add(HoldStep).Run()) == HoldStep)
            {
            }
        }
    }

    /// <summary>
    /// Puts away what came back of a subscription that is not served, such as an attempt that was under way: it is held, or cancelled if the subscription was deleted meanwhile. Nothing when it is
    /// served.
    /// </summary>
    public async Task PutAwayAsync(long subscriptionId)
    {
        await HoldAllAsync(subscriptionId);
        if (database.Read(c => c.Prepared(FindDeleted).Bind("@subscription", subscriptionId).Bind("@reason", Subscription.Deleted).ExecuteScalar()) is not null)
            await CancelAllAsync(subscriptionId);
    }

    /// <summary>Keeps what is held now back although the subscription is about to be served. It leaves its streams: nothing waits for it.</summary>
    public async Task KeepAsync(long subscriptionId)
    {
        // Nothing may stay blocked by what goes.
        await HoldAllAsync(subscriptionId);
        var last = database.Read(c => FindLastHeld(c, subscriptionId));
        while (last is not null && await database.WriteAsync(c => c.Prepared(LeaveStreams).Bind("@subscription", subscriptionId).Bind("@last", last)
            .Bind("@limit", HoldStep).ExecuteNonQuery()) == HoldStep)
        {
        }
        await database.WriteAsync(c => SetKeptUpTo(c, subscriptionId, last >> DeliveryId.Bits));
    }

    /// <summary>Keeps nothing back any more.</summary>
    public Task KeepNothingAsync(long subscriptionId) => database.WriteAsync(c => SetKeptUpTo(c, subscriptionId, null));

    /// <summary>Gives up what is held now.</summary>
    public async Task CancelAllAsync(long subscriptionId)
    {
        await HoldAllAsync(subscriptionId);
        if (database.Read(c => FindLastHeld(c, subscriptionId)) is not { } last)
            return;
        while (await database.WriteAsync(c => CancelSome(c, subscriptionId, last)) == HoldStep)
        {
        }
    }

    private int CancelSome(PluginConnection c, long subscriptionId, long last)
    {
        var now = time.GetUtcNow();
        var cancelled = c.Prepared(CancelHeld).Bind("@subscription", subscriptionId).Bind("@last", last).Bind("@limit", HoldStep).Bind("@now", now).ExecuteNonQuery();
        if (cancelled > 0)
        {
            var tally = new HourTally(now);
            tally.Cancel(subscriptionId, cancelled);
            tally.Write(c);
        }
        return cancelled;
    }

    private static int SetKeptUpTo(PluginConnection c, long subscriptionId, long? sequence) =>
        c.Prepared(SetKept).Bind("@subscription", subscriptionId).Bind("@sequence", sequence).ExecuteNonQuery();

    private static long? FindLastHeld(PluginConnection c, long subscriptionId) =>
        c.Prepared(FindLast).Bind("@subscription", subscriptionId).ExecuteScalar() is long last ? last : null;

    /// <summary>
    /// Makes some of what is held for a subscription that is served pending again, the oldest first, in the streams of its order. The step that finds no more ends the putting
    /// into another order.
    /// </summary>
    /// <returns>How many; fewer than the limit when nothing is left.</returns>
    public Task<int> ResumeAsync(long subscriptionId, int limit) => database.WriteAsync(c => ResumeSome(c, subscriptionId, limit));

    private int ResumeSome(PluginConnection c, long subscriptionId, int limit)
    {
        var order = Streams.ReadOrders(c).GetValueOrDefault(subscriptionId);
        var held = new List<(long Id, long? Stream)>();
        var rows = c.Hot(FindHeld).Add(subscriptionId).Add(limit);
        while (rows.Read())
            held.Add((rows.Number(0), order.StreamOf(rows.NumberOrNull(1), rows.Number(2))));
        foreach (var (id, stream) in held)
        {
            if (stream is null)
                c.Hot(Resume).Add(id).Run();
            else
                c.Hot(ResumeInStream).Add(id).Add(stream).Run();
        }
        // The oldest of each: of those given back, or of those that were blocked before.
        foreach (var stream in held.Select(each => each.Stream).OfType<long>().Distinct())
            Streams.OpenNext(c, subscriptionId, stream, time.GetUtcNow());
        if (held.Count < limit)
            c.Hot(EndReorder).Add(subscriptionId).Run();
        return held.Count;
    }
}
