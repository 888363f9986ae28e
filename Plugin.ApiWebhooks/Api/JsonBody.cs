using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Plugin.ApiWebhooks.Api;

/// <summary>Reads the small JSON objects that some calls take.</summary>
internal static class JsonBody
{
    private const int MostBytes = 64 * 1024;

    // Templates of a hook may be long.
    private const int MostSettingsBytes = 512 * 1024;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    /// <summary>Reads the body; an empty one is an object without keys.</summary>
    /// <returns>The object, or what is wrong.</returns>
    public static async Task<(JsonElement Body, string? Fault)> ReadAsync(HttpRequest request)
    {
        if (await ReadBytesAsync(request, MostBytes).ConfigureAwait(false) is not { } bytes)
            return (default, "The body is too long.");
        try
        {
            using var document = JsonDocument.Parse(bytes.Length == 0 ? "{}"u8.ToArray() : bytes);
            var body = document.RootElement.Clone();
            return body.ValueKind == JsonValueKind.Object ? (body, null) : (default, "The body must be a JSON object.");
        }
        catch (JsonException exception)
        {
            return (default, $"The body is not JSON: {exception.Message}");
        }
    }

    /// <summary>Reads settings: an object in which, as in config.json, comments and trailing commas are allowed.</summary>
    /// <returns>The object, or what is wrong.</returns>
    public static async Task<(JsonObject? Body, string? Fault)> ReadObjectAsync(HttpRequest request)
    {
        if (await ReadBytesAsync(request, MostSettingsBytes).ConfigureAwait(false) is not { } bytes)
            return (null, "The body is too long.");
        try
        {
            return JsonNode.Parse(bytes, documentOptions: Lenient) is JsonObject body ? (body, null) : (null, "The body must be a JSON object.");
        }
        catch (JsonException exception)
        {
            return (null, $"The body is not JSON: {exception.Message}");
        }
    }

    // Null for one that is too long.
    private static async Task<byte[]?> ReadBytesAsync(HttpRequest request, int most)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[4096];
        for (int count; (count = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted).ConfigureAwait(false)) > 0;)
        {
            bytes.Write(buffer, 0, count);
            if (bytes.Length > most)
                return null;
        }
        return bytes.ToArray();
    }
}
