using System.Text;

namespace Plugin.ApiWebhooks.Templates;

/// <summary>
/// Reads a body's template that is a text. A text that is one expression and nothing else is that value. Else, in JSON an expression between quotes is text and
/// elsewhere a value; in XML it is text; in a form it is percent-encoded; in anything else it goes in as it is.
/// </summary>
internal static class TextTemplate
{
    /// <summary>Reads a template.</summary>
    /// <param name="text">The text. An empty one makes an empty body, also where the form is JSON.</param>
    /// <param name="form">What the body is, by its content type.</param>
    /// <param name="faults">Takes every fault found.</param>
    /// <param name="place">The template's own place, for faults.</param>
    /// <returns>The template, or null when a fault was found.</returns>
    public static BodyTemplate? Parse(string text, TemplateForm form, ICollection<TemplateFault> faults, string place = "")
    {
        var found = new List<TemplateFault>();
        // JSON means the same without blanks around it, and a text that is one expression is that value alone.
        var kept = form == TemplateForm.Json ? text.Trim() : text;
        var parts = TextParts.Read(kept, place, found, keepsBackslashes: form == TemplateForm.Json);
        var count = parts.Count(part => part.Pointer is not null);
        if (count > TemplateLimits.Expressions)
            found.Add(new TemplateFault(place, 0, $"has {count} expressions", $"At most {TemplateLimits.Expressions} are allowed."));
        var segments = form switch
        {
            TemplateForm.Json => OfJson(parts),
            TemplateForm.Xml => OfXml(parts, place, found),
            TemplateForm.UrlEncoded => parts.ConvertAll(part => ToSegment(part, Escape.Percent)),
            _ => parts.ConvertAll(part => ToSegment(part, Escape.Plain)),
        };
        var mustBeJson = form == TemplateForm.Json && found.Count == 0 && kept.Length > 0 && !IsAlwaysJson(segments, place, found);
        if (found.Count == 0)
            return BodyTemplate.Of(segments, mustBeJson);
        var cut = text.Length - (form == TemplateForm.Json ? text.TrimStart().Length : text.Length);
        foreach (var fault in found)
            faults.Add(fault.Position == 0 ? fault : fault with { Position = fault.Position + cut });
        return null;
    }

    private static List<Segment> OfJson(List<TextPart> parts)
    {
        var inText = false;
        return parts.ConvertAll(part =>
        {
            if (part.Literal is { } literal)
                inText = EndsInText(literal, inText);
            return ToSegment(part, inText ? Escape.JsonText : Escape.JsonValue);
        });
    }

    private static bool EndsInText(string literal, bool inText)
    {
        for (var i = 0; i < literal.Length; i++)
        {
            if (literal[i] == '"')
                inText = !inText;
            else if (inText && literal[i] == '\\')
                i++;
        }
        return inText;
    }

    private static List<Segment> OfXml(List<TextPart> parts, string place, List<TemplateFault> faults)
    {
        var places = new XmlPlaces();
        return parts.ConvertAll(part =>
        {
            if (part.Literal is { } literal)
                places.Read(literal);
            else if (places.Here is null)
                faults.Add(new TemplateFault(
                    place, part.Position + 1, "has an expression among the markup itself", "Put it into the text of an element or between the quotes of an attribute."));
            return ToSegment(part, places.Here ?? Escape.Xml);
        });
    }

    private static Segment ToSegment(TextPart part, Escape escape) =>
        part.Literal is null ? new Segment(null, part.Pointer, escape) : new Segment(Encoding.UTF8.GetBytes(part.Literal), null, escape);

    // With null in the place of each value it is JSON: then with every other value too, for no token can stand directly before or behind a null. Where only a text or a
    // number makes it JSON, the name of a member for example, the result is read each time; where nothing does, it is refused now.
    private static bool IsAlwaysJson(List<Segment> segments, string place, List<TemplateFault> faults)
    {
        if (JsonShape.FindError(Filled(segments, "null"u8)) is not { } error)
            return true;
        if (JsonShape.FindError(Filled(segments, "\"1\""u8)) is not null && JsonShape.FindError(Filled(segments, "1"u8)) is not null)
            faults.Add(new TemplateFault(
                place, 0, $"is no JSON whatever its expressions are: {error.TrimEnd('.')}", "Mend it, or add a header content-type that says what the body is, such as text/plain."));
        return false;
    }

    private static byte[] Filled(List<Segment> segments, ReadOnlySpan<byte> value)
    {
        using var filled = new MemoryStream();
        foreach (var segment in segments)
            filled.Write(segment.Literal ?? (segment.Escape == Escape.JsonValue ? value : []));
        return filled.ToArray();
    }
}
