using Plugin.ApiWebhooks.Queue.Engines;
using Dam.Hosting;
using System.Data.Common;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>Finds deliveries page by page, however many there are. Each search has a limit of time; what it could not look through is said, and the next one goes on there.</summary>
/// <remarks>
/// <list type="number">
/// <item>The span of time becomes a stretch of ids, by the host's change log: ids are counted as the changes are.</item>
/// <item>A record's changes are known to that log too: only their deliveries are looked at, and what the log has forgotten.</item>
/// <item>What is open, and what failed, has indexes of its own: while that is not much, only it is looked at.</item>
/// <item>Everything else is walked through from the newest on. What is asked for most is found at once; what is rare takes its time.</item>
/// </list>
/// </remarks>
internal sealed class DeliverySearch(PluginDatabase database, IChangeLog log, TimeProvider time)
{
    /// <summary>How long one search looks, about.</summary>
    public static readonly TimeSpan UsualLimit = TimeSpan.FromMilliseconds(100);

    // More than so many are as quickly found by walking.
    private const int Many = 30_000;
    private const int ChangesTogether = 500;

    private const string Load = $"{DeliveryRows.Select} WHERE d.id IN (SELECT value FROM json_each(@ids))";

    private const string TimeAt = """
        SELECT (SELECT m.occurred_at FROM message m WHERE m.id = d.message_id AND m.change_sequence = d.change_sequence) FROM delivery d
        WHERE d.id >= @id ORDER BY d.id LIMIT 1
        """;

    private const string NewestNotice = "SELECT min(id) FROM delivery WHERE id < 0";

    /// <summary>How long one search looks.</summary>
    public TimeSpan Limit { get; init; } = UsualLimit;

    /// <summary>Looks for deliveries, newest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="place">Where the page begins.</param>
    /// <param name="limit">The most of them.</param>
    /// <param name="cancellationToken">Cancels the reading of the change log.</param>
    public async Task<SearchPage> FindNewestAsync(DeliveryQuery query, SearchPlace place, int limit, CancellationToken cancellationToken)
    {
        var scan = new DeliveryScan(query, descends: true, limit + 1, time, Limit);
        var isWhole = await ScanAsync(scan, query, 0, place.Before is { } before ? before - 1 : long.MaxValue, descends: true, cancellationToken).ConfigureAwait(false);
        return database.Read(c =>
        {
            // Few: they have a time limit of their own.
            var notices = new DeliveryScan(query, descends: false, limit + 1, time, Limit);
            var newest = c.Prepared(NewestNotice).ExecuteScalar() is long id ? id : 0;
            var allNotices = notices.Walk(c, Math.Max(newest, place.Notices is { } last ? last + 1 : long.MinValue), -1);
            var (changed, noticed) = (Read(c, scan.Found), Read(c, notices.Found));
            var lookedBackTo = isWhole || scan.IsFull ? null : TimeOf(c, scan.Position ?? 0);
            var merging = new Merging(changed, noticed, lookedBackTo, limit);
            // Only a place among the changes is given: notices go on where these do.
            if (place is { Before: { } from, Notices: null } && TimeOf(c, from) is { } at)
                merging.PassOver(at);
            merging.Run();
            var isEnd = isWhole && allNotices && merging.IsEmpty;
            return new SearchPage(merging.Page, isEnd ? null : new SearchPlace(
                merging.HasChanges ? merging.LastChange ?? place.Before : isWhole ? 0 : scan.Position,
                merging.HasNotices || allNotices ? merging.LastNotice ?? place.Notices ?? long.MinValue : notices.Position))
            {
                LookedBackTo = merging.Page.Count < limit ? lookedBackTo : null,
            };
        });
    }

    /// <summary>Looks for deliveries, oldest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="after">Their ids are higher.</param>
    /// <param name="limit">The most of them.</param>
    /// <param name="cancellationToken">Cancels the reading of the change log.</param>
    /// <returns>The deliveries, and after which id to go on; null at the end.</returns>
    public async Task<(IReadOnlyList<DeliveryEntry> Deliveries, long? Next)> FindOldestAsync(DeliveryQuery query, long after, int limit, CancellationToken cancellationToken)
    {
        var scan = new DeliveryScan(query, descends: false, limit + 1, time, Limit);
        var isWhole = true;
        if (after < -1)
            isWhole = database.Read(c => c.Prepared(NewestNotice).ExecuteScalar() is not long oldest || scan.Walk(c, Math.Max(oldest, after == long.MinValue ? after : after + 1), -1));
        isWhole = isWhole && await ScanAsync(scan, query, Math.Max(0, after == long.MaxValue ? after : after + 1), long.MaxValue, descends: false, cancellationToken).ConfigureAwait(false);
        return database.Read(c =>
        {
            var found = scan.Found.Count > limit ? scan.Found[..limit] : scan.Found;
            return ((IReadOnlyList<DeliveryEntry>)Read(c, found), scan.Found.Count > limit ? found[^1] : isWhole ? null : scan.Position);
        });
    }

    // Among deliveries of changes.
    private async Task<bool> ScanAsync(DeliveryScan scan, DeliveryQuery query, long first, long last, bool descends, CancellationToken cancellationToken)
    {
        var forgotten = await log.GetFirstPositionAsync(cancellationToken).ConfigureAwait(false);
        // :: Step 1
        if (query.From is not null || query.Before is not null)
            (first, last) = Narrow(await log.FindStretchAsync(query.From, query.Before, cancellationToken).ConfigureAwait(false), query, forgotten, first, last);
        // :: Step 2
        if (query.RecordId is { } record && await ScanOfRecordAsync(scan, record, forgotten, (first, last), descends, cancellationToken).ConfigureAwait(false) is { } isWhole)
            return isWhole;
        // :: Steps 3 and 4
        return database.Read(c => DeliveryIndexes.Find(c, query, first, last, descends, Many) is { } few ? scan.Walk(c, few) : scan.Walk(c, first, Highest(c, last)));
    }

    // Null where the host does not find changes by their record.
    private async Task<bool?> ScanOfRecordAsync(DeliveryScan scan, long record, long forgotten, (long First, long Last) ids, bool descends, CancellationToken cancellationToken)
    {
        // What the log has forgotten is walked through.
        var end = Math.Min(ids.Last, DeliveryId.Of(forgotten, DeliveryId.LastSubscription));
        if (!descends && forgotten > 0 && !database.Read(c => scan.Walk(c, ids.First, end)))
            return false;
        var all = new List<long>();
        for (long? before = (ids.Last >> DeliveryId.Bits) + 1; before is { } position;)
        {
            if (await log.ReadOfRecordAsync(record, position, ChangesTogether, cancellationToken).ConfigureAwait(false) is not { } changes)
                return null;
            var sequences = changes.Select(change => change.Sequence).Where(each => each > forgotten && each >= ids.First >> DeliveryId.Bits).ToList();
            if (descends && !database.Read(c => sequences.TrueForAll(each => Walk(c, each))))
                return false;
            all.AddRange(sequences);
            before = changes.Count < ChangesTogether || sequences.Count < changes.Count ? null : sequences[^1];
        }
        all.Reverse();
        if (!descends && !database.Read(c => all.TrueForAll(each => Walk(c, each))))
            return false;
        return !descends || forgotten == 0 || database.Read(c => scan.Walk(c, ids.First, end));

        bool Walk(PluginConnection c, long sequence) =>
            scan.Walk(c, Math.Max(ids.First, DeliveryId.Of(sequence, 0)), Math.Min(ids.Last, DeliveryId.Of(sequence, DeliveryId.LastSubscription)));
    }

    // Times and ids rise together, unless the host's clock was set back: the stretch holds all changes of the span, and each is asked for its time all the same.
    private static (long First, long Last) Narrow(ChangeStretch stretch, DeliveryQuery query, long forgotten, long first, long last)
    {
        if (query.From is not null && stretch.After > forgotten)
            first = Math.Max(first, DeliveryId.Of(stretch.After + 1, 0));
        if (query.Before is not null)
            last = Math.Min(last, DeliveryId.Of(Math.Max(stretch.UpTo, forgotten), DeliveryId.LastSubscription));
        return (first, last);
    }

    private static List<DeliveryEntry> Read(PluginConnection c, List<long> ids)
    {
        if (ids.Count == 0)
            return [];
        var entries = Binding.List(c.Prepared(Load).Bind("@ids", DeliveryScan.JsonOf(ids)), DeliveryRows.ReadDelivery).ToDictionary(entry => entry.Id);
        return [.. ids.Where(entries.ContainsKey).Select(id => entries[id])];
    }

    private static DateTimeOffset? TimeOf(PluginConnection c, long id) =>
        c.Prepared(TimeAt).Bind("@id", id).ExecuteScalar() is long milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    private static long Highest(PluginConnection c, long last) =>
        c.Prepared("SELECT max(id) FROM delivery").ExecuteScalar() is long highest ? Math.Min(last, Math.Max(0, highest)) : 0;

    // Changes and notices in one order, newest first. A notice stands before the first change that is older.
    private sealed class Merging(List<DeliveryEntry> changes, List<DeliveryEntry> notices, DateTimeOffset? lookedBackTo, int limit)
    {
        private int _changes;
        private int _notices;

        public List<DeliveryEntry> Page { get; } = [];

        public bool HasChanges => _changes < changes.Count;

        public bool HasNotices => _notices < notices.Count;

        public bool IsEmpty => !HasChanges && !HasNotices;

        public long? LastChange => _changes > 0 ? changes[_changes - 1].Id : null;

        public long? LastNotice => _notices > 0 ? notices[_notices - 1].Id : null;

        public void PassOver(DateTimeOffset after) => _notices = notices.TakeWhile(each => each.OccurredAt > after).Count();

        public void Run()
        {
            while (Page.Count < limit)
            {
                // Where there was no time to look, there may be changes that are younger than the notice.
                var isNotice = HasNotices && (HasChanges ? notices[_notices].OccurredAt >= changes[_changes].OccurredAt : lookedBackTo is null || notices[_notices].OccurredAt >= lookedBackTo);
                if (!isNotice && !HasChanges)
                    break;
                Page.Add(isNotice ? notices[_notices++] : changes[_changes++]);
            }
        }
    }
}
