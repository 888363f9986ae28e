using Dam.Hosting;

namespace Plugin.ApiWebhooks.Replay;

/// <summary>Makes windows of positions out of what was asked for.</summary>
internal static class ReplayWindows
{
    /// <summary>
    /// The window of a request. It ends where the detector is: what comes after that the subscription is owed as it comes.
    /// </summary>
    /// <param name="log">The host's change log.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="liveFrom">The sequence up to which the detector has read for the subscription.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<ReplayWindow> FindAsync(IChangeLog log, ReplayRequest request, long liveFrom, CancellationToken cancellationToken)
    {
        var (after, upTo) = (request.After ?? 0, Math.Min(request.UpTo ?? liveFrom, liveFrom));
        // What was given up is looked for among the deliveries, which may reach back further than the change log.
        if (request.Which != ReplayWhich.Failed && (request.From ?? request.To) is not null)
        {
            if (request.From is { } from)
                after = await FindAfterAsync(log, from, cancellationToken);
            if (request.To is { } to)
                upTo = Math.Min(upTo, (await log.FindStretchAsync(null, to, cancellationToken)).UpTo);
        }
        return new ReplayWindow(Math.Min(after, upTo), upTo, request.From, request.To);
    }

    /// <summary>
    /// The sequence before the first change made at a moment or later. 0 when the change log does not reach back to the moment, so that the job finds out and says so.
    /// </summary>
    public static async Task<long> FindAfterAsync(IChangeLog log, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var first = await log.GetFirstPositionAsync(cancellationToken);
        var after = (await log.FindStretchAsync(from, null, cancellationToken)).After;
        return after <= first ? 0 : after;
    }
}

/// <summary>What a person asks for. Times or positions, not both; null is open.</summary>
internal sealed record ReplayRequest(ReplayWhich Which)
{
    /// <summary>The first instant.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first instant that is not in it any more.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The sequence before the first change.</summary>
    public long? After { get; init; }

    /// <summary>The sequence of the last change.</summary>
    public long? UpTo { get; init; }

    /// <summary>Whether it only counts.</summary>
    public bool DryRun { get; init; }

    /// <summary>Who asks.</summary>
    public string? By { get; init; }
}
