using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Templates;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// The headers of a subscription: by name a text, or an object with <c>value</c> and <c>secret</c>. A value may have expressions in it unless it is secret; a header
/// without a value is not sent.
/// </summary>
internal sealed class HeaderSet
{
    private const int Most = 50;
    private const string ContentTypeName = "content-type";

    private readonly List<KeyValuePair<string, string>> _fixed = [];
    private readonly List<(string Name, HeaderTemplate Value)> _templated = [];
    private readonly HashSet<string> _secret = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the body is said to be instead of JSON, or null.</summary>
    public string? ContentType { get; private set; }

    /// <summary>Whether values of the change go into a header.</summary>
    public bool IsTemplated => _templated.Count > 0;

    /// <summary>Those that are always the same.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fixed => _fixed;

    /// <summary>Whether a header was said to be secret.</summary>
    public bool IsSecret(string name) => _secret.Contains(name);

    /// <summary>Freezes what the headers need of a change.</summary>
    /// <exception cref="RenderException">A value cannot stand in a header.</exception>
    public void Freeze(TemplateScope scope, ref Dictionary<string, string>? values)
    {
        foreach (var (_, value) in _templated)
            value.Freeze(scope, ref values);
    }

    /// <summary>All headers of a message. One that came out empty is left out.</summary>
    public List<KeyValuePair<string, string>> Expand(IReadOnlyDictionary<string, string> values)
    {
        var headers = new List<KeyValuePair<string, string>>(_fixed);
        foreach (var (name, template) in _templated)
        {
            if (template.Expand(values) is { Length: > 0 } value)
                headers.Add(new(name, value));
        }
        return headers;
    }

    /// <summary>Reads <c>headers{}</c>.</summary>
    /// <param name="headers">The object, or what stands in its place.</param>
    /// <param name="place">Its place.</param>
    /// <param name="faults">Where faults are added; none repeats a value.</param>
    public static HeaderSet Read(JsonElement headers, string place, ICollection<PluginFault> faults)
    {
        var set = new HeaderSet();
        if (headers.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return set;
        if (headers.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new(FaultSeverity.Error, place, "headers must be an object.", "Write { \"Name\": \"value\" } or { \"Name\": { \"value\": \"…\", \"secret\": true } }."));
            return set;
        }
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in headers.EnumerateObject())
        {
            if (!names.Add(header.Name))
                faults.Add(new(FaultSeverity.Error, $"{place}.{header.Name}", $"The header {header.Name} stands there twice.", "Remove one; upper and lower case do not matter."));
            else
                set.Add(header, $"{place}.{header.Name}", faults);
        }
        if (names.Count > Most)
            faults.Add(new(FaultSeverity.Error, place, $"headers has {names.Count} entries.", $"At most {Most} are allowed."));
        return set;
    }

    private void Add(JsonProperty header, string place, ICollection<PluginFault> faults)
    {
        if (!TryReadValue(header.Value, out var value, out var isSecret))
        {
            faults.Add(new(FaultSeverity.Error, place, $"The header {header.Name} has no value that is a text.", "Write a text, or { \"value\": \"…\", \"secret\": true }."));
            return;
        }
        var isContentType = string.Equals(header.Name, ContentTypeName, StringComparison.OrdinalIgnoreCase);
        if (HeaderRules.Find(isContentType ? "X-Any" : header.Name, isSecret ? value ?? "" : "") is { } objection)
            faults.Add(new(FaultSeverity.Error, place, objection.Message, objection.Remedy));
        else if (string.IsNullOrEmpty(value))
            return;
        else if (isSecret && !isContentType)
        {
            _fixed.Add(new(header.Name, value));
            _secret.Add(header.Name);
        }
        else
            AddTemplate(header.Name, value, isContentType, place, faults);
    }

    private void AddTemplate(string name, string value, bool isContentType, string place, ICollection<PluginFault> faults)
    {
        var found = new List<TemplateFault>();
        var template = HeaderTemplate.Parse(value, found);
        foreach (var fault in found)
            faults.Add(new(FaultSeverity.Error, place, $"The value of header {name} {fault.Words}.", fault.Remedy));
        if (template is null)
            return;
        var isFixed = template.Expressions.Count == 0;
        if (isContentType && !isFixed)
            faults.Add(new(FaultSeverity.Error, place, "The header content-type has an expression in it.", "Write one media type: it decides how values are written into the body."));
        else if (isContentType)
            ContentType = template.Expand(new Dictionary<string, string>());
        else if (isFixed)
            _fixed.Add(new(name, template.Expand(new Dictionary<string, string>())));
        else
            _templated.Add((name, template));
    }

    private static bool TryReadValue(JsonElement header, out string? value, out bool isSecret)
    {
        (value, isSecret) = (null, false);
        if (header.ValueKind == JsonValueKind.String)
            value = header.GetString();
        if (header.ValueKind != JsonValueKind.Object)
            return header.ValueKind is JsonValueKind.String or JsonValueKind.Null;
        foreach (var member in header.EnumerateObject())
        {
            if (member.NameEquals("secret"u8) && member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
                isSecret = member.Value.GetBoolean();
            else if (member.NameEquals("value"u8) && member.Value.ValueKind == JsonValueKind.String)
                value = member.Value.GetString();
            else if (member.Value.ValueKind != JsonValueKind.Null)
                return false;
        }
        return true;
    }
}
