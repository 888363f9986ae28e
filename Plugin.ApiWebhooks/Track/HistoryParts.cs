using System.Data.Common;
using System.Globalization;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Track;

/// <summary>The parts by which the history is divided on PostgreSQL: makes them ahead of the changes, and drops whole what is old.</summary>
/// <remarks>
/// A part is a range of changes. How many it takes is reckoned, before it is begun, from how fast they came in the one before: so that there are about eight parts in the
/// time for which the history is kept, and none is larger than an eighth of what it may take. What comes slower than was reckoned stays longer in one part; then what
/// is old in it is removed piece by piece, as on SQLite, and so is what lies beside something that is still owed.
/// <para>
/// A part is made and dropped while nobody writes, within milliseconds, and not at all while somebody reads for long: there is time for it later.
/// </para>
/// </remarks>
internal sealed class HistoryParts(PluginDatabase database, Func<StorageSettings> settings, TimeProvider time)
{
    /// <summary>How many parts there are, about, in what is kept.</summary>
    public const int Kept = 8;

    /// <summary>The fewest changes of a part, unless they are large.</summary>
    public const long Fewest = 65_536;

    private const long FewestLarge = 4_096;
    private const long Most = 1L << 31;
    private const int MostGrowth = 4;
    private const int ScanSeconds = 300;

    private const string ScanLong = "SET LOCAL statement_timeout = '300s'";

    private const string SelectPosition = "SELECT coalesce(max(position), 0) FROM reader";

    private const string SelectParts = "SELECT number, from_sequence, to_sequence, entered_at, left_at FROM history_part ORDER BY from_sequence";

    // Also of what was written in the future, while the clock was wrong.
    private const string NoteEntered = """
        UPDATE history_part SET entered_at = @now WHERE from_sequence <= @position AND (entered_at IS NULL OR entered_at > @now)
        """;

    private const string NoteLeft = """
        UPDATE history_part SET left_at = @now WHERE to_sequence <= @position + 1 AND (left_at IS NULL OR left_at > @now)
        """;

    // A range that the rest has rows of cannot be made a part. Nothing is stored of changes beyond the position.
    private const string SelectFirstFree = """
        SELECT 1 + greatest((SELECT coalesce(max(position), 0) FROM reader), (SELECT coalesce(max(to_sequence) - 1, 0) FROM history_part))
        """;

    private const string AddPart = "SELECT add_history_part((SELECT coalesce(max(number), 0) + 1 FROM history_part), @first, @past, @patience)";

    private const string DropPart = "SELECT drop_history_part(@part, @patience)";

    // Whoever waits for a table keeps all others waiting that come after him. Shorter than the time after which the server looks for deadlocks, so that nobody else is
    // given up for it.
    private const string Shortly = "200ms";

    // Long enough for the server to send its own cleaning up away.
    private const string Longer = "1500ms";

    // By the three small indexes of what is not finished.
    private const string CountOwed = """
        SELECT (SELECT count(*) FROM (SELECT 1 FROM delivery_{0} WHERE due_at IS NOT NULL LIMIT 1) AS due)
            + (SELECT count(*) FROM (SELECT 1 FROM delivery_{0} WHERE state = 'held' LIMIT 1) AS held)
            + (SELECT count(*) FROM (SELECT 1 FROM delivery_{0} WHERE state = 'pending' AND due_at IS NULL LIMIT 1) AS blocked)
        """;

    private const string SelectFinished = "SELECT subscription_id, count(*), max(change_sequence), max(finished_at) FROM delivery_{0} GROUP BY subscription_id";

    private const string SelectBytes = "SELECT pg_total_relation_size('delivery_{0}') + pg_total_relation_size('message_{0}') + pg_total_relation_size('attempt_{0}')";

    private const string DeleteRefusals = "DELETE FROM refusal WHERE delivery_id >= @first AND delivery_id < @past";

    // Could have gone, but for somebody who read; and those of the look before.
    private HashSet<long> _inUse = [];
    private HashSet<long> _inUseBefore = [];
    private bool _couldNotAdd;
    private long? _position;

    /// <summary>A part.</summary>
    /// <param name="Number">Its tables' number.</param>
    /// <param name="From">The sequence of its first change.</param>
    /// <param name="To">The sequence before which its last one is.</param>
    /// <param name="EnteredAt">When a change of it had been read; null for not yet.</param>
    /// <param name="LeftAt">When all of them had been; null for not yet.</param>
    internal sealed record Part(long Number, long From, long To, DateTimeOffset? EnteredAt, DateTimeOffset? LeftAt);

    /// <summary>The parts, oldest first.</summary>
    public IReadOnlyList<Part> Read() => database.Read(ReadParts);

    /// <summary>Notes how far the changes have come, and makes the next part when it will soon be needed. Writes nothing else.</summary>
    public async Task KeepUpAsync()
    {
        (_inUseBefore, _inUse) = (_inUse, []);
        var now = time.GetUtcNow();
        var (position, parts) = database.Read(c => ((long)c.Prepared(SelectPosition).ExecuteScalar()!, ReadParts(c)));
        var moved = position - (_position ?? position);
        _position = position;
        var needsNext = parts is not [.., var last] || last.To - position <= Math.Max((last.To - last.From) / 2, MostGrowth * moved);
        if (!needsNext && !parts.Any(part => IsToNote(part, position, now)))
            return;
        var width = needsNext ? WidthAfter(parts, position, now) : 0;
        _couldNotAdd = !await database.WriteAsync(c =>
        {
            c.Prepared(NoteEntered).Bind("@now", now).Bind("@position", position).ExecuteNonQuery();
            c.Prepared(NoteLeft).Bind("@now", now).Bind("@position", position).ExecuteNonQuery();
            if (!needsNext)
                return true;
            var first = (long)c.Prepared(SelectFirstFree).ExecuteScalar()!;
            return (bool)c.Prepared(AddPart).Bind("@first", first).Bind("@past", first + width).Bind("@patience", _couldNotAdd ? Longer : Shortly).ExecuteScalar()!;
        });
    }

    /// <summary>Up to which change what is old is removed piece by piece: from there on it will go with its part.</summary>
    /// <param name="at">What finished up to then is old.</param>
    public long FindFirstToWaitFor(DateTimeOffset at)
    {
        var patience = at - (settings().Retain / (Kept / 2));
        return Read().FirstOrDefault(part => part.LeftAt <= at ? _inUse.Contains(part.Number) && part.LeftAt > patience : part.EnteredAt > patience)?.From ?? long.MaxValue;
    }

    /// <summary>Drops the oldest parts, as long as all that is in them is old.</summary>
    /// <param name="at">What finished up to then is old.</param>
    /// <returns>How many deliveries went, and how many of them had been refused.</returns>
    public async Task<(int Deliveries, int Refusals)> DropOldAsync(DateTimeOffset at)
    {
        var total = (Deliveries: 0, Refusals: 0);
        foreach (var part in Read().Where(part => part.LeftAt <= at).TakeWhile(_ => _inUse.Count == 0))
        {
            if (await TryDropAsync(part, at) is { } gone)
                total = (total.Deliveries + gone.Deliveries, total.Refusals + gone.Refusals);
        }
        return total;
    }

    /// <summary>Drops the oldest part that has only finished deliveries, whatever their age, if it is not too large a piece of the history.</summary>
    /// <returns>How many deliveries went, and how many of them had been refused; null when there is no such part.</returns>
    public async Task<(int Deliveries, int Refusals)?> DropOldestAsync()
    {
        // Who keeps one from going keeps them all.
        if (_inUse.Count > 0)
            return null;
        foreach (var part in Read().Where(part => part.LeftAt is not null))
        {
            if (BytesOf(part) <= settings().MostBytes / (Kept / 2) && await TryDropAsync(part, DateTimeOffset.MaxValue) is { } gone)
                return gone;
        }
        return null;
    }

    private async Task<(int Deliveries, int Refusals)?> TryDropAsync(Part part, DateTimeOffset at)
    {
        var finished = database.Read(c =>
        {
            if (IsOwed(c, part))
                return null;
            // It may hold millions.
            c.Run(ScanLong);
            using var select = Command(c, SelectFinished, part);
            select.CommandTimeout = ScanSeconds;
            return select.List(row => (Subscription: row.GetInt64(0), Deliveries: row.GetInt64(1), Last: row.GetInt64(2), FinishedAt: row.GetInstant(3)));
        });
        if (finished is null || finished.Exists(each => each.FinishedAt > at))
            return null;
        var refusals = await database.WriteAsync(c =>
        {
            // Sent again meanwhile, it is owed.
            if (IsOwed(c, part))
                return (int?)null;
            if (!(bool)c.Prepared(DropPart).Bind("@part", part.Number).Bind("@patience", _inUseBefore.Contains(part.Number) ? Longer : Shortly).ExecuteScalar()!)
            {
                _inUse.Add(part.Number);
                return null;
            }
            foreach (var (subscription, _, last, _) in finished)
                c.Prepared(RetentionStore.NoteForgotten).Bind("@subscription", subscription).Bind("@sequence", last).ExecuteNonQuery();
            return c.Prepared(DeleteRefusals).Bind("@first", DeliveryId.Of(part.From, 0)).Bind("@past", DeliveryId.Of(part.To, 0)).ExecuteNonQuery();
        });
        return refusals is { } count ? ((int)finished.Sum(each => each.Deliveries), count) : null;
    }

    private long WidthAfter(IReadOnlyList<Part> parts, long position, DateTimeOffset now)
    {
        if (parts.LastOrDefault(part => part.EnteredAt < now) is not { } part)
            return Fewest;
        var (width, changes) = (part.To - part.From, Math.Max(1, Math.Min(position, part.To) - part.From));
        var (retain, mostBytes) = (settings().Retain, settings().MostBytes);
        var elapsed = (part.LeftAt ?? now) - part.EnteredAt!.Value;
        var byTime = retain > TimeSpan.Zero ? retain / Kept / elapsed * changes : Most;
        var byGrowth = Math.Clamp(byTime, width / MostGrowth, (double)width * MostGrowth);
        var reckoned = Math.Clamp(byGrowth, Fewest, Most);
        var bySize = mostBytes > 0 && changes >= FewestLarge ? mostBytes / Kept / ((double)BytesOf(part) / changes) : Most;
        return (long)Math.Max(FewestLarge, Math.Min(reckoned, bySize));
    }

    private long BytesOf(Part part) => database.Read(c => Number(c, SelectBytes, part));

    private static bool IsToNote(Part part, long position, DateTimeOffset now) =>
        (part.From <= position && !(part.EnteredAt <= now)) || (part.To <= position + 1 && !(part.LeftAt <= now));

    private static bool IsOwed(PluginConnection c, Part part) => Number(c, CountOwed, part) > 0;

    private static long Number(PluginConnection c, string sql, Part part)
    {
        using var command = Command(c, sql, part);
        return (long)command.ExecuteScalar()!;
    }

    // The parts' names are numbers, and each is asked for a few times: nothing to prepare.
    private static DbCommand Command(PluginConnection c, string sql, Part part)
    {
        var command = c.CreateCommand();
        command.CommandText = string.Format(CultureInfo.InvariantCulture, sql, part.Number);
        return command;
    }

    private static List<Part> ReadParts(PluginConnection c) =>
        c.Prepared(SelectParts).List(row => new Part(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.FindInstant(3), row.FindInstant(4)));
}
