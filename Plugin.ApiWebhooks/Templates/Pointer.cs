using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Plugin.ApiWebhooks.Templates;

/// <summary>What stands between the braces of an expression: the way to a value, such as <c>/resource/sys/id</c>.</summary>
/// <remarks>
/// Close to RFC 6901 and different on purpose: a token with dots that names no member is tried as a path (<c>sys.id</c>), then a member that differs in letter case
/// only, where there is one such; and one empty token at the end is dropped, so that <c>/resource/</c> is the whole object.
/// </remarks>
internal sealed class Pointer
{
    private readonly int _root;
    private readonly Token[] _tokens;

    private Pointer(string text, int root, Token[] tokens)
    {
        Text = text;
        _root = root;
        _tokens = tokens;
    }

    /// <summary>What it may begin with.</summary>
    public static ImmutableArray<string> Roots { get; } = ["event", "resource", "user"];

    /// <summary>The pointer as written, without braces and blanks.</summary>
    public string Text { get; }

    /// <summary>Reads a pointer.</summary>
    /// <param name="text">The text between the braces, without blanks around it.</param>
    /// <param name="fault">What is wrong, or null.</param>
    /// <returns>The pointer, or null when there is a fault.</returns>
    public static Pointer? Read(string text, out (string What, string Remedy)? fault)
    {
        var parts = text.Split('/')[1..];
        if (parts.Length > 1 && parts[^1].Length == 0)
            parts = parts[..^1];
        fault = FindFault(text, parts);
        return fault is null ? new Pointer(text, Roots.IndexOf(parts[0]), [.. parts.Skip(1).Select(Token.Of)]) : null;
    }

    /// <summary>Finds the value.</summary>
    /// <param name="scope">Where it looks.</param>
    /// <param name="value">The value; JSON null also when it is there and null.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryResolve(TemplateScope scope, out JsonElement value)
    {
        value = scope.Root(_root);
        if (value.ValueKind == JsonValueKind.Undefined)
            return false;
        foreach (var token in _tokens)
        {
            if (!token.TryStep(value, out value))
                return false;
        }
        return true;
    }

    private static (string What, string Remedy)? FindFault(string text, string[] parts)
    {
        if (!Roots.Contains(parts[0]))
        {
            return ($"the expression {{{text}}} begins with none of event, resource and user",
                $"Write for example {{/resource/{(parts[0].Length == 0 ? "title" : parts[0])}}}, or \\{{/ where the braces are meant as they stand.");
        }
        if (parts.Sum(part => part.Count(c => c == '.') + 1) > TemplateLimits.Steps)
            return ($"the expression {{{text}}} has more than {TemplateLimits.Steps} steps", "Write a shorter path.");
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || char.IsSurrogate(text[i]) && !IsPair(text, i))
                return ("an expression has a character in it that no name can have", "Remove it.");
            if (text[i] == '~' && (i + 1 == text.Length || text[i + 1] is not ('0' or '1')))
                return ($"the expression {{{text}}} has a ~ that stands for nothing", "Write ~0 for ~ and ~1 for / inside a name.");
        }
        return null;
    }

    private static bool IsPair(string text, int i) =>
        char.IsHighSurrogate(text[i]) ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) : i > 0 && char.IsHighSurrogate(text[i - 1]);

    // One step: the name of a member, or the index of an item.
    private sealed class Token(string name, Token[] dotted)
    {
        private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(name);
        private readonly int _index = IndexOf(name);

        public static Token Of(string raw)
        {
            var name = raw.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            return new Token(name, name.Contains('.', StringComparison.Ordinal) ? [.. name.Split('.').Select(part => new Token(part, []))] : []);
        }

        public bool TryStep(JsonElement from, out JsonElement value)
        {
            if (from.ValueKind == JsonValueKind.Array)
                return TryItem(from, out value) || TryDotted(from, out value);
            if (from.ValueKind == JsonValueKind.Object)
                return from.TryGetProperty(_utf8, out value) || TryDotted(from, out value) || TryOtherCase(from, out value);
            value = default;
            return false;
        }

        private bool TryItem(JsonElement from, out JsonElement value)
        {
            var isThere = _index >= 0 && _index < from.GetArrayLength();
            value = isThere ? from[_index] : default;
            return isThere;
        }

        private bool TryDotted(JsonElement from, out JsonElement value)
        {
            value = from;
            foreach (var part in dotted)
            {
                if (!part.TryStep(value, out value))
                    return false;
            }
            return dotted.Length > 0;
        }

        // Only where one member alone is meant.
        private bool TryOtherCase(JsonElement from, out JsonElement value)
        {
            value = default;
            var found = 0;
            foreach (var member in from.EnumerateObject())
            {
                if (!IsOtherCase(member))
                    continue;
                value = member.Value;
                found++;
            }
            return found == 1;
        }

        private bool IsOtherCase(JsonProperty member)
        {
            var raw = JsonMarshal.GetRawUtf8PropertyName(member);
            if (Ascii.IsValid(raw) && Ascii.IsValid(_utf8) && !raw.Contains((byte)'\\'))
                return Ascii.EqualsIgnoreCase(raw, _utf8);
            return string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase);
        }

        // RFC 6901: digits without a leading zero.
        private static int IndexOf(string name) =>
            name is "0" || (name.Length is > 0 and < 10 && name[0] is not '0' && name.All(char.IsAsciiDigit))
                ? int.Parse(name, CultureInfo.InvariantCulture)
                : -1;
    }
}
