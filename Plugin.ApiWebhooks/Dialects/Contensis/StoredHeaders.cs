using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// The headers of a stored subscription. The value of a secret one can be written and never read: who reads it is told that it is secret, and who writes that back,
/// with no value or with asterisks in its place, keeps what is stored.
/// </summary>
internal static class StoredHeaders
{
    /// <summary>The headers to be stored, in the form <c>{name: {value, secret?}}</c>. One without a value is dropped.</summary>
    /// <param name="asked">The headers of the request, an object.</param>
    /// <param name="stored">Those stored now, or null for a new subscription.</param>
    /// <param name="isElsewhere">Whether the request sends them to another server than before; nothing is kept then.</param>
    /// <param name="faults">Where faults are added; none repeats a value.</param>
    public static JsonObject Merge(JsonElement asked, JsonObject? stored, bool isElsewhere, ICollection<FieldError> faults)
    {
        var merged = new JsonObject();
        foreach (var header in asked.EnumerateObject())
        {
            var field = $"headers.{header.Name}";
            if (!TryRead(header.Value, out var value, out var isSecret))
            {
                faults.Add(new FieldError(field, "The header has another form than { \"value\": \"…\", \"secret\": true }."));
                continue;
            }
            var kept = Find(stored, header.Name);
            var isKept = IsSecret(kept);
            if (string.IsNullOrEmpty(value) && isSecret || IsMask(value) && (isSecret || isKept))
            {
                if (value is { Length: > 0 } && (kept is null || !isSecret))
                    faults.Add(new FieldError($"{field}.value", "The value is a row of asterisks, and there is no secret value that it stands for. Write the value itself."));
                else if (kept is not null && isElsewhere)
                    faults.Add(new FieldError($"{field}.value", "The address names another server now. Write the secret value again if that server is to have it."));
                else if (kept is not null)
                    merged[header.Name] = new JsonObject { ["value"] = ValueOf(kept), ["secret"] = true };
                continue;
            }
            if (string.IsNullOrEmpty(value))
                continue;
            merged[header.Name] = isSecret ? new JsonObject { ["value"] = value, ["secret"] = true } : new JsonObject { ["value"] = value };
        }
        return merged;
    }

    /// <summary>Writes the headers as they may be read.</summary>
    public static void Write(Utf8JsonWriter json, JsonObject stored)
    {
        json.WriteStartObject();
        foreach (var (name, header) in stored)
        {
            json.WriteStartObject(name);
            if (IsSecret(header))
                json.WriteBoolean("secret"u8, true);
            else
                json.WriteString("value"u8, ValueOf(header!));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static bool TryRead(JsonElement header, out string? value, out bool isSecret)
    {
        (value, isSecret) = (null, false);
        if (header.ValueKind == JsonValueKind.String)
            value = header.GetString();
        if (header.ValueKind != JsonValueKind.Object)
            return header.ValueKind is JsonValueKind.String or JsonValueKind.Null;
        if (header.TryGetProperty("secret", out var secret))
            isSecret = secret.ValueKind == JsonValueKind.True;
        if (!header.TryGetProperty("value", out var given) || given.ValueKind == JsonValueKind.Null)
            return true;
        value = given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        return value is not null;
    }

    // Contensis itself has shown eight and twelve of them.
    private static bool IsMask(string? value) => value is { Length: > 2 } && value.All(c => c == '*');

    private static JsonNode? Find(JsonObject? stored, string name) =>
        stored?.FirstOrDefault(each => string.Equals(each.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    private static bool IsSecret(JsonNode? header) => header is JsonObject own && own["secret"]?.GetValueKind() == JsonValueKind.True;

    private static string? ValueOf(JsonNode header) => header is JsonObject own ? own["value"]?.GetValue<string>() : header.GetValue<string>();
}
