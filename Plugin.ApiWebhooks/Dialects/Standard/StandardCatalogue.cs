using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;

namespace Plugin.ApiWebhooks.Dialects.Standard;

/// <summary>The standard dialect's part of the event catalogue.</summary>
internal static class StandardCatalogue
{
    private const string Disabled = "A subscription was disabled because it failed.";

    /// <summary>An event for each kind of change, and the plugin's own notice.</summary>
    public static IReadOnlyList<EventDescription> Events { get; } =
    [
        .. Enum.GetValues<ChangeKind>().Select(kind => new EventDescription(StandardEvents.Of(kind), Words(kind), kind, StandardJson.Default.StandardMessage)
        {
            Hook = $$"""{ "events": ["{{StandardEvents.Of(kind)}}"] }""",
            CompleteSchema = schema => PayloadSchema.SetConstant(schema, "type", StandardEvents.Of(kind)),
        }),
        new EventDescription(DisabledNotice.Type, Disabled, null, StandardJson.Default.StandardNotice)
        {
            Hook = $$"""{ "events": ["{{DisabledNotice.Type}}"] }""",
            CompleteSchema = schema => PayloadSchema.SetConstant(schema, "type", DisabledNotice.Type),
        },
    ];

    /// <summary>When an event is sent, in a sentence for people.</summary>
    public static string Words(ChangeKind kind) => kind switch
    {
        ChangeKind.RecordInserted => "A record was created.",
        ChangeKind.RecordAppended => "Something was appended below a record.",
        ChangeKind.MetadataChanged => "A record's fields, title or settings changed.",
        ChangeKind.RecordDeleted => "A record was deleted, with its files.",
        ChangeKind.RecordPublished => "A record was published.",
        ChangeKind.RecordUnpublished => "A record was withdrawn from publication.",
        ChangeKind.RecordMoved => "A record was moved to another collection.",
        ChangeKind.FileAdded => "A file was added to a record.",
        ChangeKind.FileReplaced => "A file's content was replaced; its pid stays.",
        ChangeKind.FileDeleted => "A file was deleted.",
        ChangeKind.WorkflowEventRaised => "A workflow event was raised on a record.",
        ChangeKind.WorkflowStateChanged => "A record's workflow state changed.",
        ChangeKind.FeedEntryPublished => "An entry was published in a feed.",
        ChangeKind.UserCreated => "A user's account was made.",
        ChangeKind.UserChanged => "A user's names, address or roles changed.",
        ChangeKind.UserDeleted => "A user's account was deleted.",
        ChangeKind.RegistrationGranted => "A user was given the access to a collection that was asked for.",
        ChangeKind.RegistrationRejected => "A user was refused the access to a collection that was asked for.",
        ChangeKind.OrderCreated => "A user ordered records.",
        ChangeKind.OrderDelivered => "An order was delivered.",
        ChangeKind.OrderDenied => "An order was denied.",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
