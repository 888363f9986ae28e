using Dam.Hosting;
using SampleHost.Accounts;

namespace SampleHost.Records;

/// <summary>Refuses work on a record: what a user may not see is not there for him.</summary>
internal static class RecordAccess
{
    /// <returns>The refusal, or null when the user may act.</returns>
    public static SaveResult? Refuse(HostUser user, RecordSnapshot? record, string role = Roles.Editor)
    {
        if (record is null || !Rights.CanSee(user, record))
            return new SaveResult.NotFound();
        return Rights.CanAct(user, record, role)
            ? null
            : new SaveResult.Forbidden($"The user {user.Name} may see this record but not do this; it takes the role {role}{(record.Private ? " in its collection" : "")}.");
    }
}
