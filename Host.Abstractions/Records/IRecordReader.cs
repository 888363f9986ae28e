namespace Dam.Hosting;

/// <summary>Reads records as they are now, and what a user may do with them.</summary>
public interface IRecordReader
{
    /// <summary>Reads one record.</summary>
    /// <param name="id">The record's id.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The record, or null when there is none.</returns>
    Task<RecordSnapshot?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Whether a user may see a record.</summary>
    /// <param name="user">The user.</param>
    /// <param name="record">The record.</param>
    bool CanSee(HostUser user, RecordSnapshot record);

    /// <summary>Whether a user may edit a record.</summary>
    /// <param name="user">The user.</param>
    /// <param name="record">The record.</param>
    bool CanEdit(HostUser user, RecordSnapshot record);
}
