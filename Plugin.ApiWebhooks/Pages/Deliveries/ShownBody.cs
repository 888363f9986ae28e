using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plugin.ApiWebhooks.Pages.Deliveries;

/// <summary>Bytes as a page shows them: JSON indented, other text as it is, and of anything else its size alone.</summary>
/// <param name="Text">The text; null for what is none.</param>
/// <param name="Bytes">How many bytes.</param>
/// <param name="IsCut">Whether the text goes on.</param>
public sealed record ShownBody(string? Text, int Bytes, bool IsCut)
{
    private const int Longest = 200_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads the bytes.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="mayEndAnywhere">Whether they were cut, perhaps within a letter.</param>
    public static ShownBody Of(ReadOnlySpan<byte> body, bool mayEndAnywhere = false)
    {
        var text = Decode(body, mayEndAnywhere);
        if (text is null || text.Contains('\0', StringComparison.Ordinal))
            return new ShownBody(null, body.Length, mayEndAnywhere);
        text = Indent(text);
        return text.Length <= Longest ? new ShownBody(text, body.Length, mayEndAnywhere) : new ShownBody(text[..Longest], body.Length, true);
    }

    private static string? Decode(ReadOnlySpan<byte> body, bool mayEndAnywhere)
    {
        // A letter has up to four bytes.
        for (var missing = 0; missing <= (mayEndAnywhere ? Math.Min(3, body.Length) : 0); missing++)
        {
            try
            {
                return Strict.GetString(body[..^missing]);
            }
            catch (DecoderFallbackException)
            {
                // Cut within a letter, or no text.
            }
        }
        return null;
    }

    private static string Indent(string text)
    {
        if (text.Length == 0 || text.AsSpan().TrimStart() is not ['{' or '[', ..])
            return text;
        try
        {
            return JsonNode.Parse(text)?.ToJsonString(Indented) ?? text;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            // It only looked like JSON, or has a name twice.
            return text;
        }
    }
}
