using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>Reads the JSON of a request as tolerantly as Contensis' documentation writes it: comments and trailing commas are no errors.</summary>
internal static class RequestJson
{
    private const int MostBytes = 1024 * 1024;

    private static readonly JsonDocumentOptions Tolerant = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        MaxDepth = 64,
    };

    /// <summary>Reads the body.</summary>
    /// <returns>The object, or what is wrong.</returns>
    public static async Task<(JsonElement Body, string? Fault)> ReadAsync(HttpRequest request)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int count; (count = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted).ConfigureAwait(false)) > 0;)
        {
            bytes.Write(buffer, 0, count);
            if (bytes.Length > MostBytes)
                return (default, $"The body is longer than {MostBytes} bytes.");
        }
        return Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
    }

    /// <summary>Reads a text.</summary>
    public static (JsonElement Body, string? Fault) Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, Tolerant);
            var body = document.RootElement.Clone();
            if (body.ValueKind != JsonValueKind.Object)
                return (default, "The body must be a JSON object.");
            return HasBrokenText(body) ? (default, "The body is not JSON: a text in it has half a character.") : (body, null);
        }
        catch (JsonException exception)
        {
            return (default, $"The body is not JSON: {exception.Message}");
        }
    }

    // Half a surrogate pair, written as an escape, passes the parser and breaks whoever reads the text.
    private static bool HasBrokenText(JsonElement element)
    {
        try
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    element.GetString();
                    return false;
                case JsonValueKind.Array:
                    return element.EnumerateArray().Any(HasBrokenText);
                case JsonValueKind.Object:
                    return element.EnumerateObject().Any(member => member.Name.Length < 0 || HasBrokenText(member.Value));
                default:
                    return false;
            }
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
