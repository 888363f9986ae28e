using System.Data.Common;
using Plugin.ApiWebhooks.Queue.Engines;
using Microsoft.Data.Sqlite;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.Tests.Queue;

/// <summary>Files of former versions are brought up to date with what they hold.</summary>
[Trait("Storage", "sqlite")]
public sealed class MigrationsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task Deliveries_and_attempts_keep_their_story_when_they_get_their_new_ids()
    {
        var file = Path.Combine(_folder.Data, "webhooks.db");
        using (var old = new SqlitePluginConnection(file, writes: true))
        {
            Migrations.RunOnSqlite(old, "old.db", 3);
            old.Run("INSERT INTO subscription (key, label, state, starts_after, created_at) VALUES ('a', 'A', 'active', 0, 1), ('b', 'B', 'active', 0, 1)");
            old.Run("INSERT INTO message (id, change_sequence, change_id, kind, occurred_at, created_at, content_type, body) VALUES (9, 70, 'c', 'record.inserted', 1, 2, 'text/plain', x'31')");
            old.Run("""
                INSERT INTO delivery (id, subscription_id, change_sequence, message_id, state, due_at, attempts, created_at, finished_at)
                VALUES (1, 2, 70, 9, 'delivered', NULL, 2, 3, 8), (2, 1, 70, 9, 'waiting', 99, 1, 3, NULL)
                """);
            old.Run("""
                INSERT INTO attempt (delivery_id, number, started_at, duration_ms, outcome, status, url, detail, answer_type, answer, answer_cut)
                VALUES (1, 1, 4, 5, 'ServerError', 500, 'http://a', 'd', 't', x'32', 1), (1, 2, 6, 7, 'Succeeded', 200, 'http://a', NULL, NULL, NULL, 0), (2, 1, 4, 5, 'TimedOut', NULL, 'http://b', 'late', NULL, NULL, 0)
                """);
        }

        await using var database = TestDatabase.Open(file);

        Assert.Equal(
            [$"{DeliveryId.Of(70, 1)} 1 70 9 waiting 99 1 3 -", $"{DeliveryId.Of(70, 2)} 2 70 9 delivered - 2 3 8"],
            Rows(database, "SELECT concat_ws(' ', id, subscription_id, change_sequence, message_id, state, ifnull(due_at, '-'), attempts, created_at, ifnull(finished_at, '-')) FROM delivery ORDER BY id"));
        Assert.Equal(
            [
                $"{DeliveryId.Of(70, 1)} 1 4 5 TimedOut - http://b late - - 0",
                $"{DeliveryId.Of(70, 2)} 1 4 5 ServerError 500 http://a d t 2 1",
                $"{DeliveryId.Of(70, 2)} 2 6 7 Succeeded 200 http://a - - - 0",
            ],
            Rows(database, """
                SELECT concat_ws(' ', delivery_id, number, started_at, duration_ms, outcome, ifnull(status, '-'), url, ifnull(detail, '-'), ifnull(answer_type, '-'),
                    ifnull(CAST(answer AS TEXT), '-'), answer_cut)
                FROM attempt ORDER BY delivery_id, number
                """));
    }

    [Fact]
    public async Task What_a_former_version_delivered_is_counted_by_its_hours_and_what_failed_gets_its_reason()
    {
        const long Hour = 3_600_000;
        const long Begin = 500_000 * Hour;
        var file = Path.Combine(_folder.Data, "webhooks.db");
        using (var old = new SqlitePluginConnection(file, writes: true))
        {
            Migrations.RunOnSqlite(old, "old.db", 12);
            old.Run("INSERT INTO subscription (key, label, state, starts_after, created_at) VALUES ('a', 'A', 'active', 0, 1)");
            // Ten days ago, two hours ago twice, now; then what was given up in each way, and what is still owed.
            old.Run($"""
                INSERT INTO message (id, change_sequence, change_id, kind, occurred_at, created_at, content_type, body)
                VALUES (1, 1, 'c', 'record.inserted', {Begin}, 2, 'text/plain', x'31')
                """);
            old.Run($"""
                INSERT INTO delivery (id, message_id, state, due_at, attempts, created_at, finished_at)
                VALUES ((1 << 20) | 1, 1, 'delivered', NULL, 1, 1, {Begin - (240 * Hour)}), ((2 << 20) | 1, 1, 'delivered', NULL, 2, 1, {Begin + 500}),
                       ((3 << 20) | 1, 1, 'delivered', NULL, 1, 1, {Begin + 700}), ((4 << 20) | 1, 1, 'delivered', NULL, 1, 1, {Begin + (2 * Hour)}),
                       ((5 << 20) | 1, 1, 'exhausted', NULL, 1, 1, {Begin + Hour}), ((6 << 20) | 1, 1, 'exhausted', NULL, 0, 1, {Begin + Hour}),
                       ((7 << 20) | 1, 1, 'cancelled', NULL, 1, 1, {Begin + Hour}), ((8 << 20) | 1, 1, 'waiting', 9, 1, 1, NULL),
                       ((9 << 20) | 1, 1, 'held', NULL, 0, 1, NULL)
                """);
            old.Run("INSERT INTO refusal VALUES ((6 << 20) | 1, 1, 'MessageTooLarge', 'd', 1)");
            old.Run($"""
                INSERT INTO attempt (delivery_id, number, started_at, duration_ms, outcome, url)
                VALUES ((2 << 20) | 1, 1, {Begin}, 5, 'TimedOut', 'u'), ((2 << 20) | 1, 2, {Begin}, 5, 'Succeeded', 'u'), ((5 << 20) | 1, 1, {Begin + Hour}, 5, 'ClientError', 'u'),
                       ((7 << 20) | 1, 1, {Begin + Hour}, 5, 'ServerError', 'u'), ((8 << 20) | 1, 1, {Begin - (240 * Hour)}, 5, 'DnsFailed', 'u')
                """);
        }

        await using var database = TestDatabase.Open(file);

        Assert.Equal(
            ["0 1 0 0 1 0 0 0", "500000 2 0 0 1 2 1200 700", "500001 0 2 1 2 0 0 0", $"500002 1 0 0 0 1 {2 * Hour} {2 * Hour}"],
            Rows(database, "SELECT concat_ws(' ', hour, delivered, given_up, cancelled, failed, lag_count, lag_ms, lag_max_ms) FROM subscription_hour ORDER BY hour"));
        Assert.Equal(
            ["5 ClientError", "6 MessageTooLarge", "7 Cancelled", "8 DnsFailed"],
            Rows(database, "SELECT concat_ws(' ', change_sequence, failure) FROM delivery WHERE failure IS NOT NULL ORDER BY id"));
    }

    public void Dispose() => _folder.Dispose();

    private static List<string> Rows(PluginDatabase database, string sql) => database.Read(c =>
    {
        using DbDataReader reader = c.Prepared(sql).ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    });
}
