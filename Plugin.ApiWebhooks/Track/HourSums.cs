using Plugin.ApiWebhooks.Queue.Engines;
using System.Data.Common;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>What became of a subscription's deliveries in a span of time.</summary>
/// <param name="Delivered">Deliveries that were taken by the receiver.</param>
/// <param name="Failed">Attempts that failed.</param>
/// <param name="GivenUp">Deliveries that were given up by the schedule, or refused.</param>
internal readonly record struct HourSums(long Delivered, long Failed, long GivenUp)
{
    /// <summary>How many of the delivered have a lag.</summary>
    public long LagCount { get; init; }

    /// <summary>The sum of the lags.</summary>
    public long LagMs { get; init; }

    /// <summary>The longest.</summary>
    public long LagMaxMs { get; init; }

    /// <summary>Which part of the attempts succeeded; null when there was none.</summary>
    public double? SuccessShare => Delivered + Failed > 0 ? (double)Delivered / (Delivered + Failed) : null;

    /// <summary>From the commit of a change to its delivery, on the average; null when nothing was delivered.</summary>
    public TimeSpan? MeanLag => LagCount > 0 ? TimeSpan.FromMilliseconds((double)LagMs / LagCount) : null;

    /// <summary>The longest lag; null when nothing was delivered.</summary>
    public TimeSpan? LongestLag => LagCount > 0 ? TimeSpan.FromMilliseconds(LagMaxMs) : null;

    public static HourSums operator +(HourSums one, HourSums other) => new(one.Delivered + other.Delivered, one.Failed + other.Failed, one.GivenUp + other.GivenUp)
    {
        LagCount = one.LagCount + other.LagCount,
        LagMs = one.LagMs + other.LagMs,
        LagMaxMs = Math.Max(one.LagMaxMs, other.LagMaxMs),
    };
}

/// <summary>Reads the hours. What they cost depends on the subscriptions alone: the hours of a day each, and the sum of what was before.</summary>
internal static class HourTable
{
    /// <summary>How many hours are kept one by one: the 24 that are shown, and some to spare, since folding comes now and then.</summary>
    public const int Kept = 26;

    private const string SelectTotals = """
        SELECT subscription_id, sum(delivered - repeated) FROM subscription_hour WHERE subscription_id BETWEEN @first AND @last GROUP BY subscription_id
        """;

    // By way of the subscriptions, so that only the hours asked for are read.
    private const string SelectSums = """
        SELECT s.id, sum(delivered), sum(failed), sum(given_up), sum(lag_count), sum(lag_ms), max(lag_max_ms)
        FROM subscription s CROSS JOIN subscription_hour h
        WHERE h.subscription_id = s.id AND h.hour BETWEEN @from AND @to GROUP BY s.id
        """;

    private const string SelectHours = """
        SELECT hour, delivered, failed, given_up, lag_count, lag_ms, lag_max_ms FROM subscription_hour
        WHERE subscription_id = @subscription AND hour BETWEEN @from AND @to
        """;

    private const string FindOld = "SELECT 1 FROM subscription_hour WHERE hour > 0 AND hour < @hour LIMIT 1";

    private const string AddOld = """
        INSERT INTO subscription_hour (subscription_id, hour, delivered, repeated, given_up, cancelled, failed)
        SELECT subscription_id, 0, sum(delivered), sum(repeated), sum(given_up), sum(cancelled), sum(failed)
        FROM subscription_hour WHERE hour > 0 AND hour < @hour GROUP BY subscription_id
        ON CONFLICT (subscription_id, hour) DO UPDATE SET
            delivered = subscription_hour.delivered + excluded.delivered, repeated = subscription_hour.repeated + excluded.repeated,
            given_up = subscription_hour.given_up + excluded.given_up, cancelled = subscription_hour.cancelled + excluded.cancelled,
            failed = subscription_hour.failed + excluded.failed
        """;

    private const string DeleteOld = "DELETE FROM subscription_hour WHERE hour > 0 AND hour < @hour";

    /// <summary>How many deliveries were taken in all, each counted once, those too that were removed since; by subscription.</summary>
    public static Dictionary<long, long> ReadTotals(PluginConnection c, long first, long last)
    {
        var totals = new Dictionary<long, long>();
        using var row = c.Prepared(SelectTotals).Bind("@first", first).Bind("@last", last).ExecuteReader();
        while (row.Read())
            totals.Add(row.GetInt64(0), row.GetInt64(1));
        return totals;
    }

    /// <summary>The sums over a span of hours, by subscription.</summary>
    public static Dictionary<long, HourSums> ReadSums(PluginConnection c, long from, long to) =>
        ReadByFirst(c.Prepared(SelectSums).Bind("@from", from).Bind("@to", to));

    /// <summary>One subscription's hours of a span; those in which nothing became of anything are left out.</summary>
    public static Dictionary<long, HourSums> ReadHours(PluginConnection c, long subscriptionId, long from, long to) =>
        ReadByFirst(c.Prepared(SelectHours).Bind("@subscription", subscriptionId).Bind("@from", from).Bind("@to", to));

    /// <summary>Puts the hours that are not kept into the sum of what was before. Writes nothing when there are none.</summary>
    public static async Task FoldAsync(PluginDatabase database, DateTimeOffset now)
    {
        var oldest = HourTally.HourOf(now) - Kept + 1;
        if (database.Read(c => c.Prepared(FindOld).Bind("@hour", oldest).ExecuteScalar()) is null)
            return;
        await database.WriteAsync(c =>
        {
            c.Prepared(AddOld).Bind("@hour", oldest).ExecuteNonQuery();
            return c.Prepared(DeleteOld).Bind("@hour", oldest).ExecuteNonQuery();
        });
    }

    private static Dictionary<long, HourSums> ReadByFirst(DbCommand command)
    {
        var sums = new Dictionary<long, HourSums>();
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            sums.Add(row.GetInt64(0), new HourSums(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))
            {
                LagCount = row.GetInt64(4),
                LagMs = row.GetInt64(5),
                LagMaxMs = row.GetInt64(6),
            });
        }
        return sums;
    }
}
