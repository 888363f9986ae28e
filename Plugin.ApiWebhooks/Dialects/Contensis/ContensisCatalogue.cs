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
        Describe("archived", ChangeKind.WorkflowStateChanged, "A record was archived by its workflow.") with { Shape = change => Step(change, "versionComplete", "archive", "archived") },
        Describe("unarchived", ChangeKind.WorkflowStateChanged, "A record was taken out of the archive by its workflow.") with { Shape = change => Step(change, "archived", "unarchive", "draft") },
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
        return Describe(type, name, kind, words);
    }

    private static EventDescription Describe(string name, ChangeKind kind, string words) => Describe(ContensisEvents.Entry, name, kind, words);

    private static Change Step(Change change, string from, string name, string to) => change with
    {
        Record = change.Record! with { WorkflowState = to },
        Workflow = new WorkflowStep("contensisEntryApproval", name, from, to),
    };

    private static EventDescription Describe(string type, string name, ChangeKind kind, string words)
    {
        // The name stands in two places: topics ask for the resource type and the event apart.
        return new EventDescription($"{type}.{name}", words, kind, ContensisJson.Default.DefaultBody)
        {
            Hook = $$"""{ "key": "site", "topics": [{ "resourceType": "{{type}}", "event": ["{{name}}"] }] }""",
            CompleteSchema = schema => PayloadSchema.SetConstant(schema, "eventName", name),
        };
    }
}
