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

    /// <summary>The fields whose values changed, in the order of the record's type; for an insert every field that has a value.</summary>
    public IReadOnlyList<ChangedField> ChangedFields { get; init; } = [];

    /// <summary>The file concerned; for <see cref="ChangeKind.FileDeleted"/> as it last was. Null for changes of no file.</summary>
    public FileSnapshot? File { get; init; }

    /// <summary>The file's state before it was replaced, else null.</summary>
    public FileSnapshot? PreviousFile { get; init; }

    /// <summary>The workflow step, for the two workflow kinds, else null.</summary>
    public WorkflowStep? Workflow { get; init; }

    /// <summary>The feed entry, for <see cref="ChangeKind.FeedEntryPublished"/>, else null.</summary>
    public FeedEntrySnapshot? FeedEntry { get; init; }

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
public sealed record Actor(string UserName, string? ApiKeyName = null);

/// <summary>A step in a workflow.</summary>
/// <param name="Workflow">The workflow's id.</param>
/// <param name="EventName">The event that was raised.</param>
/// <param name="FromState">The state before.</param>
/// <param name="ToState">The state after.</param>
public sealed record WorkflowStep(string Workflow, string EventName, string FromState, string ToState);
