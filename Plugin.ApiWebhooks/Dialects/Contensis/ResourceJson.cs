using System.Globalization;
using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Dialects.Standard;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// Writes a resource as templates see it, in the manner of Contensis' Management API: its fields beside each other, and <c>sys</c> with what the system knows. A
/// field with one value is a text, one with several a list of texts. Below <c>sys</c>, <c>pid</c>, <c>recordId</c>, <c>collection</c>, <c>private</c>, <c>draft</c> and
/// <c>properties.sha256</c> are this host's own.
/// </summary>
internal static class ResourceJson
{
    /// <summary>Writes the resource as one value.</summary>
    public static void Write(Utf8JsonWriter json, in Scene scene)
    {
        json.WriteStartObject();
        if (scene.What.IsUser)
            WriteUser(json, scene.ResourceId, scene.What.Change.User!);
        else if (scene.What.IsAsset)
            WriteAsset(json, scene);
        else
            WriteEntry(json, scene, scene.What.Change.Record!);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, in Scene scene, RecordSnapshot record)
    {
        json.WriteString("entryTitle"u8, record.Title);
        json.WriteString("entryDescription"u8, Description(record));
        foreach (var field in record.Fields)
        {
            if (field.Name is not ("sys" or "entryTitle" or "entryDescription"))
                WriteField(json, field);
        }
        WriteSys(json, scene, record, scene.ResourceId);
    }

    private static void WriteAsset(Utf8JsonWriter json, in Scene scene)
    {
        var file = scene.What.Change.File!;
        json.WriteString("title"u8, file.Name);
        json.WriteString("entryTitle"u8, file.Name);
        if (scene.What.Change.Record is { } record)
        {
            // What it belongs to; Contensis' assets stand alone.
            json.WriteStartObject("entry"u8);
            json.WriteString("entryTitle"u8, record.Title);
            WriteSys(json, scene, record, ContensisIds.OfRecord(record));
            json.WriteEndObject();
        }
        json.WriteStartObject("sys"u8);
        json.WriteString("id"u8, scene.ResourceId);
        json.WriteString("contentTypeId"u8, scene.What.ContentTypeId);
        json.WriteString("projectId"u8, scene.ProjectId);
        json.WriteString("language"u8, scene.What.Language);
        json.WriteString("dataFormat"u8, scene.What.DataFormat);
        json.WriteString("owner"u8, scene.What.Owner);
        json.WriteString("uri"u8, scene.Url);
        json.WriteString("pid"u8, file.Pid);
        json.WriteStartObject("properties"u8);
        json.WriteString("filename"u8, file.Name);
        json.WriteNumber("fileSize"u8, file.Length);
        json.WriteString("mimeType"u8, file.MediaType);
        json.WriteString("sha256"u8, file.Sha256);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter json, Guid id, UserSnapshot user)
    {
        json.WriteString("id"u8, id);
        json.WriteString("username"u8, user.Name);
        json.WriteString("displayName"u8, user.DisplayName);
        json.WriteString("firstName"u8, user.FirstName);
        json.WriteString("lastName"u8, user.LastName);
        json.WriteString("email"u8, user.Email);
    }

    private static void WriteSys(Utf8JsonWriter json, in Scene scene, RecordSnapshot record, Guid id)
    {
        json.WriteStartObject("sys"u8);
        json.WriteString("id"u8, id);
        json.WriteString("contentTypeId"u8, record.Type);
        json.WriteString("projectId"u8, scene.ProjectId);
        json.WriteString("language"u8, record.Language);
        json.WriteString("dataFormat"u8, ContensisEvents.Entry);
        json.WriteString("owner"u8, record.Owner);
        json.WriteString("uri"u8, scene.Url);
        WriteWorkflow(json, record, scene.What.Change.Workflow);
        json.WriteStartObject("version"u8);
        json.WriteString("createdBy"u8, record.CreatedBy);
        json.WriteString("created"u8, StandardPayload.Instant(record.CreatedAt));
        json.WriteString("modifiedBy"u8, record.ModifiedBy);
        json.WriteString("modified"u8, StandardPayload.Instant(record.ModifiedAt));
        json.WriteString("versionNo"u8, VersionNo.Of(record.Version));
        json.WriteEndObject();
        json.WriteString("pid"u8, record.Pid);
        json.WriteNumber("recordId"u8, record.Id);
        json.WriteString("collection"u8, record.Collection);
        json.WriteBoolean("private"u8, record.Private);
        json.WriteBoolean("draft"u8, record.Draft);
        json.WriteEndObject();
    }

    private static void WriteWorkflow(Utf8JsonWriter json, RecordSnapshot record, WorkflowStep? step)
    {
        if (step is null && record.WorkflowState is null)
            return;
        json.WriteStartObject("workflow"u8);
        // Which workflow it is, the host tells with a step only.
        if (step is not null)
        {
            json.WriteString("id"u8, step.Workflow);
            json.WriteString("event"u8, step.EventName);
            json.WriteString("previousState"u8, step.FromState);
        }
        json.WriteString("state"u8, step?.ToState ?? record.WorkflowState);
        json.WriteEndObject();
    }

    private static string? Description(RecordSnapshot record)
    {
        string? other = null;
        foreach (var field in record.Fields)
        {
            if (field.Values is not [var first, ..])
                continue;
            if (field.Name is "entryDescription")
                return first;
            if (field.Name is "description" or "summary")
                other ??= first;
        }
        return other;
    }

    private static void WriteField(Utf8JsonWriter json, FieldSnapshot field)
    {
        if (field.Values.Count == 1)
        {
            json.WriteString(field.Name, field.Values[0]);
            return;
        }
        json.WriteStartArray(field.Name);
        foreach (var value in field.Values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
