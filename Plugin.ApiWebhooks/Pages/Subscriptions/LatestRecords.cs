using Dam.Hosting;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>The records that changed last, to choose one of: those that are still there, and that the reader may see.</summary>
internal sealed class LatestRecords(IChangeLog log, IRecordReader records)
{
    private const int Changes = 100;
    private const int Most = 12;

    /// <summary>Reads them, the latest first.</summary>
    public async Task<IReadOnlyList<(long Id, string Title)>> ReadAsync(HostUser user, CancellationToken cancellationToken)
    {
        var last = await log.GetLastPositionAsync(cancellationToken).ConfigureAwait(false);
        var changes = await log.ReadAfterAsync(Math.Max(0, last - Changes), Changes, cancellationToken).ConfigureAwait(false);
        var found = new List<(long, string)>();
        foreach (var id in changes.Reverse().Select(change => change.Record?.Id).OfType<long>().Distinct().Take(2 * Most))
        {
            if (found.Count < Most && await records.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } record && records.CanSee(user, record))
                found.Add((id, record.Title));
        }
        return found;
    }
}
