using System.Text;

namespace Plugin.ApiWebhooks.Templates;

/// <summary>A piece of a template's text: literal text, or an expression.</summary>
/// <param name="Literal">The text, or null for an expression.</param>
/// <param name="Pointer">The expression, or null for a text.</param>
/// <param name="Position">Where it begins in the template, 0 for the first character.</param>
internal readonly record struct TextPart(string? Literal, Pointer? Pointer, int Position);

/// <summary>
/// Takes a template's text apart. An opening brace and a slash, with blanks or tabs between them, begin an expression; a backslash before them makes them literal, and
/// of two backslashes one remains. Every other brace is literal, so that JSON needs no escapes, but for two opening braces, which belong to another language.
/// </summary>
internal static class TextParts
{
    /// <summary>Takes a text apart.</summary>
    /// <param name="text">The template.</param>
    /// <param name="place">Its place, for faults.</param>
    /// <param name="faults">Takes every fault found.</param>
    /// <param name="keepsBackslashes">Whether pairs of backslashes stay as they are, because the text is JSON, where they are pairs already.</param>
    public static List<TextPart> Read(string text, string place, ICollection<TemplateFault> faults, bool keepsBackslashes = false)
    {
        var parts = new List<TextPart>();
        if (text.Length > TemplateLimits.Characters)
        {
            faults.Add(new TemplateFault(place, 0, $"is {text.Length} characters long", $"At most {TemplateLimits.Characters} are allowed."));
            return parts;
        }
        var literal = new StringBuilder();
        var literalAt = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '{' || !IsTrigger(text, i))
            {
                literal.Append(text[i]);
                continue;
            }
            var backslashes = CountBackslashes(text, i, literal.Length);
            if (backslashes > 0)
                literal.Length -= keepsBackslashes ? backslashes % 2 : backslashes - (backslashes / 2);
            if (backslashes % 2 == 1)
            {
                // Of two braces both are meant.
                literal.Append('{');
                if (text[i + 1] == '{')
                    literal.Append(text[++i]);
                continue;
            }
            AddLiteral(parts, literal, literalAt);
            i = ReadExpression(text, i, place, parts, faults);
            literalAt = i + 1;
        }
        AddLiteral(parts, literal, literalAt);
        return parts;
    }

    private static void AddLiteral(List<TextPart> parts, StringBuilder literal, int at)
    {
        if (literal.Length > 0)
            parts.Add(new TextPart(literal.ToString(), null, at));
        literal.Clear();
    }

    private static bool IsTrigger(string text, int brace)
    {
        var next = SkipBlanks(text, brace + 1);
        return next < text.Length && (text[next] == '/' || (next == brace + 1 && text[next] == '{'));
    }

    // Those that an expression before them ended are not counted twice: they are not in the literal.
    private static int CountBackslashes(string text, int brace, int most)
    {
        var count = 0;
        while (count < most && text[brace - count - 1] == '\\')
            count++;
        return count;
    }

    // Returns the index of the last character that was read.
    private static int ReadExpression(string text, int brace, string place, List<TextPart> parts, ICollection<TemplateFault> faults)
    {
        if (text[brace + 1] == '{')
        {
            faults.Add(new TemplateFault(
                place, brace + 1, "has {{, which begins an expression of another template language",
                "Write the path of a value such as {/resource/sys/id}, or \\{{ where the braces are meant as they stand."));
            return brace + 1;
        }
        var begin = SkipBlanks(text, brace + 1);
        var end = text.AsSpan(begin).IndexOfAny('{', '}');
        if (end < 0 || text[begin + end] == '{')
        {
            faults.Add(new TemplateFault(
                place, brace + 1, "has an expression that is not closed", "Add the closing brace }, or write \\{/ where the braces are meant as they stand."));
            return end < 0 ? text.Length - 1 : begin + end - 1;
        }
        var pointer = Pointer.Read(text.Substring(begin, end).TrimEnd(' ', '\t'), out var fault);
        if (fault is { } found)
            faults.Add(new TemplateFault(place, brace + 1, found.What, found.Remedy));
        // A faulty one is remembered by its place alone, so that what follows is checked as if it were mended.
        parts.Add(new TextPart(null, pointer ?? Faulty, brace));
        return begin + end;
    }

    private static Pointer Faulty { get; } = Pointer.Read("/resource", out _)!;

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
            at++;
        return at;
    }
}
