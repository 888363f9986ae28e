using System.Text.Json;
using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Docuteam;

/// <summary>
/// Writes a change as docuteam box does: the exact keys of its documentation, <c>box_api_key</c> included where it says so, and the additional
/// metadata behind them. Nothing is added: event handlers of docuteam feeder compare and pass on by key.
/// </summary>
internal static class DocuteamPayload
{
    /// <summary>The keys a field label must not make.</summary>
    public static readonly IReadOnlySet<string> ReservedKeys = new HashSet<string>(StringComparer.Ordinal)
    {
        "source", "event_type", "api_key_name", "box_api_key", "box_user_name", "root_node_pid", "sip_name", "pid", "file_name", "append_position_pid",
    };

    /// <summary>The bytes of a change.</summary>
    public static ReadOnlyMemory<byte> Write(Change change, DocuteamOperation operation, IReadOnlyList<AdditionalMetadata> rows, Uri baseUri) => MessageJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("source"u8, baseUri.AbsoluteUri.TrimEnd('/'));
        json.WriteString("event_type"u8, operation.EventType);
        WriteOperation(json, change, operation);
        foreach (var row in rows)
            WriteRow(json, change, operation, row);
        json.WriteEndObject();
    });

    private static void WriteOperation(Utf8JsonWriter json, Change change, DocuteamOperation operation)
    {
        var apiKeyName = change.Actor.ApiKeyName ?? change.Actor.UserName;
        if (operation == DocuteamOperation.Insert)
        {
            json.WriteString("api_key_name"u8, apiKeyName);
            json.WriteString("root_node_pid"u8, change.Record?.Pid);
            json.WriteString("sip_name"u8, change.Record?.Title);
        }
        else if (operation == DocuteamOperation.Replace)
        {
            json.WriteString("api_key_name"u8, apiKeyName);
            json.WriteString("pid"u8, change.File?.Pid);
            json.WriteString("file_name"u8, change.File?.Name);
        }
        else if (operation == DocuteamOperation.Append)
        {
            json.WriteString("box_api_key"u8, apiKeyName);
            json.WriteString("append_position_pid"u8, change.Record?.Pid);
            json.WriteString("root_node_pid"u8, change.File?.Pid);
        }
        else if (operation == DocuteamOperation.ChangeMetadata)
        {
            json.WriteString("box_user_name"u8, change.Actor.UserName);
            json.WriteString("pid"u8, change.Record?.Pid);
        }
        else
        {
            json.WriteString("api_key_name"u8, apiKeyName);
            json.WriteString("pid"u8, change.Record?.Pid);
        }
    }

    private static void WriteRow(Utf8JsonWriter json, Change change, DocuteamOperation operation, AdditionalMetadata row)
    {
        var stored = change.Record?.Fields.FirstOrDefault(field => Matches(row, field.Predicate, field.Category));
        WriteValue(json, row.IsKey, operation == DocuteamOperation.Delete ? [] : stored?.Values ?? [], row.InsertMultipleValues);
        if (row.IncludePreviousValues)
            WriteValue(json, row.WasKey, Previous(change, operation, row, stored), row.InsertMultipleValues);
    }

    private static IReadOnlyList<string> Previous(Change change, DocuteamOperation operation, AdditionalMetadata row, FieldSnapshot? stored)
    {
        // Nothing was there before an insert; docuteam tells nothing of append, which inserts too.
        if (operation == DocuteamOperation.Insert || operation == DocuteamOperation.Append)
            return [];
        // By docuteam's table the same as …_is, even where the host read other values from the new file.
        if (operation == DocuteamOperation.Replace)
            return stored?.Values ?? [];
        // Both keys tell of the same field, also where several share the predicate. Among the changed fields stands one that was emptied, which
        // the record has no more. Deleting changes no field.
        var changed = change.ChangedFields.FirstOrDefault(field => stored is null ? Matches(row, field.Predicate, field.Category) : field.Name == stored.Name);
        return changed is null || operation == DocuteamOperation.Delete ? stored?.Values ?? [] : changed.Before;
    }

    private static bool Matches(AdditionalMetadata row, string? predicate, string? category) =>
        predicate == row.Predicate && (row.Category is null || category == row.Category);

    private static void WriteValue(Utf8JsonWriter json, string key, IReadOnlyList<string> values, bool all)
    {
        if (!all)
        {
            json.WriteString(key, values.Count > 0 ? values[0] : null);
            return;
        }
        json.WriteStartArray(key);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
