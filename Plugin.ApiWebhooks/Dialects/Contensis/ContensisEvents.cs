using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// The resource types and events that Contensis documents, and which of them the changes of a host are. What a host has no feature for may be subscribed
/// to all the same, as a subscription written for Contensis does; it is never raised.
/// </summary>
internal static class ContensisEvents
{
    public const string Entry = "entry";
    public const string Asset = "asset";
    public const string User = "user";

    public const string WorkflowEventRaised = "workflowEventRaised";
    public const string WorkflowStateChanged = "workflowStateChanged";

    private static readonly string[] OfContent =
        ["created", "updated", "deleted", "published", "unpublished", "archived", "unarchived", "restored", WorkflowEventRaised, WorkflowStateChanged];

    private static readonly Dictionary<string, IReadOnlyList<string>> ByType = new(StringComparer.OrdinalIgnoreCase)
    {
        [Entry] = OfContent,
        [Asset] = OfContent,
        ["form"] = ["created", "updated", "deleted", "archived", "unarchived", "restored", WorkflowEventRaised, WorkflowStateChanged],
        ["contentType"] = ["created", "updated", "deleted", "published"],
        ["component"] = ["created", "updated", "deleted", "published"],
        ["node"] = ["created", "updated", "deleted", "moved", "childOrderChanged"],
        ["project"] = ["updated"],
        [User] = ["created", "updated", "deleted"],
        ["group"] = ["created", "updated", "deleted", "userAdded", "userRemoved", "groupAdded", "groupRemoved"],
        ["comment.entry"] = ["created", "replied", "updated", "resolved", "reactivated", "deleted"],
    };

    /// <summary>All resource types.</summary>
    public static IReadOnlyCollection<string> ResourceTypes => ByType.Keys;

    /// <summary>The events of a resource type, or null when there is no such type. Letter case does not matter.</summary>
    public static IReadOnlyList<string>? Of(string resourceType) => ByType.GetValueOrDefault(resourceType);

    /// <summary>What a change is in Contensis' words, or null when it has no word for it. A record is an entry, its file an asset.</summary>
    public static (string ResourceType, string Event)? Of(ChangeKind kind) => kind switch
    {
        ChangeKind.RecordInserted => (Entry, "created"),
        // What was appended is an asset of its own, and told as such; to its entry it is a change.
        ChangeKind.RecordAppended or ChangeKind.MetadataChanged or ChangeKind.RecordMoved => (Entry, "updated"),
        ChangeKind.RecordDeleted => (Entry, "deleted"),
        ChangeKind.RecordPublished => (Entry, "published"),
        ChangeKind.RecordUnpublished => (Entry, "unpublished"),
        ChangeKind.WorkflowEventRaised => (Entry, WorkflowEventRaised),
        ChangeKind.WorkflowStateChanged => (Entry, WorkflowStateChanged),
        ChangeKind.FileAdded => (Asset, "created"),
        ChangeKind.FileReplaced => (Asset, "updated"),
        ChangeKind.FileDeleted => (Asset, "deleted"),
        ChangeKind.UserCreated => (User, "created"),
        ChangeKind.UserChanged => (User, "updated"),
        ChangeKind.UserDeleted => (User, "deleted"),
        _ => null,
    };
}
