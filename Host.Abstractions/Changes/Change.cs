namespace Dam.Hosting;

/// <summary>One entry of the change log: what happened, to what, by whom, before and after. It needs no re-read to be understood later.</summary>
public sealed record Change
{
    /// <summary>Position in the log; rises with commit order.</summary>
    public required long Sequence { get; init; }

    /// <summary>A version 7 UUID, unique for all time and stable over restarts and replays.</summary>
    public required Guid Id { get; init; }

    /// <summary>What happened.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>When it was committed (UTC, milliseconds).</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Who did it.</summary>
    public required Actor Actor { get; init; }

    /// <summary>The door it came in by.</summary>
    public required ChangeOrigin Via { get; init; }

    /// <summary>
    /// The record after the change; for <see cref="ChangeKind.RecordDeleted"/> as it last was. Null for a change that concerns no
    /// single record.
    /// </summary>
    public RecordSnapshot? Record { get; init; }

    /// <summary>
    /// The fields whose values changed, in the order of the record's type; for an insert every field that has a value. For <see cref="ChangeKind.UserChanged"/> what changed of
    /// the user: <c>displayName</c>, <c>firstName</c>, <c>lastName</c>, <c>email</c>, <c>roles</c> and <c>collectionRoles</c> (each <c>collection:role</c>).
    /// </summary>
    public IReadOnlyList<ChangedField> ChangedFields { get; init; } = [];

    /// <summary>The file concerned; for <see cref="ChangeKind.FileDeleted"/> as it last was. Null for changes of no file.</summary>
    public FileSnapshot? File { get; init; }

    /// <summary>The file's state before it was replaced, else null.</summary>
    public FileSnapshot? PreviousFile { get; init; }

    /// <summary>
    /// Where the record lay before it was moved, for <see cref="ChangeKind.RecordMoved"/>; where it lies now stands in <see cref="Record"/>. Null for every other
    /// kind, and when it lay in no collection.
    /// </summary>
    public CollectionRef? PreviousCollection { get; init; }

    /// <summary>
    /// Whether the record was private, a draft, and its workflow state, as they were before the save. Set on each change of a save that changed one of the three, else null.
    /// </summary>
    public RecordStatus? PreviousStatus { get; init; }

    /// <summary>The workflow step, for the two workflow kinds, else null.</summary>
    public WorkflowStep? Workflow { get; init; }

    /// <summary>The feed entry, for <see cref="ChangeKind.FeedEntryPublished"/>, else null.</summary>
    public FeedEntrySnapshot? FeedEntry { get; init; }

    /// <summary>
    /// The user concerned, after the change: for the user kinds the one who was created, changed or deleted (then as he last was); for the registration kinds the one
    /// who asked for access. Null for every other kind. Who did it stands in <see cref="Actor"/>.
    /// </summary>
    public UserSnapshot? User { get; init; }

    /// <summary>What was asked for, for <see cref="ChangeKind.RegistrationGranted"/> and <see cref="ChangeKind.RegistrationRejected"/>, else null.</summary>
    public RegistrationSnapshot? Registration { get; init; }

    /// <summary>The order after the change, for the three order kinds, else null.</summary>
    public OrderSnapshot? Order { get; init; }

    /// <summary>
    /// The span in which it was made, as W3C Trace Context writes it (<c>traceparent</c>), so that what a plugin does for it, perhaps much later, can join the same
    /// trace. Null unless that span is recorded.
    /// </summary>
    public string? TraceParent { get; init; }
}

/// <summary>What happened.</summary>
public enum ChangeKind
{
    /// <summary>A record was created.</summary>
    RecordInserted,

    /// <summary>Something was appended below a record: <see cref="Change.File"/> is what was appended.</summary>
    RecordAppended,

    /// <summary>A record's fields, title or settings changed.</summary>
    MetadataChanged,

    /// <summary>A record was deleted, with its files.</summary>
    RecordDeleted,

    /// <summary>A record was published.</summary>
    RecordPublished,

    /// <summary>A record was withdrawn from publication.</summary>
    RecordUnpublished,

    /// <summary>A file was added to a record.</summary>
    FileAdded,

    /// <summary>A file's content was replaced; its pid stays.</summary>
    FileReplaced,

    /// <summary>A file was deleted.</summary>
    FileDeleted,

    /// <summary>A workflow event was raised on a record.</summary>
    WorkflowEventRaised,

    /// <summary>A record's workflow state changed.</summary>
    WorkflowStateChanged,

    /// <summary>An entry was published in a feed.</summary>
    FeedEntryPublished,

    /// <summary>A record was moved to another collection, or into its first, or out of any.</summary>
    RecordMoved,

    /// <summary>A user's account was made.</summary>
    UserCreated,

    /// <summary>A user's names, address or roles changed, other than by a registration that was granted.</summary>
    UserChanged,

    /// <summary>A user's account was deleted.</summary>
    UserDeleted,

    /// <summary>A user who had asked for access to a collection was given it.</summary>
    RegistrationGranted,

    /// <summary>A user who had asked for access to a collection was refused it.</summary>
    RegistrationRejected,

    /// <summary>A user ordered records.</summary>
    OrderCreated,

    /// <summary>An order was delivered.</summary>
    OrderDelivered,

    /// <summary>An order was denied.</summary>
    OrderDenied,
}

/// <summary>The door a change came in by.</summary>
public enum ChangeOrigin
{
    /// <summary>The host's own pages.</summary>
    Page,

    /// <summary>The host's API.</summary>
    Api,

    /// <summary>The save that precedes a button's press.</summary>
    Button,

    /// <summary>The host itself: set-up, maintenance.</summary>
    System,
}

/// <summary>A field whose values changed.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Before">The values before, in order; empty for none.</param>
/// <param name="After">The values after, in order; empty for none.</param>
public sealed record ChangedField(string Name, IReadOnlyList<string> Before, IReadOnlyList<string> After)
{
    /// <summary>The RDF predicate the field stands for, an absolute IRI, or null. A field that was emptied is not among the record's any more.</summary>
    public string? Predicate { get; init; }

    /// <summary>The IRI of the category that tells fields with the same predicate apart, or null.</summary>
    public string? Category { get; init; }
}

/// <summary>Who did something: a user, or an API key on a user's behalf.</summary>
/// <param name="UserName">The user's name.</param>
/// <param name="ApiKeyName">The name of the API key used (never the key), or null for a person at a page.</param>
public sealed record Actor(string UserName, string? ApiKeyName = null)
{
    /// <summary>The user's id, or null where the host does not know it: the host itself, and changes logged before there were ids.</summary>
    public long? UserId { get; init; }
}

/// <summary>A step in a workflow.</summary>
/// <param name="Workflow">The workflow's id.</param>
/// <param name="EventName">The event that was raised.</param>
/// <param name="FromState">The state before.</param>
/// <param name="ToState">The state after.</param>
public sealed record WorkflowStep(string Workflow, string EventName, string FromState, string ToState);
