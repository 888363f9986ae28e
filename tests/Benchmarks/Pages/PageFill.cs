using System.Globalization;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Benchmarks.Pages;

/// <summary>
/// Fills the plugin's database as a busy site's is after a month: each change was told to five subscriptions, almost all is delivered; some subscriptions are disabled,
/// some fail, some have given up. Direct SQL in one transaction: by way of the plugin it would take minutes.
/// </summary>
internal static class PageFill
{
    private const int Fanout = 5;

    /// <summary>A word that stands in one message of a hundred thousand.</summary>
    public const string RareWord = "Zwiebelmuster";

    /// <summary>Fills it.</summary>
    /// <param name="database">The database, with its subscriptions.</param>
    /// <param name="subscriptions">How many there are.</param>
    /// <param name="deliveries">How many deliveries there are to be.</param>
    public static Task RunAsync(PluginDatabase database, int subscriptions, int deliveries) => database.WriteAsync(c =>
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var sql in Statements)
        {
            using var command = c.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, value) in new (string, long)[] { ("@now", now), ("@subscriptions", subscriptions), ("@changes", deliveries / Fanout) })
            {
                if (sql.Contains(name, StringComparison.Ordinal))
                    command.Bind(name, value);
            }
            command.ExecuteNonQuery();
        }
        return 0;
    });

    // A month of changes, the last one now.
    private const string At = "(@now - (@changes - i) * (30 * 86400000 / @changes))";

    private static readonly string[] Statements =
    [
        // Of some the owner is somebody else: only the system administrator sees them.
        "UPDATE subscription SET key = 'stored-' || printf('%032x', id) WHERE id > @subscriptions - 50",
        "UPDATE subscription SET state = 'disabled', state_reason = 'Every attempt failed since yesterday; the last one: ConnectFailed.', failing_since = @now - 86400000 WHERE id <= 5",
        "UPDATE subscription SET failing_since = @now - 3600000 WHERE id > 5 AND id <= 20",
        $$$$"""
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @changes)
        INSERT INTO message (id, change_sequence, change_id, kind, record_id, occurred_at, created_at, content_type, body)
        SELECT i, i, printf('%032x', i * 2654435761),
               CASE i % 20 WHEN 0 THEN 'record.inserted' WHEN 1 THEN 'record.deleted' WHEN 2 THEN 'file.added' WHEN 3 THEN 'file.replaced' WHEN 4 THEN 'record.published' ELSE 'record.metadata_changed' END,
               1 + i * 7919 % 50000, {{{{At}}}} - 40, {{{{At}}}}, 'application/json',
               CAST(printf('{"type":"record.metadata_changed","timestamp":"2026-01-01T00:00:00Z","data":{"sequence":%d,"id":%d,"title":"%s no. %d","fields":{"note":["%s"]}}}',
                   i, 1 + i * 7919 % 50000, CASE i % 100000 WHEN 777 THEN '{{{{RareWord}}}}' ELSE 'Jug, glazed' END, i, printf('%.*c', 600, 'x')) AS BLOB)
        FROM n
        """,
        // The last changes are owed still to those in trouble.
        $"""
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @changes), k(j) AS (VALUES (0), (1), (2), (3), (4)),
        d AS (SELECT i, 1 + (i + j * (@subscriptions / {Fanout})) % @subscriptions AS s, i * 100 / @changes AS percent FROM n, k)
        INSERT INTO delivery (id, message_id, state, due_at, attempts, created_at, finished_at, failure)
        SELECT (i << 20) | s, i,
               CASE WHEN s <= 5 AND percent >= 60 THEN 'held' WHEN s <= 20 AND percent >= 80 THEN 'waiting' WHEN s <= 40 AND i % 10 = 0 THEN 'exhausted' WHEN s <= 50 AND i % 10 = 0 THEN 'cancelled' ELSE 'delivered' END,
               CASE WHEN s <= 5 AND percent >= 60 THEN NULL WHEN s <= 20 AND percent >= 80 THEN @now + 3600000 + i END,
               1, {At}, CASE WHEN (s <= 5 AND percent >= 60) OR (s <= 20 AND percent >= 80) THEN NULL ELSE {At} + 60 END,
               CASE WHEN s <= 5 AND percent >= 60 THEN 'ConnectFailed' WHEN s <= 20 AND percent >= 80 THEN CASE i % 3 WHEN 0 THEN 'TimedOut' ELSE 'ServerError' END
                    WHEN s <= 40 AND i % 10 = 0 THEN 'ClientError' WHEN s <= 50 AND i % 10 = 0 THEN 'Cancelled' END
        FROM d ORDER BY i, s
        """,
        """
        INSERT INTO attempt (delivery_id, number, started_at, duration_ms, outcome, status, url, detail, answer_type, answer)
        SELECT id, 1, created_at + 10, 40, coalesce(nullif(failure, 'Cancelled'), 'Succeeded'),
               CASE failure WHEN 'ServerError' THEN 500 WHEN 'ClientError' THEN 404 WHEN 'ConnectFailed' THEN NULL WHEN 'TimedOut' THEN NULL ELSE 204 END,
               'https://receiver-' || subscription_id || '.example.org/events', CASE WHEN failure IS NOT NULL THEN 'The receiver said no.' END,
               CASE WHEN failure IS NOT NULL THEN 'text/plain' END, CASE WHEN failure IS NOT NULL THEN CAST('No, not today.' AS BLOB) END
        FROM delivery ORDER BY id
        """,
        """
        INSERT INTO subscription_hour (subscription_id, hour, delivered, given_up, cancelled, failed, lag_count, lag_ms, lag_max_ms)
        SELECT subscription_id, CASE WHEN created_at > @now - 25 * 3600000 THEN created_at / 3600000 ELSE 0 END,
               sum(state = 'delivered'), sum(state = 'exhausted'), sum(state = 'cancelled'), sum(failure IS NOT NULL), sum(state = 'delivered'), sum(CASE state WHEN 'delivered' THEN 100 ELSE 0 END), 100
        FROM delivery GROUP BY 1, 2
        """,
        // However little was sent in an hour, its row is there: the most there can be.
        """
        WITH RECURSIVE h(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM h WHERE i < 25)
        INSERT INTO subscription_hour (subscription_id, hour, delivered, lag_count, lag_ms, lag_max_ms) SELECT id, @now / 3600000 - i, 1, 1, 80, 80 FROM subscription, h WHERE true
        ON CONFLICT DO NOTHING
        """,
    ];

    /// <summary>How many there are of something.</summary>
    public static long Count(PluginDatabase database, string from) =>
        database.Read(c => Convert.ToInt64(c.Prepared($"SELECT count(*) FROM {from}").ExecuteScalar(), CultureInfo.InvariantCulture));
}
