using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Phraseanet;

/// <summary>One of Phraseanet's events.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Group">Under which heading the developer's page lists it.</param>
/// <param name="Description">When it is sent, a sentence.</param>
/// <param name="Kind">The kind of change that usually makes it; null when this host makes none.</param>
internal sealed record PhraseanetEvent(string Name, string Group, string Description, ChangeKind? Kind);

/// <summary>The sixteen events that Phraseanet 4.1 lets an application choose from, and which of them a change of this host is.</summary>
internal static class PhraseanetEvents
{
    public const string RecordCreated = "record.created";
    public const string RecordEdited = "record.edited";
    public const string RecordDeleted = "record.deleted";
    public const string RecordMediaSubstituted = "record.media_substituted";
    public const string RecordCollectionChanged = "record.collection_changed";
    public const string RecordStatusChanged = "record.status_changed";
    public const string SubdefCreated = "record.subdef.created";
    public const string SubdefFailed = "record.subdef.creation_failed";
    public const string UserCreated = "user.created";
    public const string UserDeleted = "user.deleted";
    public const string RegistrationGranted = "user.registration.granted";
    public const string RegistrationRejected = "user.registration.rejected";
    public const string NewFeedEntry = "new_feed_entry";
    public const string OrderCreated = "order.created";
    public const string OrderDelivered = "order.delivered";
    public const string OrderDenied = "order.denied";

    /// <summary>All, in the order in which the page lists them.</summary>
    public static IReadOnlyList<PhraseanetEvent> All { get; } =
    [
        new(RecordCreated, "record", "A record was created.", ChangeKind.RecordInserted),
        new(RecordEdited, "record", "A record's description changed, or a file was added to it or deleted.", ChangeKind.MetadataChanged),
        new(RecordDeleted, "record", "A record was deleted.", ChangeKind.RecordDeleted),
        new(RecordMediaSubstituted, "record", "The content of a record's file was replaced.", ChangeKind.FileReplaced),
        new(RecordCollectionChanged, "record", "A record was moved to another collection.", ChangeKind.RecordMoved),
        new(RecordStatusChanged, "record", "A record was published or withdrawn, or became private or open.", ChangeKind.RecordPublished),
        new(SubdefCreated, "record.subdef", "A rendition was built. This host builds none.", null),
        new(SubdefFailed, "record.subdef", "A rendition could not be built. This host builds none.", null),
        new(UserCreated, "user", "A user's account was created.", ChangeKind.UserCreated),
        new(UserDeleted, "user", "A user's account was deleted.", ChangeKind.UserDeleted),
        new(RegistrationGranted, "user.registration", "A user was given the access to a collection that he had asked for.", ChangeKind.RegistrationGranted),
        new(RegistrationRejected, "user.registration", "A user was refused the access to a collection that he had asked for.", ChangeKind.RegistrationRejected),
        new(NewFeedEntry, "feed", "An entry was published in a feed.", ChangeKind.FeedEntryPublished),
        new(OrderCreated, "order", "A user ordered records.", ChangeKind.OrderCreated),
        new(OrderDelivered, "order", "An order was delivered.", ChangeKind.OrderDelivered),
        new(OrderDenied, "order", "An order was denied.", ChangeKind.OrderDenied),
    ];

    /// <summary>Whether an event is one of the sixteen.</summary>
    public static bool IsKnown(string name) => All.Any(each => each.Name == name);

    /// <summary>
    /// The event that a change is to a hook; null when it is none that the hook listens to. One save that changes description and status at once is told as the
    /// edit, unless only the status is listened to.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="listened">What the hook listens to; null for everything.</param>
    public static string? Of(Change change, IReadOnlySet<string>? listened)
    {
        var (first, second) = HasSubject(change) ? Candidates(change) : default;
        if (first is not null && Listens(first))
            return first;
        return second is not null && Listens(second) ? second : null;

        bool Listens(string name) => listened is null || listened.Contains(name);
    }

    /// <summary>Whether one of the two bits that a status has here differs from before.</summary>
    public static bool ChangesStatus(Change change) =>
        change is { PreviousStatus: { } before, Record: { } record } && (before.Private != record.Private || before.Draft != record.Draft);

    // What a log of former days does not have cannot be told.
    private static bool HasSubject(Change change) => change.Kind switch
    {
        ChangeKind.FeedEntryPublished => change.FeedEntry is not null,
        ChangeKind.UserCreated or ChangeKind.UserDeleted => change.User is not null,
        ChangeKind.RegistrationGranted or ChangeKind.RegistrationRejected => change is { User: not null, Registration: not null },
        ChangeKind.OrderCreated or ChangeKind.OrderDelivered or ChangeKind.OrderDenied => change.Order is not null,
        _ => change.Record is not null,
    };

    private static (string? First, string? Second) Candidates(Change change) => change.Kind switch
    {
        ChangeKind.RecordInserted => (RecordCreated, null),
        ChangeKind.MetadataChanged when !ChangesStatus(change) => (RecordEdited, null),
        ChangeKind.MetadataChanged => change.ChangedFields.Count > 0 ? (RecordEdited, RecordStatusChanged) : (RecordStatusChanged, null),
        // A file that comes with its record is told by record.created.
        ChangeKind.RecordAppended or ChangeKind.FileDeleted => (RecordEdited, null),
        ChangeKind.RecordDeleted => (RecordDeleted, null),
        ChangeKind.FileReplaced => (RecordMediaSubstituted, null),
        ChangeKind.RecordMoved => (RecordCollectionChanged, null),
        ChangeKind.RecordPublished or ChangeKind.RecordUnpublished or ChangeKind.WorkflowStateChanged => (ChangesStatus(change) ? RecordStatusChanged : null, null),
        ChangeKind.UserCreated => (UserCreated, null),
        ChangeKind.UserDeleted => (UserDeleted, null),
        ChangeKind.RegistrationGranted => (RegistrationGranted, null),
        ChangeKind.RegistrationRejected => (RegistrationRejected, null),
        ChangeKind.FeedEntryPublished => (NewFeedEntry, null),
        ChangeKind.OrderCreated => (OrderCreated, null),
        ChangeKind.OrderDelivered => (OrderDelivered, null),
        ChangeKind.OrderDenied => (OrderDenied, null),
        _ => (null, null),
    };
}
