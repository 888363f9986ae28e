using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Phraseanet;

/// <summary>Which events the owner of an application may receive, in Phraseanet's terms of the rights of this host.</summary>
/// <remarks>
/// <code>
/// event                       Phraseanet's right             here
/// record.created              access to the collection       may see the record
/// record.edited, deleted,     modify, delete, image tools,   may edit the record, as it is and as it was before
///   media_substituted,          add and delete
///   collection_changed,
///   status_changed
/// user.*                      user administration            the role admin
/// new_feed_entry              publish                        the role editor
/// order.*                     order management               the role admin
/// </code>
/// </remarks>
internal static class PhraseanetRights
{
    private const string AdminRole = "admin";
    private const string EditorRole = "editor";

    /// <summary>Whether an owner may receive an event.</summary>
    /// <param name="name">The event that the change is.</param>
    /// <param name="change">The change.</param>
    /// <param name="owner">The owner, with the rights of this moment.</param>
    /// <param name="records">Tells what he may see and edit.</param>
    public static bool MayReceive(string name, Change change, HostUser owner, IRecordReader records)
    {
        if (change.Record is not { } record)
            return owner.Roles.Contains(name == PhraseanetEvents.NewFeedEntry ? EditorRole : AdminRole);
        if (!records.CanSee(owner, record))
            return false;
        if (name == PhraseanetEvents.RecordCreated)
            return true;
        if (!records.CanEdit(owner, record))
            return false;
        // The body tells of the state before, too: who was not to know of the record then is not to learn it now.
        var before = Before(change, record);
        return ReferenceEquals(before, record) || (records.CanSee(owner, before) && records.CanEdit(owner, before));
    }

    private static RecordSnapshot Before(Change change, RecordSnapshot record)
    {
        if (change.PreviousStatus is { } status && (status.Private != record.Private || status.Draft != record.Draft))
            record = record with { Private = status.Private, Draft = status.Draft };
        if (change.Kind == ChangeKind.RecordMoved)
            record = record with { Collection = change.PreviousCollection?.Name, CollectionId = change.PreviousCollection?.Id };
        return record;
    }
}
