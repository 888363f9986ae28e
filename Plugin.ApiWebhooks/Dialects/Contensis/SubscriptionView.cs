using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Configure.Stored;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>Writes subscriptions as Contensis gives them back: what was stored in the form in which it came, lists as lists, secrets never.</summary>
internal static class SubscriptionView
{
    // Given back as they came, in Contensis' order.
    private static readonly string[] BeforeHeaders = ["url", "method", "enabled", "topics"];

    /// <summary>The project of a stored hook.</summary>
    public static string ProjectOf(StoredHook hook) =>
        hook.Scope.Length > 0 ? hook.Scope : Setting(hook, "project")?.GetValue<string>() ?? ContensisDialect.DefaultProject;

    /// <summary>A setting of a hook, or null. Made over another API, its key may be in upper case.</summary>
    public static JsonNode? Setting(StoredHook hook, string key) =>
        hook.Settings.FirstOrDefault(each => string.Equals(each.Key, key, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Writes one.</summary>
    public static void Write(Utf8JsonWriter json, StoredHook hook)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, hook.Id);
        WriteNames(json, hook);
        foreach (var key in BeforeHeaders)
            WriteNode(json, key, Setting(hook, key));
        if (Setting(hook, "headers") is JsonObject headers)
        {
            json.WritePropertyName("headers"u8);
            StoredHeaders.Write(json, headers);
        }
        WriteNode(json, "templates", Setting(hook, "templates"));
        WriteVersion(json, hook);
        WriteNode(json, "ui", hook.Extra?["ui"]);
        json.WriteEndObject();
    }

    /// <summary>Writes a page of them as the API's other lists are written.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="all">All subscriptions of the project.</param>
    /// <param name="pageIndex">0 for the first page.</param>
    /// <param name="pageSize">How many a page has.</param>
    public static void WritePage(Utf8JsonWriter json, IReadOnlyList<StoredHook> all, int pageIndex, int pageSize)
    {
        json.WriteStartObject();
        json.WriteNumber("pageIndex"u8, pageIndex);
        json.WriteNumber("pageSize"u8, pageSize);
        json.WriteNumber("totalCount"u8, all.Count);
        json.WriteNumber("pageCount"u8, (all.Count + pageSize - 1) / pageSize);
        json.WritePropertyName("items"u8);
        WriteAll(json, all.Skip((int)Math.Min((long)pageIndex * pageSize, int.MaxValue)).Take(pageSize));
        json.WriteEndObject();
    }

    /// <summary>Writes several as a bare array.</summary>
    public static void WriteAll(Utf8JsonWriter json, IEnumerable<StoredHook> hooks)
    {
        json.WriteStartArray();
        foreach (var hook in hooks)
            Write(json, hook);
        json.WriteEndArray();
    }

    private static void WriteNames(Utf8JsonWriter json, StoredHook hook)
    {
        // One that was made elsewhere has a label only.
        if (hook.Extra is null)
            WriteNode(json, "name", Setting(hook, "label"));
        WriteNode(json, "name", hook.Extra?["name"]);
        WriteNode(json, "description", hook.Extra?["description"] ?? Setting(hook, "description"));
    }

    private static void WriteVersion(Utf8JsonWriter json, StoredHook hook)
    {
        json.WriteStartObject("version"u8);
        json.WriteString("createdBy"u8, hook.CreatedBy);
        json.WriteString("created"u8, Instant(hook.CreatedAt));
        json.WriteString("modifiedBy"u8, hook.ModifiedBy);
        json.WriteString("modified"u8, Instant(hook.ModifiedAt));
        json.WriteString("versionNo"u8, VersionNo.Of(hook.Version));
        json.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter json, string name, JsonNode? node)
    {
        if (node is null)
            return;
        json.WritePropertyName(name);
        node.WriteTo(json);
    }

    // Whole seconds, as in every sample.
    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
