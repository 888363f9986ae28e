using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>Contensis' part of the event catalogue: the default body of every event that is raised. Templates make any other.</summary>
internal static class ContensisCatalogue
{
    /// <summary>The events, by resource type.</summary>
    public static IReadOnlyList<EventDescription> Events { get; } =
    [
        Describe(ChangeKind.RecordInserted, "A record was created."),
        Describe(ChangeKind.MetadataChanged, "A record's metadata changed, something was appended to it, or it was moved to another collection."),
        Describe(ChangeKind.RecordDeleted, "A record was deleted."),
        Describe(ChangeKind.RecordPublished, "A record was published."),
        Describe(ChangeKind.RecordUnpublished, "A record was withdrawn from publication."),
        Describe(ChangeKind.WorkflowEventRaised, "An event was raised in a record's workflow."),
        Describe(ChangeKind.WorkflowStateChanged, "A record came into another state of its workflow."),
        Describe(ChangeKind.FileAdded, "A file was added to a record."),
        Describe(ChangeKind.FileReplaced, "A file's content was replaced."),
        Describe(ChangeKind.FileDeleted, "A file was deleted."),
        Describe(ChangeKind.UserCreated, "A user's account was made."),
        Describe(ChangeKind.UserChanged, "A user's names, address or roles changed."),
        Describe(ChangeKind.UserDeleted, "A user's account was deleted."),
    ];

    private static EventDescription Describe(ChangeKind kind, string words)
    {
        var (type, name) = ContensisEvents.Of(kind)!.Value;
        // The name stands in two places: topics ask for the resource type and the event apart.
        return new EventDescription($"{type}.{name}", words, kind, ContensisJson.Default.DefaultBody)
        {
            Hook = $$"""{ "key": "site", "topics": [{ "resourceType": "{{type}}", "event": ["{{name}}"] }] }""",
            CompleteSchema = schema => PayloadSchema.SetConstant(schema, "eventName", name),
        };
    }
}
