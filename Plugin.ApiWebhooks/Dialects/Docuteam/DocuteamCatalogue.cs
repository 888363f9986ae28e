using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;

namespace Plugin.ApiWebhooks.Dialects.Docuteam;

/// <summary>The docuteam dialect's part of the event catalogue.</summary>
internal static class DocuteamCatalogue
{
    /// <summary>All operations.</summary>
    public static IReadOnlyList<EventDescription> Events { get; } =
    [
        Describe(DocuteamOperation.Insert, "A record was created.", ChangeKind.RecordInserted, DocuteamJson.Default.DocuteamInsert),
        Describe(DocuteamOperation.Replace, "A file's content was replaced.", ChangeKind.FileReplaced, DocuteamJson.Default.DocuteamReplace),
        Describe(DocuteamOperation.Append, "Something was appended below a record.", ChangeKind.RecordAppended, DocuteamJson.Default.DocuteamAppend),
        Describe(
            DocuteamOperation.ChangeMetadata, "A person changed a record's metadata at a page.", ChangeKind.MetadataChanged, DocuteamJson.Default.DocuteamChangeMetadata,
            change => change with { Via = ChangeOrigin.Page, Actor = new Actor("editor") }),
        Describe(
            DocuteamOperation.ChangeMetadataApi, "A program changed a record's metadata. docuteam lists it without naming its event type: the text is this plugin's, by analogy.",
            ChangeKind.MetadataChanged, DocuteamJson.Default.DocuteamByApi),
        Describe(
            DocuteamOperation.Delete, "A record was deleted. docuteam lists it without naming its event type: the text is this plugin's, by analogy.",
            ChangeKind.RecordDeleted, DocuteamJson.Default.DocuteamByApi),
    ];

    private static EventDescription Describe(
        DocuteamOperation operation, string words, ChangeKind kind, JsonTypeInfo type, Func<Change, Change>? shape = null) => new(operation.EventType, words, kind, type)
    {
        Hook = $$"""
            {
              "operation": "{{operation.Slug}}",
              "token": "example-token",
              "additionalMetadata": [
                { "fieldLabel": "title", "predicate": "{{DocuteamPredicates.Rico}}title", "includePreviousValues": true },
                { "fieldLabel": "scope", "predicate": "{{DocuteamPredicates.Rico}}scopeAndContent", "insertMultipleValues": true }
              ]
            }
            """,
        Shape = shape,
        CompleteSchema = schema =>
        {
            PayloadSchema.SetConstant(schema, "event_type", operation.EventType);
            schema["patternProperties"] = new JsonObject
            {
                ["_is$"] = Values("The first value after the operation, or null; with insertMultipleValues all values. Before it stands the field label of an additional metadata row."),
                ["_was$"] = Values("The same before the operation; only with includePreviousValues."),
            };
        },
    };

    private static JsonObject Values(string words) => new()
    {
        ["description"] = words,
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = new JsonArray("string", "null") },
            new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } }),
    };
}

// The types of the fixed part of the bodies, of which the event catalogue makes its JSON Schemas. DocuteamPayload writes the same, and the additional metadata
// behind it; a test validates what it writes.

/// <summary>What every event tells.</summary>
internal abstract record DocuteamEvent
{
    [Description("This system's address.")]
    public required string Source { get; init; }

    [Description("The operation; compared letter by letter by feeder's event handlers.")]
    public required string EventType { get; init; }
}

/// <summary>An insert.</summary>
internal sealed record DocuteamInsert : DocuteamEvent
{
    [Description("The name of the API key, or of the user at a page; never the key.")]
    public required string ApiKeyName { get; init; }

    [Description("The record's pid.")]
    public required string RootNodePid { get; init; }

    [Description("The record's title.")]
    public required string SipName { get; init; }
}

/// <summary>A replaced file.</summary>
internal sealed record DocuteamReplace : DocuteamEvent
{
    [Description("The name of the API key, or of the user at a page; never the key.")]
    public required string ApiKeyName { get; init; }

    [Description("The file's pid.")]
    public required string Pid { get; init; }

    [Description("The new file's name.")]
    public required string FileName { get; init; }
}

/// <summary>Something appended.</summary>
internal sealed record DocuteamAppend : DocuteamEvent
{
    [Description("The name of the API key, or of the user at a page; never the key. So spelt by docuteam, here alone.")]
    public required string BoxApiKey { get; init; }

    [Description("The pid of the record below which something was appended.")]
    public required string AppendPositionPid { get; init; }

    [Description("The pid of what was appended.")]
    public required string RootNodePid { get; init; }
}

/// <summary>A change at a page.</summary>
internal sealed record DocuteamChangeMetadata : DocuteamEvent
{
    [Description("The user's name.")]
    public required string BoxUserName { get; init; }

    [Description("The record's pid.")]
    public required string Pid { get; init; }
}

/// <summary>A change or deletion by the API.</summary>
internal sealed record DocuteamByApi : DocuteamEvent
{
    [Description("The name of the API key, or of the user at a page; never the key.")]
    public required string ApiKeyName { get; init; }

    [Description("The record's pid.")]
    public required string Pid { get; init; }
}

/// <summary>The types' generated metadata.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DocuteamInsert))]
[JsonSerializable(typeof(DocuteamReplace))]
[JsonSerializable(typeof(DocuteamAppend))]
[JsonSerializable(typeof(DocuteamChangeMetadata))]
[JsonSerializable(typeof(DocuteamByApi))]
internal sealed partial class DocuteamJson : JsonSerializerContext;
