using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Plugin.ApiWebhooks.Templates;

/// <summary>
/// Reads a body's template that is a JSON object or array. A text in it that is one expression and nothing else becomes the value, with its type; in any other text
/// expressions are text. The names of members are not templates. Whatever the values are, the result is JSON.
/// </summary>
internal static class ObjectTemplate
{
    /// <summary>Reads a template.</summary>
    /// <param name="template">The object or array. A text that stands for the whole body is <see cref="TextTemplate"/>'s.</param>
    /// <param name="faults">Takes every fault found; their places begin with <paramref name="place"/>.</param>
    /// <param name="place">The template's own place, for faults.</param>
    /// <returns>The template, or null when a fault was found.</returns>
    public static BodyTemplate? Parse(JsonElement template, ICollection<TemplateFault> faults, string place = "")
    {
        var reading = new Reading();
        reading.Read(template, place, depth: 0);
        var segments = reading.Finish();
        var count = segments.Count(segment => segment.Pointer is not null);
        if (count > TemplateLimits.Expressions)
            reading.Faults.Add(new TemplateFault(place, 0, $"has {count} expressions", $"At most {TemplateLimits.Expressions} are allowed."));
        if (segments.Sum(segment => segment.Literal?.Length ?? 0) > TemplateLimits.Characters)
            reading.Faults.Add(new TemplateFault(place, 0, "is too long", $"At most {TemplateLimits.Characters} bytes are allowed."));
        foreach (var fault in reading.Faults)
            faults.Add(fault);
        return reading.Faults.Count == 0 ? BodyTemplate.Of(segments) : null;
    }

    private sealed class Reading
    {
        private readonly ArrayBufferWriter<byte> _literal = new();
        private readonly List<Segment> _segments = [];

        public List<TemplateFault> Faults { get; } = [];

        public List<Segment> Finish()
        {
            EndLiteral();
            return _segments;
        }

        public void Read(JsonElement element, string place, int depth)
        {
            if (depth > TemplateLimits.Depth)
            {
                Faults.Add(new TemplateFault(place, 0, "lies too deep", $"Put at most {TemplateLimits.Depth} objects and arrays inside each other."));
                return;
            }
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    ReadObject(element, place, depth);
                    break;
                case JsonValueKind.Array:
                    ReadArray(element, place, depth);
                    break;
                case JsonValueKind.String:
                    ReadText(element, place);
                    break;
                default:
                    _literal.Write(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(element));
                    break;
            }
        }

        private void ReadObject(JsonElement element, string place, int depth)
        {
            _literal.Write("{"u8);
            var isFirst = true;
            foreach (var member in element.EnumerateObject())
            {
                if (!isFirst)
                    _literal.Write(","u8);
                isFirst = false;
                var name = Unescaped(() => member.Name, place) ?? "";
                WriteText(name, isQuoted: true);
                _literal.Write(":"u8);
                Read(member.Value, Below(place, name), depth + 1);
            }
            _literal.Write("}"u8);
        }

        private void ReadArray(JsonElement element, string place, int depth)
        {
            _literal.Write("["u8);
            var index = 0;
            foreach (var item in element.EnumerateArray())
            {
                if (index > 0)
                    _literal.Write(","u8);
                Read(item, Below(place, $"{index++}"), depth + 1);
            }
            _literal.Write("]"u8);
        }

        private void ReadText(JsonElement element, string place)
        {
            if (Unescaped(element.GetString, place) is not { } text)
                return;
            var parts = TextParts.Read(text, place, Faults);
            if (parts is [{ Pointer: { } whole }])
            {
                EndLiteral();
                _segments.Add(new Segment(null, whole, Escape.JsonValue));
                return;
            }
            _literal.Write("\""u8);
            foreach (var part in parts)
            {
                if (part.Literal is { } literal)
                {
                    WriteText(literal, isQuoted: false);
                    continue;
                }
                EndLiteral();
                _segments.Add(new Segment(null, part.Pointer, Escape.JsonText));
            }
            _literal.Write("\""u8);
        }

        private void WriteText(string text, bool isQuoted)
        {
            var encoded = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
            if (isQuoted)
                _literal.Write("\""u8);
            _literal.Write(encoded.EncodedUtf8Bytes);
            if (isQuoted)
                _literal.Write("\""u8);
        }

        // Half a surrogate pair, written as an escape, is JSON but no text.
        private string? Unescaped(Func<string?> read, string place)
        {
            try
            {
                return read();
            }
            catch (InvalidOperationException)
            {
                Faults.Add(new TemplateFault(place, 0, "has half a character in it", "Remove the \\u escape that has no partner."));
                return null;
            }
        }

        private void EndLiteral()
        {
            if (_literal.WrittenCount > 0)
                _segments.Add(new Segment(_literal.WrittenSpan.ToArray(), null, default));
            _literal.ResetWrittenCount();
        }

        private static string Below(string place, string key) => place.Length == 0 ? key : $"{place}:{key}";
    }
}
