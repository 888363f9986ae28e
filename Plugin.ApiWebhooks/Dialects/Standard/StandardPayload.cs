using System.Globalization;
using System.Text.Json;
using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Standard;

/// <summary>
/// Writes a change as <c>{"type","timestamp","data"}</c>. What a change does not have is left out; lists of values are lists also for one value.
/// </summary>
internal static class StandardPayload
{
    /// <summary>The bytes of a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="baseUri">The host's address, for the link to the record.</param>
    public static ReadOnlyMemory<byte> Write(Change change, Uri baseUri) => Write(change, baseUri, isThin: false);

    /// <summary>
    /// The bytes of a change without what may be long: <c>data</c> has <c>"thin":true</c>, ids, the link to the record, actor and door; no fields, titles and
    /// texts.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="baseUri">The host's address, for the link to the record.</param>
    public static ReadOnlyMemory<byte> WriteThin(Change change, Uri baseUri) => Write(change, baseUri, isThin: true);

    private static ReadOnlyMemory<byte> Write(Change change, Uri baseUri, bool isThin) => MessageJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type"u8, StandardEvents.Of(change.Kind));
        json.WriteString("timestamp"u8, Instant(change.OccurredAt));
        json.WriteStartObject("data"u8);
        json.WriteString("change_id"u8, change.Id);
        json.WriteNumber("sequence"u8, change.Sequence);
        if (isThin)
            WriteIds(json, change, baseUri);
        else
            WriteWhole(json, change, baseUri);
        json.WriteStartObject("actor"u8);
        json.WriteString("user"u8, change.Actor.UserName);
        if (change.Actor.ApiKeyName is { } key)
            json.WriteString("api_key"u8, key);
        json.WriteEndObject();
        json.WriteString("via"u8, Via(change.Via));
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void WriteWhole(Utf8JsonWriter json, Change change, Uri baseUri)
    {
        if (change.Record is { } record)
            WriteRecord(json, record, baseUri);
        WriteChangedFields(json, change.ChangedFields);
        WriteFile(json, "file"u8, change.File);
        WriteFile(json, "previous_file"u8, change.PreviousFile);
        WriteWorkflow(json, change.Workflow);
        WriteFeedEntry(json, change.FeedEntry);
    }

    private static void WriteIds(Utf8JsonWriter json, Change change, Uri baseUri)
    {
        json.WriteBoolean("thin"u8, true);
        if (change.Record is { } record)
        {
            json.WriteNumber("id"u8, record.Id);
            json.WriteString("pid"u8, record.Pid);
            json.WriteString("type"u8, record.Type);
            json.WriteNumber("version"u8, record.Version);
            WriteLink(json, record, baseUri);
        }
        if (change.File is { } file)
        {
            json.WriteStartObject("file"u8);
            json.WriteString("pid"u8, file.Pid);
            json.WriteEndObject();
        }
        WriteWorkflow(json, change.Workflow);
        if (change.FeedEntry is { } entry)
        {
            json.WriteStartObject("feed"u8);
            json.WriteNumber("id"u8, entry.FeedId);
            json.WriteEndObject();
            json.WriteStartObject("entry"u8);
            json.WriteNumber("id"u8, entry.EntryId);
            json.WriteEndObject();
        }
    }

    private static void WriteLink(Utf8JsonWriter json, RecordSnapshot record, Uri baseUri) =>
        json.WriteString("link"u8, string.Create(CultureInfo.InvariantCulture, $"{baseUri.AbsoluteUri.TrimEnd('/')}/records/{record.Id}"));

    private static void WriteRecord(Utf8JsonWriter json, RecordSnapshot record, Uri baseUri)
    {
        json.WriteNumber("id"u8, record.Id);
        json.WriteString("pid"u8, record.Pid);
        json.WriteString("type"u8, record.Type);
        json.WriteString("title"u8, record.Title);
        json.WriteString("language"u8, record.Language);
        json.WriteNumber("version"u8, record.Version);
        if (record.Collection is not null)
            json.WriteString("collection"u8, record.Collection);
        if (record.ParentId is { } parent)
            json.WriteNumber("parent_id"u8, parent);
        if (record.WorkflowState is not null)
            json.WriteString("workflow_state"u8, record.WorkflowState);
        json.WriteBoolean("private"u8, record.Private);
        json.WriteBoolean("draft"u8, record.Draft);
        WriteLink(json, record, baseUri);
        json.WriteStartObject("fields"u8);
        foreach (var field in record.Fields)
            WriteValues(json, field.Name, field.Values);
        json.WriteEndObject();
    }

    private static void WriteChangedFields(Utf8JsonWriter json, IReadOnlyList<ChangedField> fields)
    {
        if (fields.Count == 0)
            return;
        json.WriteStartArray("changed_fields"u8);
        foreach (var field in fields)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, field.Name);
            WriteValues(json, "before", field.Before);
            WriteValues(json, "after", field.After);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteValues(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteFile(Utf8JsonWriter json, ReadOnlySpan<byte> name, FileSnapshot? file)
    {
        if (file is null)
            return;
        json.WriteStartObject(name);
        json.WriteString("pid"u8, file.Pid);
        json.WriteString("name"u8, file.Name);
        json.WriteString("media_type"u8, file.MediaType);
        json.WriteNumber("length"u8, file.Length);
        json.WriteString("sha256"u8, file.Sha256);
        json.WriteEndObject();
    }

    private static void WriteWorkflow(Utf8JsonWriter json, WorkflowStep? step)
    {
        if (step is null)
            return;
        json.WriteStartObject("workflow"u8);
        json.WriteString("name"u8, step.Workflow);
        json.WriteString("event"u8, step.EventName);
        json.WriteString("from"u8, step.FromState);
        json.WriteString("to"u8, step.ToState);
        json.WriteEndObject();
    }

    private static void WriteFeedEntry(Utf8JsonWriter json, FeedEntrySnapshot? entry)
    {
        if (entry is null)
            return;
        json.WriteStartObject("feed"u8);
        json.WriteNumber("id"u8, entry.FeedId);
        json.WriteString("title"u8, entry.FeedTitle);
        json.WriteString("description"u8, entry.FeedDescription);
        json.WriteBoolean("public"u8, entry.FeedIsPublic);
        json.WriteEndObject();
        json.WriteStartObject("entry"u8);
        json.WriteNumber("id"u8, entry.EntryId);
        json.WriteString("title"u8, entry.Title);
        json.WriteString("description"u8, entry.Description);
        json.WriteString("author"u8, entry.AuthorName);
        if (entry.AuthorEmail is not null)
            json.WriteString("author_email"u8, entry.AuthorEmail);
        WriteValues(json, "notified_users", entry.NotifiedUsers);
        json.WriteEndObject();
    }

    private static string Via(ChangeOrigin origin) => origin switch
    {
        ChangeOrigin.Page => "page",
        ChangeOrigin.Api => "api",
        ChangeOrigin.Button => "button",
        ChangeOrigin.System => "system",
        _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, null),
    };

    /// <summary>An instant as it is written: UTC, with milliseconds.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
