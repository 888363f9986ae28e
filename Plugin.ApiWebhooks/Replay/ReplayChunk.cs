using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Replay;

/// <summary>A piece of a job: stored in one transaction.</summary>
/// <param name="To">The position after it.</param>
/// <param name="Items">What is to be made owed.</param>
internal sealed record ReplayChunk(long To, IReadOnlyList<ReplayItem> Items)
{
    /// <summary>Changes or deliveries of the window that were looked at.</summary>
    public int Seen { get; init; }

    /// <summary>Wanted ones that are left alone.</summary>
    public int Skipped { get; init; }

    /// <summary>Refused ones whose change the log does not have any more, so that no bytes can be made.</summary>
    public int Lost { get; init; }

    /// <summary>The change log had nothing any more up to here; null when it had.</summary>
    public long? MissingUpTo { get; init; }
}

/// <summary>One delivery to be made owed.</summary>
/// <param name="Known">The delivery there is; null when it is to be added.</param>
/// <param name="Message">The message to be stored; null when the delivery keeps its own.</param>
internal sealed record ReplayItem(KnownDelivery? Known, NewMessage? Message);

/// <summary>What became of a chunk.</summary>
/// <param name="Owed">How many deliveries it made owed.</param>
/// <param name="NewlyRefused">How many deliveries without bytes it added, less those it gave theirs.</param>
/// <param name="IsDone">Whether the job is at its end.</param>
internal sealed record ReplayProgress(int Owed, int NewlyRefused, bool IsDone);
