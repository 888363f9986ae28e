namespace Plugin.ApiWebhooks.Queue;

/// <summary>
/// Lets work gather that comes in small pieces: a turn soon after the last one waits until an interval has passed, so that one transaction serves
/// several pieces; a turn after a quiet time begins at once. Without it each save of the host, while saves come fast, would cost two transactions of the
/// plugin, which take processor and disk from the next save.
/// </summary>
/// <param name="interval">Gives the time from the end of one turn to the beginning of the next; zero for no waiting.</param>
/// <param name="time">The clock.</param>
internal sealed class Pace(Func<TimeSpan> interval, TimeProvider time)
{
    /// <summary>The interval of storing how attempts ended: each time the disk is waited for, and nobody waits who looks at a screen.</summary>
    public static readonly TimeSpan OfResults = TimeSpan.FromMilliseconds(20);

    // So much at once needs no gathering.
    private const int Plenty = 64;

    private long? _endedAt;
    private volatile TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends a turn.</summary>
    /// <param name="pieces">How many pieces of work it served. Many of them mean a backlog, and the next turn does not wait.</param>
    public void EndTurn(int pieces) => _endedAt = pieces < Plenty ? time.GetTimestamp() : null;

    /// <summary>Lets the next turn begin without waiting: others wait for what it will do.</summary>
    public void Hurry() => _hurry.TrySetResult();

    /// <summary>Completes when the next turn may begin.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var rest = _endedAt is { } ended ? interval() - time.GetElapsedTime(ended) : TimeSpan.Zero;
        if (rest > TimeSpan.Zero)
            await _hurry.Task.WaitAsync(rest, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (_hurry.Task.IsCompleted)
            _hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
