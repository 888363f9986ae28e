using System.Buffers;
using System.Text;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Templates;

/// <summary>
/// An address with expressions in its path or query. Each value is percent-encoded whole, but for letters, digits and <c>-._~</c>, and no segment may become empty,
/// <c>.</c> or <c>..</c> by it: no value changes whom the address names, or how many segments its path has.
/// </summary>
internal sealed class UrlTemplate
{
    private static readonly SearchValues<char> AfterAuthority = SearchValues.Create("/?#");

    private readonly List<TextPart> _parts;

    // Those that the template has itself: the one before the first slash, a last one, and any between two slashes.
    private readonly int _emptySegments;

    private UrlTemplate(List<TextPart> parts)
    {
        _parts = parts;
        Expressions = [.. parts.Select(part => part.Pointer?.Text).OfType<string>().Distinct(StringComparer.Ordinal)];
        _emptySegments = Expressions.Count == 0 ? 0 : CountEmptySegments(WithWords());
    }

    /// <summary>The pointers it asks for, each once, in their order; none for an address that is always the same.</summary>
    public IReadOnlyList<string> Expressions { get; }

    /// <summary>Reads an address.</summary>
    /// <param name="url">The address, which need not have expressions.</param>
    /// <param name="faults">Takes every fault of its expressions; what else an address must be is <see cref="Check"/>'s.</param>
    /// <param name="place">Its own place, for faults.</param>
    /// <returns>The template, or null when a fault was found.</returns>
    public static UrlTemplate? Parse(string url, ICollection<TemplateFault> faults, string place = "")
    {
        var found = new List<TemplateFault>();
        var parts = TextParts.Read(url, place, found);
        if (parts.FindIndex(part => part.Pointer is not null) is var first and >= 0 && !IsBehindAuthority(parts[..first]))
        {
            found.Add(new TemplateFault(
                place, parts[first].Position + 1, "has an expression before the path begins", "Write scheme, host and port as they are: https://cms.example.org/hooks/{/resource/sys/id}"));
        }
        var count = parts.Count(part => part.Pointer is not null);
        if (count > TemplateLimits.Expressions)
            found.Add(new TemplateFault(place, 0, $"has {count} expressions", $"At most {TemplateLimits.Expressions} are allowed."));
        foreach (var fault in found)
            faults.Add(fault);
        return found.Count == 0 ? new UrlTemplate(parts) : null;
    }

    /// <summary>What is wrong with an address that may have expressions, or null: their own faults, and what <see cref="AddressRules"/> finds with a word for each of them.</summary>
    public static (string What, string Remedy)? Check(string url)
    {
        var faults = new List<TemplateFault>();
        if (Parse(url, faults) is not { } template)
            return (faults[0].Words, faults[0].Remedy);
        var filled = template.WithWords();
        if (AddressRules.Find(filled) is { } objection)
            return objection;
        return template.Expressions.Count > 0 && template.FindObjection(filled) is not null
            ? ("has a segment . or .. in its path", "Write the path that is meant.")
            : null;
    }

    /// <summary>Freezes the values it names, and sees to it that the address can be made of them.</summary>
    /// <param name="scope">What the expressions may name.</param>
    /// <param name="values">Takes the values.</param>
    /// <exception cref="RenderException">A value is missing, or the address would be another one than was meant.</exception>
    public void Freeze(TemplateScope scope, ref Dictionary<string, string>? values)
    {
        if (Expressions.Count == 0)
            return;
        foreach (var part in _parts)
        {
            if (part.Pointer is { } pointer && FrozenValues.Freeze(ref values, pointer, scope) is null)
                throw Missing(pointer.Text);
        }
        Expand(values!);
    }

    /// <summary>The address with the values in it.</summary>
    /// <param name="values">What <see cref="Freeze"/> collected.</param>
    /// <exception cref="RenderException">A value is missing, or the address would be another one than was meant.</exception>
    public string Expand(IReadOnlyDictionary<string, string> values)
    {
        var url = new StringBuilder();
        foreach (var part in _parts)
        {
            if (part.Literal is not null)
                url.Append(part.Literal);
            else if (values.TryGetValue(part.Pointer!.Text, out var value))
                url.Append(Uri.EscapeDataString(value));
            else
                throw Missing(part.Pointer.Text);
        }
        var expanded = url.ToString();
        return Expressions.Count > 0 && FindObjection(expanded) is { } objection ? throw new RenderException(objection) : expanded;
    }

    // What would make the expanded address another one than was meant, or null.
    private string? FindObjection(string url)
    {
        if (url.Length > TemplateLimits.AddressCharacters)
            return $"The address made of the template is {url.Length} characters long; {TemplateLimits.AddressCharacters} are the most. Name shorter values in it.";
        var path = PathOf(url);
        var empty = 0;
        foreach (var range in path.SplitAny('/', '\\'))
        {
            var segment = path[range];
            if (segment.Length == 0 && ++empty > _emptySegments)
                return $"A segment of the address's path would be empty by the value of {Names()}. Name a value that is never empty.";
            // Of at most "%2e%2e".
            if (segment.Length <= 6 && Unescaped(segment) is "." or "..")
                return $"A segment of the address's path would be \"{Unescaped(segment)}\", which names another place, by the value of {Names()}. Name another value.";
        }
        return null;
    }

    private static ReadOnlySpan<char> PathOf(string url)
    {
        var behindScheme = url.AsSpan(url.IndexOf("//", StringComparison.Ordinal) + 2);
        var path = behindScheme[behindScheme.IndexOfAny(AfterAuthority)..];
        return path.IndexOfAny('?', '#') is var end and >= 0 ? path[..end] : path;
    }

    private static int CountEmptySegments(string url)
    {
        var path = PathOf(url);
        var count = 0;
        foreach (var range in path.SplitAny('/', '\\'))
            count += path[range].Length == 0 ? 1 : 0;
        return count;
    }

    private string WithWords() => string.Concat(_parts.Select(part => part.Literal ?? "value"));

    private string Names() => string.Join(" or ", Expressions.Select(expression => $"{{{expression}}}"));

    // Programs that tidy addresses read %2e as a dot.
    private static string Unescaped(ReadOnlySpan<char> segment) => segment.ToString().Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);

    private static bool IsBehindAuthority(List<TextPart> before)
    {
        var text = string.Concat(before.Select(part => part.Literal));
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && text.AsSpan(scheme + 3).IndexOfAny(AfterAuthority) > 0;
    }

    private static RenderException Missing(string expression) =>
        new($"The address names {{{expression}}}, and this change has no such value. Name a value that every change has, or narrow down what the hook receives.");
}
