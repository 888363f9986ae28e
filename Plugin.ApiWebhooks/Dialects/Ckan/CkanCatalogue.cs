using System.Text.Json.Serialization.Metadata;
using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;

namespace Plugin.ApiWebhooks.Dialects.Ckan;

/// <summary>CKAN's part of the event catalogue.</summary>
internal static class CkanCatalogue
{
    /// <summary>The six topics.</summary>
    public static IReadOnlyList<EventDescription> Events { get; } =
    [
        Describe(CkanTopics.DatasetCreate, "A record was created.", ChangeKind.RecordInserted, CkanJson.Default.CkanDatasetEvent),
        Describe(
            CkanTopics.DatasetUpdate, "A record's metadata changed, or it was published, withdrawn, moved or taken on in its workflow.",
            ChangeKind.MetadataChanged, CkanJson.Default.CkanDatasetEvent),
        Describe(CkanTopics.DatasetDelete, "A record was deleted.", ChangeKind.RecordDeleted, CkanJson.Default.CkanDatasetEvent),
        Describe(CkanTopics.ResourceCreate, "A file was added to a record.", ChangeKind.FileAdded, CkanJson.Default.CkanResourceEvent),
        Describe(CkanTopics.ResourceUpdate, "A file's content was replaced.", ChangeKind.FileReplaced, CkanJson.Default.CkanResourceEvent),
        Describe(CkanTopics.ResourceDelete, "A file was deleted.", ChangeKind.FileDeleted, CkanJson.Default.CkanResourceEvent),
    ];

    private static EventDescription Describe(string topic, string words, ChangeKind kind, JsonTypeInfo type) => new(topic, words, kind, type)
    {
        Hook = $$"""{ "key": "harvester", "url": "https://receiver.example.org/callback", "topic": "{{topic}}" }""",
        CompleteSchema = schema => PayloadSchema.SetConstant(schema, "topic", topic),
    };
}
