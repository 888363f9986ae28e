namespace Plugin.ApiWebhooks.Templates;

/// <summary>How a value is written, by where it stands.</summary>
internal enum Escape
{
    /// <summary>As a JSON value with its type; what is missing is <c>null</c>.</summary>
    JsonValue,

    /// <summary>Inside the quotes of a JSON text; what is missing is nothing.</summary>
    JsonText,

    /// <summary>In the text or in an attribute's quotes of an XML or HTML document.</summary>
    Xml,

    /// <summary>In a CDATA section of an XML document.</summary>
    XmlCdata,

    /// <summary>In a form or an address: percent-encoded, but for letters, digits and <c>-._~</c>.</summary>
    Percent,

    /// <summary>As it is.</summary>
    Plain,
}

/// <summary>The kind of text a body is, by its media type.</summary>
internal enum TemplateForm
{
    /// <summary>JSON: the result is always JSON, or no message is sent.</summary>
    Json,

    /// <summary>XML, and HTML.</summary>
    Xml,

    /// <summary><c>application/x-www-form-urlencoded</c>.</summary>
    UrlEncoded,

    /// <summary>Anything else: values go in as they are.</summary>
    Plain,
}

/// <summary>Which form a media type has.</summary>
internal static class TemplateForms
{
    /// <summary>The form of a content type; JSON when there is none.</summary>
    public static TemplateForm Of(string? contentType)
    {
        var media = contentType is null ? "" : contentType.Split(';')[0].Trim();
        if (media.Length == 0 || Is(media, "application/json", "text/json") || Ends(media, "+json"))
            return TemplateForm.Json;
        if (Is(media, "application/xml", "text/xml", "text/html") || Ends(media, "+xml"))
            return TemplateForm.Xml;
        return Is(media, "application/x-www-form-urlencoded") ? TemplateForm.UrlEncoded : TemplateForm.Plain;
    }

    private static bool Is(string media, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (string.Equals(media, name, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private static bool Ends(string media, string suffix) => media.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);
}
