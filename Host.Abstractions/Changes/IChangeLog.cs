namespace Dam.Hosting;

/// <summary>
/// The host's ordered, durable log of changes. The host appends to it in the transaction of the save itself, so that a change is in the log
/// exactly when the save is committed. Readers keep their own position.
/// </summary>
/// <remarks>
/// Reading order is commit order: once a reader has seen sequence <c>n</c>, no change with a lower sequence appears any more. Sequences
/// rise but may have gaps.
/// </remarks>
public interface IChangeLog
{
    /// <summary>Reads the changes after a position, in order.</summary>
    /// <param name="position">The sequence of the last change already seen; 0 for the beginning.</param>
    /// <param name="limit">The highest number of changes to return; 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The changes; empty when there is none yet.</returns>
    Task<IReadOnlyList<Change>> ReadAfterAsync(long position, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Completes when a change after the position may be there. It may complete without one: read again to know. It costs nothing while
    /// nothing happens.
    /// </summary>
    /// <param name="position">The sequence of the last change already seen.</param>
    /// <param name="cancellationToken">Ends the waiting with <see cref="OperationCanceledException"/>.</param>
    Task WaitForMoreAsync(long position, CancellationToken cancellationToken);

    /// <summary>The sequence of the newest change, 0 for an empty log.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    Task<long> GetLastPositionAsync(CancellationToken cancellationToken);
}
