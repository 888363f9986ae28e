using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Plugin.ApiWebhooks.Buttons;

/// <summary>Takes from an answer what the target itself has to say to the editor: a plain text, or the <c>message</c> of a JSON object.</summary>
internal static class AnswerMessage
{
    /// <summary>The most characters of a message that are shown.</summary>
    public const int MaxLength = 500;

    /// <summary>The message as one line of plain text, or null when the answer has none. It is not encoded: who shows it encodes it.</summary>
    /// <param name="contentType">The answer's content type as sent.</param>
    /// <param name="answer">The beginning of the answer's body.</param>
    public static string? Find(string? contentType, ReadOnlySpan<byte> answer)
    {
        if (answer.IsEmpty || !MediaTypeHeaderValue.TryParse(contentType, out var type))
            return null;
        var text = type.MediaType?.ToLowerInvariant() switch
        {
            "text/plain" => Decode(answer, type.CharSet),
            "application/json" => FromJson(answer),
            { } other when other.EndsWith("+json", StringComparison.Ordinal) => FromJson(answer),
            _ => null,
        };
        var line = Clean(text, MaxLength);
        return line.Length > 0 ? line : null;
    }

    /// <summary>Makes one short line of a text from outside: no control or direction characters, no line breaks, no half characters.</summary>
    public static string Clean(string? text, int maxLength)
    {
        var line = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (line.Length > 0 && line[^1] != ' ')
                    line.Append(' ');
            }
            else if (IsHarmless(rune))
            {
                line.Append(rune.ToString());
            }

            if (line.Length <= maxLength)
                continue;
            var cut = char.IsLowSurrogate(line[maxLength - 1]) && char.IsHighSurrogate(line[maxLength - 2]) ? maxLength - 2 : maxLength - 1;
            return line.ToString(0, cut).TrimEnd() + "…";
        }

        return line.ToString().TrimEnd();
    }

    // Format characters can turn the reading direction of everything after them.
    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static string Decode(ReadOnlySpan<byte> answer, string? charset) =>
        charset?.Trim('"').ToLowerInvariant() is "iso-8859-1" or "latin1" or "windows-1252"
            ? Encoding.Latin1.GetString(answer)
            : Encoding.UTF8.GetString(answer.StartsWith("\uFEFF"u8) ? answer[3..] : answer);

    private static string? FromJson(ReadOnlySpan<byte> answer)
    {
        try
        {
            var reader = new Utf8JsonReader(answer.StartsWith("\uFEFF"u8) ? answer[3..] : answer);
            if (!JsonDocument.TryParseValue(ref reader, out var document))
                return null;
            using (document)
            {
                return document.RootElement.ValueKind == JsonValueKind.Object
                    && document.RootElement.TryGetProperty("message", out var message)
                    && message.ValueKind == JsonValueKind.String
                    ? message.GetString()
                    : null;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON after all, cut off, or a string that is no text: then the target said nothing that can be shown.
            return null;
        }
    }
}
