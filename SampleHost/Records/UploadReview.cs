using Dam.Hosting;
using Dapper;
using SampleHost.Accounts;
using SampleHost.Storage;

namespace SampleHost.Records;

/// <summary>
/// The records of a user's uploads that are still to be looked through, one after the other. A record leaves the list when it is saved,
/// also by the save before a press: a press keeps the user on the record, but the review will not come back to it.
/// </summary>
internal sealed class UploadReview(Database database, ContentTypes types)
{
    /// <summary>Enters records.</summary>
    public Task AddAsync(HostUser user, IReadOnlyList<long> recordIds, CancellationToken cancellationToken) => database.WriteAsync(
        scope => scope.Connection.Execute(InsertSql, recordIds.Select(recordId => new { userId = user.Id, recordId })), cancellationToken);

    /// <summary>Takes a record out; one that is not in the list is no fault.</summary>
    public Task RemoveAsync(HostUser user, long recordId, CancellationToken cancellationToken) => database.WriteAsync(
        scope => scope.Connection.Execute("DELETE FROM upload_reviews WHERE user_id = @userId AND record_id = @recordId", new { userId = user.Id, recordId }),
        cancellationToken);

    /// <summary>Ends the review.</summary>
    public Task ClearAsync(HostUser user, CancellationToken cancellationToken) => database.WriteAsync(
        scope => scope.Connection.Execute("DELETE FROM upload_reviews WHERE user_id = @userId", new { userId = user.Id }), cancellationToken);

    /// <summary>The records still to be looked through that the user may edit, in the order of the upload.</summary>
    public IReadOnlyList<long> List(HostUser user) => database.Read(connection =>
        RecordRows.ReadMany(connection, types, "WHERE id IN (SELECT record_id FROM upload_reviews WHERE user_id = @userId) ORDER BY id", new { userId = user.Id })
            .Where(record => Rights.CanEdit(user, record)).Select(record => record.Id).ToList());

    private const string InsertSql = "INSERT INTO upload_reviews (user_id, record_id) VALUES (@userId, @recordId) ON CONFLICT DO NOTHING";
}
