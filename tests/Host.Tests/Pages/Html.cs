using System.Net;
using System.Text.RegularExpressions;

namespace Host.Tests.Pages;

/// <summary>
/// Reads the HTML that the host draws: elements with attributes, forms with what a browser would send. No general parser: the host's own
/// markup closes its elements and quotes its attributes.
/// </summary>
internal sealed partial class Html
{
    private readonly List<Element> _elements;

    public Html(string source)
    {
        Source = source;
        _elements = [.. Tag().Matches(source).Where(match => match.Groups["close"].Length == 0).Select(ReadElement)];
    }

    public string Source { get; }

    /// <summary>What a reader sees: tags out, entities decoded, white space run together.</summary>
    public string Text => TextOf(Source);

    public IEnumerable<Element> All(string name) => _elements.Where(element => element.Name == name);

    public Element? Find(string name, string attribute, string value) =>
        All(name).FirstOrDefault(element => element.Attribute(attribute) == value);

    /// <summary>The form with an id, or the one that posts to a path, or, failing that, gets it.</summary>
    public HtmlForm Form(string idOrAction)
    {
        var form = All("form")
            .Where(one => one.Attribute("id") == idOrAction || one.Attribute("action") == idOrAction)
            .OrderByDescending(one => one.Attribute("method") == "post")
            .FirstOrDefault();
        Assert.True(form is not null, $"No form '{idOrAction}' in: {Text}");
        var end = Source.IndexOf("</form>", form.Start, StringComparison.Ordinal);
        return new HtmlForm(form, [.. _elements.Where(element => Belongs(element, form, end))]);
    }

    /// <summary>The first element with a class, with everything in it up to its next closing tag of the same name at the same depth.</summary>
    public string? InnerOf(string className)
    {
        var element = _elements.FirstOrDefault(one => one.Classes.Contains(className));
        return element is null ? null : element.Inner;
    }

    public static string TextOf(string html) =>
        Spaces().Replace(WebUtility.HtmlDecode(AnyTag().Replace(NotShown().Replace(html, " "), " ")), " ").Trim();

    private static bool Belongs(Element element, Element form, int end) =>
        element.Attribute("form") is { } owner ? owner == form.Attribute("id") : element.Start > form.Start && element.Start < end;

    private Element ReadElement(Match match)
    {
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match attribute in Attribute().Matches(match.Groups["attributes"].Value))
            attributes[attribute.Groups["name"].Value] = WebUtility.HtmlDecode(attribute.Groups["value"].Value);
        var name = match.Groups["name"].Value.ToLowerInvariant();
        return new Element(name, attributes, match.Index, InnerAfter(name, match.Index + match.Length));
    }

    private string InnerAfter(string name, int start)
    {
        if (name is "input" or "link" or "meta" or "img" or "br" or "hr")
            return "";
        var depth = 1;
        foreach (Match tag in Regex.Matches(Source[start..], $@"<(/?){name}\b"))
        {
            depth += tag.Groups[1].Length == 0 ? 1 : -1;
            if (depth == 0)
                return Source.Substring(start, tag.Index);
        }

        return "";
    }

    [GeneratedRegex("""<(?<close>/?)(?<name>[a-zA-Z][a-zA-Z0-9]*)(?<attributes>(?:\s+[^\s=>"'/]+(?:="[^"]*")?)*)\s*/?>""")]
    private static partial Regex Tag();

    [GeneratedRegex("""(?<name>[^\s=>"'/]+)(?:="(?<value>[^"]*)")?""")]
    private static partial Regex Attribute();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex AnyTag();

    [GeneratedRegex("<(head|script|style|svg)\\b.*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex NotShown();

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}

/// <summary>An element of a page.</summary>
internal sealed record Element(string Name, IReadOnlyDictionary<string, string> Attributes, int Start, string Inner)
{
    public string Text => Html.TextOf(Inner);

    public IReadOnlyList<string> Classes => (Attribute("class") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public string? Attribute(string name) => Attributes.GetValueOrDefault(name);

    public bool Has(string name) => Attributes.ContainsKey(name);
}

/// <summary>A form as a person fills it in.</summary>
internal sealed class HtmlForm
{
    private readonly List<KeyValuePair<string, string>> _values = [];

    public HtmlForm(Element form, IReadOnlyList<Element> elements)
    {
        Action = form.Attribute("action")!;
        Buttons = [.. elements.Where(element => element.Name == "button")];
        foreach (var element in elements)
        {
            if (element.Attribute("name") is not { } name)
                continue;
            if (element.Name == "input" && (element.Attribute("type") is not ("checkbox" or "radio") || element.Has("checked")))
                _values.Add(new(name, element.Attribute("value") ?? (element.Attribute("type") is "checkbox" or "radio" ? "on" : "")));
            else if (element.Name == "textarea")
                _values.Add(new(name, WithoutFirstBreak(WebUtility.HtmlDecode(element.Inner))));
            else if (element.Name == "select")
                _values.Add(new(name, Selected(element)));
        }
    }

    public string Action { get; }

    public IReadOnlyList<Element> Buttons { get; }

    /// <summary>What a browser would send, without a button.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Values => _values;

    public string? this[string name]
    {
        get => _values.Where(entry => entry.Key == name).Select(entry => entry.Value).LastOrDefault();
        set
        {
            var at = _values.FindIndex(entry => entry.Key == name);
            _values.RemoveAll(entry => entry.Key == name);
            if (value is not null)
                _values.Insert(at < 0 ? _values.Count : Math.Min(at, _values.Count), new(name, value));
        }
    }

    /// <summary>The button that says something.</summary>
    public Element Button(string text) => Buttons.First(button => button.Text.Contains(text, StringComparison.Ordinal) && button.Attribute("tabindex") != "-1");

    private static string Selected(Element select)
    {
        var options = new Html(select.Inner).All("option").ToList();
        return (options.FirstOrDefault(option => option.Has("selected")) ?? options.FirstOrDefault())?.Attribute("value") ?? "";
    }

    private static string WithoutFirstBreak(string text) => text.StartsWith('\n') ? text[1..] : text;
}
