using System.Text;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Templates;

/// <summary>
/// A header's value with expressions in it. Values are texts; one with a control character in it is refused, so that none ends a header or begins another. Headers
/// carry ASCII alone: what is not is percent-encoded as UTF-8, and then every percent sign of that value too, so that a receiver can decode it.
/// </summary>
internal sealed class HeaderTemplate
{
    private readonly List<TextPart> _parts;

    private HeaderTemplate(List<TextPart> parts)
    {
        _parts = parts;
        Expressions = [.. parts.Select(part => part.Pointer?.Text).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The pointers it asks for, each once, in their order; none for a value that is always the same.</summary>
    public IReadOnlyList<string> Expressions { get; }

    /// <summary>Reads a header's value.</summary>
    /// <param name="text">The value, which need not have expressions. A secret one is not to be read: it goes out as it is.</param>
    /// <param name="faults">Takes every fault found.</param>
    /// <param name="place">Its place, for faults.</param>
    /// <returns>The template, or null when a fault was found.</returns>
    public static HeaderTemplate? Parse(string text, ICollection<TemplateFault> faults, string place = "")
    {
        var found = new List<TemplateFault>();
        var parts = TextParts.Read(text, place, found);
        if (text.Length > TemplateLimits.HeaderCharacters || text.Any(c => c is < ' ' and not '\t' or > '~'))
            found.Add(new TemplateFault(place, 0, "is too long or has characters that no header may carry", $"Use printable ASCII characters, {TemplateLimits.HeaderCharacters} at most."));
        var count = parts.Count(part => part.Pointer is not null);
        if (count > TemplateLimits.Expressions)
            found.Add(new TemplateFault(place, 0, $"has {count} expressions", $"At most {TemplateLimits.Expressions} are allowed."));
        foreach (var fault in found)
            faults.Add(fault);
        return found.Count == 0 ? new HeaderTemplate(parts) : null;
    }

    /// <summary>Freezes the values it names, and sees to it that the header can be made of them.</summary>
    /// <param name="scope">What the expressions may name.</param>
    /// <param name="values">Takes the values; one that is missing is nothing.</param>
    /// <exception cref="RenderException">A value cannot stand in a header.</exception>
    public void Freeze(TemplateScope scope, ref Dictionary<string, string>? values)
    {
        if (Expressions.Count == 0)
            return;
        foreach (var part in _parts)
        {
            if (part.Pointer is { } pointer)
                FrozenValues.Freeze(ref values, pointer, scope);
        }
        Expand(values ?? []);
    }

    /// <summary>The header's value with the values in it.</summary>
    /// <param name="values">What <see cref="Freeze"/> collected.</param>
    /// <exception cref="RenderException">A value cannot stand in a header.</exception>
    public string Expand(IReadOnlyDictionary<string, string> values)
    {
        var header = new StringBuilder();
        foreach (var part in _parts)
        {
            if (part.Literal is not null)
                header.Append(part.Literal);
            else if (values.TryGetValue(part.Pointer!.Text, out var value))
                Append(header, value, part.Pointer.Text);
        }
        if (header.Length > TemplateLimits.HeaderCharacters)
            throw new RenderException($"A header made of a template is {header.Length} characters long; {TemplateLimits.HeaderCharacters} are the most. Name shorter values in it.");
        return header.ToString();
    }

    private static void Append(StringBuilder header, string value, string expression)
    {
        // DEL is one too. Those of Unicode beyond ASCII are encoded below.
        if (value.AsSpan().IndexOfAnyInRange('\0', '\u001F') >= 0 || value.Contains('\u007F', StringComparison.Ordinal))
            throw new RenderException($"The value of {{{expression}}} has a line break or another control character in it, which no header may carry. Name another value in the header.");
        if (Ascii.IsValid(value))
        {
            header.Append(value);
            return;
        }
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.IsAscii && rune.Value != '%')
                header.Append((char)rune.Value);
            else
                header.Append(Uri.EscapeDataString(rune.ToString()));
        }
    }
}
