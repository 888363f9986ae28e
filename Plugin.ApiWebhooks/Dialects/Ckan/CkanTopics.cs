using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Ckan;

/// <summary>The six topics of ckanext-webhooks, with the meaning that its documentation gives them.</summary>
/// <remarks>
/// What one person does once is told once for each thing that it changed: an insert with two files is a <c>dataset/create</c> and two
/// <c>resource/create</c>; a change of a file is a <c>resource/*</c> and nothing else, although CKAN counts it as a change of the dataset too. A change of the
/// log that another one of the same save tells already has no topic.
/// </remarks>
internal static class CkanTopics
{
    public const string DatasetCreate = "dataset/create";
    public const string DatasetUpdate = "dataset/update";
    public const string DatasetDelete = "dataset/delete";
    public const string ResourceCreate = "resource/create";
    public const string ResourceUpdate = "resource/update";
    public const string ResourceDelete = "resource/delete";

    /// <summary>All topics.</summary>
    public static IReadOnlyList<string> All { get; } = [DatasetCreate, DatasetUpdate, DatasetDelete, ResourceCreate, ResourceUpdate, ResourceDelete];

    /// <summary>The topic of a change, or null when it has none: CKAN has no word for it, or the same save has another change that tells it.</summary>
    public static string? Of(Change change) => change.Record is null ? null : change.Kind switch
    {
        ChangeKind.RecordInserted => DatasetCreate,
        ChangeKind.RecordPublished or ChangeKind.RecordUnpublished or ChangeKind.WorkflowStateChanged => DatasetUpdate,
        ChangeKind.MetadataChanged when !IsPublishedOrWithdrawn(change) => DatasetUpdate,
        ChangeKind.RecordMoved when !IsPublishedOrWithdrawn(change) && !IsEdited(change) => DatasetUpdate,
        ChangeKind.RecordDeleted => DatasetDelete,
        ChangeKind.FileAdded when change.File is not null => ResourceCreate,
        ChangeKind.FileReplaced when change.File is not null => ResourceUpdate,
        ChangeKind.FileDeleted when change.File is not null => ResourceDelete,
        // RecordAppended comes with the FileAdded of what was appended, WorkflowEventRaised with the WorkflowStateChanged it led to.
        _ => null,
    };

    // A save that changes more than one thing of a record is in the log as metadata, move, publication, in this order; each has the record as it is after the save.
    private static bool IsPublishedOrWithdrawn(Change change) => change.PreviousStatus is { } before && before.Draft != change.Record!.Draft;

    private static bool IsEdited(Change change) => change.ChangedFields.Count > 0 || (change.PreviousStatus is { } before && before.Private != change.Record!.Private);
}
