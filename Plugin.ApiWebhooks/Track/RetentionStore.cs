using Plugin.ApiWebhooks.Queue.Engines;
using System.Globalization;
using System.Data.Common;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>Finds and removes what is old. Nothing that is still owed is ever found.</summary>
/// <remarks>
/// Messages are numbered as they are stored, so the walk goes from the oldest to the newest without an index of times, which every delivery would have to pay for.
/// All deliveries of a change lie together.
/// </remarks>
internal sealed class RetentionStore(PluginDatabase database)
{
    private const string SelectMessages = "SELECT id, change_sequence, created_at, length(body) FROM message WHERE id > @after AND change_sequence < @end ORDER BY id LIMIT @limit";

    // What finished in the future did so while the clock was wrong.
    private const string SelectFinished = """
        SELECT id, finished_at FROM delivery
        WHERE id >= @first AND id < @end AND message_id = @message AND (finished_at <= @at OR finished_at > @now) ORDER BY id LIMIT @limit
        """;

    private const string AnyDelivery = "SELECT 1 FROM delivery WHERE id >= @first AND id < @end AND message_id = @message LIMIT 1";

    private const string DeleteDelivery = "DELETE FROM delivery WHERE id = @id AND finished_at = @finished";

    private const string DeleteAttempts = "DELETE FROM attempt WHERE delivery_id = @id";

    private const string DeleteRefusal = "DELETE FROM refusal WHERE delivery_id = @id";

    private const string DeleteMessage = """
        DELETE FROM message
        WHERE id = @message AND NOT EXISTS (SELECT 1 FROM delivery WHERE id >= @first AND id < @end AND message_id = @message)
        """;

    /// <summary>Notes up to which <c>@sequence</c> deliveries of a <c>@subscription</c> are known no more.</summary>
    public const string NoteForgotten =
        "UPDATE subscription SET forgotten_up_to = @sequence WHERE id = @subscription AND coalesce(forgotten_up_to, 0) < @sequence";

    private const string SelectOldestPress = "SELECT min(pressed_at) FROM press WHERE ended_at IS NOT NULL";

    private const string DeletePresses = """
        DELETE FROM press
        WHERE press_key IN (SELECT press_key FROM press WHERE pressed_at <= @at AND ended_at IS NOT NULL ORDER BY pressed_at LIMIT @limit)
        """;

    private const string AnyReplay = "SELECT 1 FROM replay WHERE finished_at <= @at LIMIT 1";

    private const string DeleteReplays = "DELETE FROM replay WHERE id IN (SELECT id FROM replay WHERE finished_at <= @at LIMIT @limit)";

    // They are numbered as they are written: the first is the oldest, and no index of times is needed.
    private const string SelectOldestAudit = "SELECT at FROM audit ORDER BY id LIMIT 1";

    private const string AnyAuditBeyond = "SELECT 1 FROM audit WHERE id <= (SELECT max(id) FROM audit) - @most LIMIT 1";

    private const string DeleteAudit = """
        DELETE FROM audit
        WHERE id IN (SELECT id FROM audit ORDER BY id LIMIT @limit) AND (at <= @at OR id <= (SELECT max(id) FROM audit) - @most)
        """;

    private const string SelectOldHeads = "SELECT id, used_at FROM request_head WHERE used_at <= @at LIMIT @limit";

    private const string SelectUsedHeads = """
        SELECT max(delivery_id), request_head FROM (SELECT delivery_id, request_head FROM attempt WHERE delivery_id > @after ORDER BY delivery_id LIMIT @limit) AS seen
        GROUP BY request_head
        """;

    private const string DeleteHead = "DELETE FROM request_head WHERE id = @id AND used_at = @used";

    // SQLite knows what of its file is free.
    private const string SelectSizeOnSqlite = "SELECT (SELECT page_count FROM pragma_page_count), (SELECT freelist_count FROM pragma_freelist_count), (SELECT page_size FROM pragma_page_size)";

    // PostgreSQL's tables do not become smaller by what is removed: the room is used again. So their rows are weighed, each with what it takes beside its texts, also in
    // the indexes. What a body takes is known without reading it.
    private static readonly string SelectSizeOnPostgres = $"""
        SELECT pages, greatest(0, pages - (({Weigh("message", "150 + pg_column_size(body) + coalesce(pg_column_size(address_values), 0)")})
            + ({Weigh("delivery", "180")})
            + ({Weigh("attempt", "150 + pg_column_size(url) + pg_column_size(concat(detail, request_lines, answer_head)) + coalesce(pg_column_size(answer), 0)")})
            + ({Weigh("press", "350 + pg_column_size(request) + coalesce(pg_column_size(answer), 0)")})) / 8192)::bigint, 8192
        FROM (SELECT (sum(pg_total_relation_size(oid)) / 8192)::bigint AS pages FROM pg_class WHERE relnamespace = current_schema::regnamespace AND relkind = 'r') AS size
        """;

    private readonly string _selectSize = database.Choose(SelectSizeOnSqlite, SelectSizeOnPostgres);
    private readonly bool _givesBack = database.Choose(true, false);

    /// <summary>A message and those of its deliveries that may go.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="ChangeSequence">The change's sequence.</param>
    /// <param name="StoredAt">When it was stored, as far as the clock was right.</param>
    /// <param name="Finished">The deliveries, with the times at which they finished.</param>
    /// <param name="IsCut">Whether it may have more of them.</param>
    /// <param name="IsOrphan">Whether it has no delivery at all.</param>
    internal sealed record Candidate(
        long Id, long ChangeSequence, DateTimeOffset StoredAt, IReadOnlyList<(long Id, DateTimeOffset FinishedAt)> Finished, bool IsCut, bool IsOrphan)
    {
        public bool MayGo => Finished.Count > 0 || IsOrphan;
    }

    /// <summary>How large the database is, and how much of that is free.</summary>
    internal readonly record struct FileSize(long Pages, long FreePages, int PageBytes)
    {
        public long UsedBytes => (Pages - FreePages) * PageBytes;
    }

    /// <summary>The next messages in the order in which they were stored, with those of their deliveries that finished up to a moment.</summary>
    /// <param name="messageId">The message before the first one.</param>
    /// <param name="endSequence">Changes from this one on are passed over.</param>
    /// <param name="at">The moment.</param>
    /// <param name="now">The present time.</param>
    /// <param name="limit">The most messages, and about the most deliveries.</param>
    /// <param name="mostBytes">Reading ends after the one that makes this much go.</param>
    public IReadOnlyList<Candidate> ReadAfter(long messageId, long endSequence, DateTimeOffset at, DateTimeOffset now, int limit, long mostBytes) => database.Read(c =>
    {
        var messages = Binding.List(
            c.Prepared(SelectMessages).Bind("@after", messageId).Bind("@end", endSequence).Bind("@limit", limit), row => (row.GetInt64(0), row.GetInt64(1), row.GetInstant(2), row.GetInt64(3)));
        var candidates = new List<Candidate>(messages.Count);
        foreach (var (id, sequence, storedAt, bytes) in messages)
        {
            if (limit <= 0 || mostBytes <= 0)
                break;
            var finished = Binding.List(
                Of(c.Prepared(SelectFinished), id, sequence).Bind("@at", at).Bind("@now", now).Bind("@limit", limit), row => (row.GetInt64(0), row.GetInstant(1)));
            var isOrphan = finished.Count == 0 && Of(c.Prepared(AnyDelivery), id, sequence).ExecuteScalar() is null;
            candidates.Add(new Candidate(id, sequence, storedAt, finished, finished.Count == limit, isOrphan));
            limit -= Math.Max(1, finished.Count);
            mostBytes -= candidates[^1].MayGo ? bytes : 0;
        }
        return candidates;
    });

    /// <summary>Removes deliveries with their attempts, and messages that have none left.</summary>
    /// <returns>How many deliveries were removed, and how many of them refused ones.</returns>
    public Task<(int Deliveries, int Refusals)> RemoveAsync(IReadOnlyList<Candidate> candidates) => database.WriteAsync(c =>
    {
        var (removed, refusals) = (0, 0);
        var forgotten = new Dictionary<long, long>();
        foreach (var candidate in candidates)
        {
            foreach (var (id, finishedAt) in candidate.Finished)
            {
                // Sent again meanwhile, it is owed.
                if (c.Prepared(DeleteDelivery).Bind("@id", id).Bind("@finished", finishedAt).ExecuteNonQuery() == 0)
                    continue;
                c.Prepared(DeleteAttempts).Bind("@id", id).ExecuteNonQuery();
                refusals += c.Prepared(DeleteRefusal).Bind("@id", id).ExecuteNonQuery();
                removed++;
                var subscription = DeliveryId.SubscriptionOf(id);
                forgotten[subscription] = Math.Max(forgotten.GetValueOrDefault(subscription), candidate.ChangeSequence);
            }
            Of(c.Prepared(DeleteMessage), candidate.Id, candidate.ChangeSequence).ExecuteNonQuery();
        }
        foreach (var (subscription, sequence) in forgotten.Where(each => each.Value > 0))
            c.Prepared(NoteForgotten).Bind("@subscription", subscription).Bind("@sequence", sequence).ExecuteNonQuery();
        return (removed, refusals);
    });

    /// <summary>When the oldest press that has ended was made; null for none.</summary>
    public DateTimeOffset? FindOldestPress() => database.Read(c =>
        c.Prepared(SelectOldestPress).ExecuteScalar() is long milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : (DateTimeOffset?)null);

    /// <summary>Removes presses that have ended.</summary>
    public Task<int> RemovePressesAsync(DateTimeOffset upTo, int limit) =>
        database.WriteAsync(c => c.Prepared(DeletePresses).Bind("@at", upTo).Bind("@limit", limit).ExecuteNonQuery());

    /// <summary>Removes the oldest presses that have ended, whatever their age.</summary>
    public Task<int> RemoveOldestPressesAsync(int limit) => RemovePressesAsync(DateTimeOffset.MaxValue, limit);

    /// <summary>Removes replays that are over.</summary>
    public async Task RemoveReplaysAsync(DateTimeOffset upTo, int limit)
    {
        if (database.Read(c => c.Prepared(AnyReplay).Bind("@at", upTo).ExecuteScalar()) is not null)
            await database.WriteAsync(c => c.Prepared(DeleteReplays).Bind("@at", upTo).Bind("@limit", limit).ExecuteNonQuery());
    }

    /// <summary>Folds what was counted by the hour, and is older than the hours that are shown, into one sum for each subscription.</summary>
    public Task FoldHoursAsync(DateTimeOffset now) => HourTable.FoldAsync(database, now);

    /// <summary>When the oldest entry of the audit list was written; null for none.</summary>
    public DateTimeOffset? FindOldestAudit() => database.Read(c =>
        c.Prepared(SelectOldestAudit).ExecuteScalar() is long milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : (DateTimeOffset?)null);

    /// <summary>Whether the audit list has more than so many entries.</summary>
    public bool HasMoreAudit(int most) => database.Read(c => c.Prepared(AnyAuditBeyond).Bind("@most", most).ExecuteScalar()) is not null;

    /// <summary>Removes the oldest entries of the audit list: those up to a moment, and those beyond a number.</summary>
    public Task<int> RemoveAuditAsync(DateTimeOffset upTo, int most, int limit) =>
        database.WriteAsync(c => c.Prepared(DeleteAudit).Bind("@at", upTo).Bind("@most", most).Bind("@limit", limit).ExecuteNonQuery());

    /// <summary>Removes heads of requests that no attempt has any more. Looks through the attempts in pieces, if any head is old enough at all.</summary>
    /// <param name="upTo">Those that were used later are left alone.</param>
    /// <param name="limit">The most heads.</param>
    /// <param name="together">How many attempts are looked at together.</param>
    /// <returns>How many were removed.</returns>
    public async Task<int> RemoveHeadsAsync(DateTimeOffset upTo, int limit, int together = 10_000)
    {
        var old = database.Read(c => Binding.List(c.Prepared(SelectOldHeads).Bind("@at", upTo).Bind("@limit", limit), row => (Id: row.GetInt64(0), UsedAt: row.GetInt64(1))));
        for (long? after = long.MinValue; after is { } from && old.Count > 0;)
        {
            var used = database.Read(c => Binding.List(
                c.Prepared(SelectUsedHeads).Bind("@after", from).Bind("@limit", together), row => (Last: row.GetInt64(0), Head: row.IsDBNull(1) ? (long?)null : row.GetInt64(1))));
            old.RemoveAll(each => used.Exists(one => one.Head == each.Id));
            after = used.Count == 0 ? null : used.Max(one => one.Last);
        }
        // One that came into use meanwhile has another time.
        return old.Count == 0 ? 0 : await database.WriteAsync(c =>
            old.Sum(each => c.Prepared(DeleteHead).Bind("@id", each.Id).Bind("@used", each.UsedAt).ExecuteNonQuery()));
    }

    /// <summary>The size now.</summary>
    public FileSize ReadSize() => database.Read(c => Binding.List(c.Prepared(_selectSize), row => new FileSize(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2)))[0]);

    /// <summary>Gives free pages back to the disk. PostgreSQL does that by itself, as far as it can, when it clears up after what was removed.</summary>
    public Task ShrinkAsync(int pages) => !_givesBack ? Task.CompletedTask : database.WriteAsync(c =>
    {
        c.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA incremental_vacuum({pages})"));
        return pages;
    });

    // Of a large table about 512 pages are looked at, always the same ones.
    private static string Weigh(string table, string row)
    {
        // Of a table that is divided, all parts together.
        var share = $"least(1, 4194304.0 / greatest(1, pg_relation_size('{table}'), (SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree('{table}'))))";
        return $"SELECT coalesce(sum({row}), 0) / {share} FROM {table} TABLESAMPLE SYSTEM (100 * {share}) REPEATABLE (1)";
    }

    private static DbCommand Of(DbCommand command, long messageId, long sequence) =>
        command.Bind("@message", messageId).Bind("@first", DeliveryId.Of(sequence, 0)).Bind("@end", DeliveryId.Of(sequence + 1, 0));
}
