using Plugin.ApiWebhooks.Queue.Engines;
using System.Runtime.InteropServices;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>
/// What becomes of deliveries in one transaction, gathered in memory and written to the present hour of each subscription: one row for each that is touched,
/// however many deliveries there are.
/// </summary>
/// <param name="now">The present time.</param>
internal sealed class HourTally(DateTimeOffset now)
{
    private const long MillisecondsOfHour = 3_600_000;

    private const string Insert = """
        INSERT INTO subscription_hour (subscription_id, hour, delivered, repeated, given_up, cancelled, failed, lag_count, lag_ms, lag_max_ms)
        """;

    private const string OrAdd = """
        ON CONFLICT (subscription_id, hour) DO UPDATE SET
            delivered = subscription_hour.delivered + excluded.delivered, repeated = subscription_hour.repeated + excluded.repeated,
            given_up = subscription_hour.given_up + excluded.given_up, cancelled = subscription_hour.cancelled + excluded.cancelled,
            failed = subscription_hour.failed + excluded.failed, lag_count = subscription_hour.lag_count + excluded.lag_count,
            lag_ms = subscription_hour.lag_ms + excluded.lag_ms,
            lag_max_ms = CASE WHEN subscription_hour.lag_max_ms > excluded.lag_max_ms THEN subscription_hour.lag_max_ms ELSE excluded.lag_max_ms END
        """;

    private static readonly RowStatement Add = new(
        $"{Insert} VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) {OrAdd}", $"{Insert} SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) {OrAdd}");

    private readonly Dictionary<long, Counts> _counts = [];

    /// <summary>The number of the hour in which a moment lies.</summary>
    public static long HourOf(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / MillisecondsOfHour;

    /// <summary>When an hour begins.</summary>
    public static DateTimeOffset BeginOf(long hour) => DateTimeOffset.FromUnixTimeMilliseconds(hour * MillisecondsOfHour);

    /// <summary>One was taken by its receiver.</summary>
    /// <param name="subscriptionId">Whose it is.</param>
    /// <param name="occurredAt">When its change was committed; null when its way was not the usual one: it was sent before.</param>
    public void Deliver(long subscriptionId, DateTimeOffset? occurredAt)
    {
        ref var counts = ref Of(subscriptionId);
        counts.Delivered++;
        if (occurredAt is not { } since)
            return;
        // A clock that was set back must not make it negative.
        var lag = Math.Max(0, (long)(now - since).TotalMilliseconds);
        counts.LagCount++;
        counts.LagMs += lag;
        counts.LagMaxMs = Math.Max(counts.LagMaxMs, lag);
    }

    /// <summary>An attempt failed.</summary>
    public void Fail(long subscriptionId) => Of(subscriptionId).Failed++;

    /// <summary>One was given up by the schedule, or had no message to be sent.</summary>
    public void GiveUp(long subscriptionId) => Of(subscriptionId).GivenUp++;

    /// <summary>Some were given up by a person.</summary>
    public void Cancel(long subscriptionId, int count = 1) => Of(subscriptionId).Cancelled += count;

    /// <summary>One that had been delivered is owed again.</summary>
    public void Repeat(long subscriptionId) => Of(subscriptionId).Repeated++;

    /// <summary>Writes what was gathered, in the transaction in which it happens.</summary>
    public void Write(PluginConnection c)
    {
        if (_counts.Count == 0)
            return;
        // In the same order in all nodes: two that write at the same time wait for each other in turn, never both.
        c.RunForEach(Add, [.. _counts.OrderBy(each => each.Key).Select(each => new[]
        {
            each.Key, HourOf(now), each.Value.Delivered, each.Value.Repeated, each.Value.GivenUp, each.Value.Cancelled, each.Value.Failed,
            each.Value.LagCount, each.Value.LagMs, each.Value.LagMaxMs,
        })]);
    }

    private ref Counts Of(long subscriptionId) => ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, subscriptionId, out _);

    private struct Counts
    {
        public long Delivered;
        public long Repeated;
        public long GivenUp;
        public long Cancelled;
        public long Failed;
        public long LagCount;
        public long LagMs;
        public long LagMaxMs;
    }
}
