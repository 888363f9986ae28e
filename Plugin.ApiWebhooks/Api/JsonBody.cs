using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Plugin.ApiWebhooks.Api;

/// <summary>Reads the small JSON objects that some calls take.</summary>
internal static class JsonBody
{
    private const int MostBytes = 64 * 1024;

    /// <summary>Reads the body; an empty one is an object without keys.</summary>
    /// <returns>The object, or what is wrong.</returns>
    public static async Task<(JsonElement Body, string? Fault)> ReadAsync(HttpRequest request)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[4096];
        for (int count; (count = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted).ConfigureAwait(false)) > 0;)
        {
            bytes.Write(buffer, 0, count);
            if (bytes.Length > MostBytes)
                return (default, "The body is too long.");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes.Length == 0 ? "{}"u8.ToArray() : bytes.ToArray());
            var body = document.RootElement.Clone();
            return body.ValueKind == JsonValueKind.Object ? (body, null) : (default, "The body must be a JSON object.");
        }
        catch (JsonException exception)
        {
            return (default, $"The body is not JSON: {exception.Message}");
        }
    }
}
