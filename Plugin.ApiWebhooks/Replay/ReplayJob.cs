namespace Plugin.ApiWebhooks.Replay;

/// <summary>A job that makes one subscription owed what the change log already has.</summary>
internal sealed record ReplayJob
{
    public required long Id { get; init; }

    public required long SubscriptionId { get; init; }

    public required ReplayCause Cause { get; init; }

    public required ReplayWhich Which { get; init; }

    /// <summary>Whether it only counts.</summary>
    public required bool IsDryRun { get; init; }

    public required ReplayState State { get; init; }

    public required ReplayWindow Window { get; init; }

    /// <summary>The sequence up to which it is done.</summary>
    public required long Position { get; init; }

    public required ReplayCounts Counts { get; init; }

    /// <summary>The change log had nothing any more up to this sequence, although the window begins before; null when it had all.</summary>
    public long? MissingUpTo { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who asked for it; null for a hook's own start.</summary>
    public string? CreatedBy { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>A job to be stored.</summary>
internal sealed record NewReplay(ReplayCause Cause, ReplayWhich Which, ReplayWindow Window)
{
    public bool IsDryRun { get; init; }

    public string? CreatedBy { get; init; }
}

/// <summary>Which changes are looked at: those of a stretch of the log, and of them those of a span of time.</summary>
/// <param name="After">The sequence before the first one.</param>
/// <param name="UpTo">The sequence of the last one.</param>
/// <param name="From">The first instant, or null.</param>
/// <param name="Before">The first instant that is not in it any more, or null.</param>
internal sealed record ReplayWindow(long After, long UpTo, DateTimeOffset? From = null, DateTimeOffset? Before = null)
{
    /// <summary>Whether a change made at an instant is of the span of time.</summary>
    public bool Holds(DateTimeOffset occurredAt) => !(occurredAt < From) && !(occurredAt >= Before);
}

/// <summary>What a job did, or (dry run) would have done.</summary>
/// <param name="Seen">Changes or deliveries of the window that it looked at.</param>
/// <param name="Owed">Deliveries that it made owed.</param>
/// <param name="Skipped">Wanted changes that it left alone: owed already, or delivered and not asked for again.</param>
/// <param name="Refused">Wanted changes of which no message could be made.</param>
internal readonly record struct ReplayCounts(long Seen, long Owed, long Skipped, long Refused)
{
    public static ReplayCounts operator +(ReplayCounts left, ReplayCounts right) =>
        new(left.Seen + right.Seen, left.Owed + right.Owed, left.Skipped + right.Skipped, left.Refused + right.Refused);
}

/// <summary>Who wanted a job.</summary>
internal enum ReplayCause
{
    /// <summary>A person.</summary>
    Request,

    /// <summary>A new hook that starts in the past.</summary>
    Start,
}

/// <summary>Which changes of its window a job makes owed.</summary>
internal enum ReplayWhich
{
    /// <summary>All that the subscription wants, delivered ones too.</summary>
    All,

    /// <summary>Those whose delivery was given up: exhausted, cancelled or refused.</summary>
    Failed,

    /// <summary>Those that were never delivered: given up, or never owed.</summary>
    NeverDelivered,
}

/// <summary>Where a job stands.</summary>
internal enum ReplayState
{
    /// <summary>To be gone on with, now or when there is room.</summary>
    Running,

    /// <summary>At the end of its window.</summary>
    Done,

    /// <summary>Ended by a person; what it made owed stays owed.</summary>
    Cancelled,
}

/// <summary>The names as they stand in the database and in the management API.</summary>
internal static class ReplayNames
{
    public static string Of(ReplayWhich which) => which switch
    {
        ReplayWhich.All => "all",
        ReplayWhich.Failed => "failed",
        ReplayWhich.NeverDelivered => "neverDelivered",
        _ => throw new ArgumentOutOfRangeException(nameof(which), which, null),
    };

    public static string Of(ReplayCause cause) => cause == ReplayCause.Start ? "start" : "request";

    public static string Of(ReplayState state) => state switch
    {
        ReplayState.Running => "running",
        ReplayState.Done => "done",
        ReplayState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static ReplayWhich? FindWhich(string? name) => Find<ReplayWhich>(name, Of);

    public static ReplayState? FindState(string? name) => Find<ReplayState>(name, Of);

    public static ReplayCause Cause(string name) => name == "start" ? ReplayCause.Start : ReplayCause.Request;

    private static T? Find<T>(string? name, Func<T, string> nameOf) where T : struct, Enum =>
        Enum.GetValues<T>().Where(each => nameOf(each) == name).Select(each => (T?)each).FirstOrDefault();
}
