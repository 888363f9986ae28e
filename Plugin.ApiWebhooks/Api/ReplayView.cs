using Plugin.ApiWebhooks.Replay;

namespace Plugin.ApiWebhooks.Api;

/// <inheritdoc cref="SubscriptionPage"/>
internal sealed record ReplayPage(IReadOnlyList<ReplayView> Replays, long? Next);

/// <summary>A replay for the management API.</summary>
internal sealed record ReplayView
{
    public required long Id { get; init; }

    public required long SubscriptionId { get; init; }

    /// <summary><c>running</c>, <c>done</c> or <c>cancelled</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it stands still, or null.</summary>
    public string? WaitsFor { get; init; }

    /// <summary><c>request</c>, or <c>start</c> for a hook with startFrom.</summary>
    public required string Cause { get; init; }

    public required string Which { get; init; }

    public required bool DryRun { get; init; }

    /// <summary>The window's first instant, when it was asked for by time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first instant that is not in it any more.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The sequence before the window.</summary>
    public required long After { get; init; }

    /// <summary>The window's last sequence.</summary>
    public required long UpTo { get; init; }

    /// <summary>How far it is.</summary>
    public required long Position { get; init; }

    /// <summary>How far it is in the window, from 0 to 100.</summary>
    public required int Percent { get; init; }

    /// <summary>Changes (or given-up deliveries) of the window looked at.</summary>
    public required long Seen { get; init; }

    /// <summary>Deliveries made owed; in a dry run those that would be.</summary>
    public required long Owed { get; init; }

    /// <summary>Wanted ones left alone: owed already, or delivered and not asked for again.</summary>
    public required long Skipped { get; init; }

    /// <summary>Wanted ones of which no message could be made.</summary>
    public required long Refused { get; init; }

    /// <summary>What it could not do, in words.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string? CreatedBy { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public static ReplayView Of(ReplayReport report)
    {
        var (job, window) = (report.Job, report.Job.Window);
        return new ReplayView
        {
            Id = job.Id,
            SubscriptionId = job.SubscriptionId,
            State = ReplayNames.Of(job.State),
            WaitsFor = report.WaitsFor,
            Cause = ReplayNames.Of(job.Cause),
            Which = ReplayNames.Of(job.Which),
            DryRun = job.IsDryRun,
            From = window.From,
            To = window.Before,
            After = window.After,
            UpTo = window.UpTo,
            Position = job.Position,
            Percent = PercentOf(job),
            Seen = job.Counts.Seen,
            Owed = job.Counts.Owed,
            Skipped = job.Counts.Skipped,
            Refused = job.Counts.Refused,
            Notices = report.Notices,
            CreatedAt = job.CreatedAt,
            CreatedBy = job.CreatedBy,
            FinishedAt = job.FinishedAt,
        };
    }

    /// <summary>How far a job is in its window, from 0 to 100.</summary>
    public static int PercentOf(ReplayJob job) =>
        job.Window.UpTo == job.Window.After ? 100 : (int)(100 * (job.Position - job.Window.After) / (job.Window.UpTo - job.Window.After));
}
