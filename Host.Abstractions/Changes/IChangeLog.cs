namespace Dam.Hosting;

/// <summary>
/// The host's ordered, durable log of changes. The host appends to it in the transaction of the save itself, so that a change is in the log
/// exactly when the save is committed. Readers keep their own position.
/// </summary>
/// <remarks>
/// Reading order is commit order: once a reader has seen sequence <c>n</c>, no change with a lower sequence appears any more. Sequences
/// rise but may have gaps. A host may remove old changes; see <see cref="GetFirstPositionAsync"/>.
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

    /// <summary>
    /// The sequence up to which changes were removed because of their age, 0 while none was. A reader whose position is lower has missed what lay between,
    /// and should say so.
    /// </summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    Task<long> GetFirstPositionAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Finds the kept changes of a span of time: all of them lie in the stretch returned. Where the host's clock was set back, others may lie between them;
    /// <see cref="Change.OccurredAt"/> tells.
    /// </summary>
    /// <param name="from">The first instant of the span, or null for the beginning of the log.</param>
    /// <param name="before">The first instant after the span, or null for the end of the log as it is now.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    Task<ChangeStretch> FindStretchAsync(DateTimeOffset? from, DateTimeOffset? before, CancellationToken cancellationToken);

    /// <summary>
    /// The kept changes of one record, newest first: those whose <see cref="Change.Record"/> it is. The record may be deleted. Cheap: for views of a page.
    /// </summary>
    /// <param name="recordId">The record's id.</param>
    /// <param name="before">Only changes with a lower sequence; null for the newest.</param>
    /// <param name="limit">The highest number of changes to return; 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The changes, empty when there are none; null from a host that does not find changes by their record.</returns>
    Task<IReadOnlyList<Change>?> ReadOfRecordAsync(long recordId, long? before, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Change>?>(null);
}

/// <summary>A stretch of the change log.</summary>
/// <param name="After">The sequence before its first change.</param>
/// <param name="UpTo">The sequence of its last change; <paramref name="After"/> when it is empty.</param>
public readonly record struct ChangeStretch(long After, long UpTo);
