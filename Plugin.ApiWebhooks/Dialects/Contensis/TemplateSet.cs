using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Templates;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// The templates of a subscription. Their keys are <c>{resourceType}</c> or <c>{resourceType}.{contentTypeId}</c>; the one with the content type goes before the
/// other, and where neither is there the default body is sent. An empty text is an empty body.
/// </summary>
internal sealed class TemplateSet
{
    private readonly List<(string ResourceType, string? ContentTypeId, BodyTemplate? Body)> _templates = [];

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _templates.Count == 0;

    /// <summary>The template for a resource.</summary>
    /// <param name="resourceType">Its type.</param>
    /// <param name="contentTypeId">Its content type, or null.</param>
    /// <param name="body">The template; null for an empty body.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryFind(string resourceType, string? contentTypeId, out BodyTemplate? body)
    {
        body = null;
        var found = false;
        foreach (var template in _templates)
        {
            if (!Same(template.ResourceType, resourceType) || template.ContentTypeId is not null && !Same(template.ContentTypeId, contentTypeId))
                continue;
            (body, found) = (template.Body, true);
            if (template.ContentTypeId is not null)
                break;
        }
        return found;
    }

    /// <summary>Whether every resource of a type has an empty body.</summary>
    public bool IsEmptyFor(string resourceType)
    {
        var ofType = _templates.Where(template => Same(template.ResourceType, resourceType)).ToList();
        return ofType.Exists(template => template.ContentTypeId is null) && ofType.TrueForAll(template => template.Body is null);
    }

    /// <summary>Reads <c>templates{}</c>.</summary>
    /// <param name="templates">The object, or what stands in its place.</param>
    /// <param name="form">What a template that is a text makes, by the subscription's content type.</param>
    /// <param name="place">Its place.</param>
    /// <param name="faults">Where faults are added.</param>
    public static TemplateSet Read(JsonElement templates, TemplateForm form, string place, ICollection<PluginFault> faults)
    {
        var set = new TemplateSet();
        if (templates.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return set;
        if (templates.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new(FaultSeverity.Error, place, "templates must be an object.", "Write { \"entry\": { … } } or { \"entry.news\": \"…\" }."));
            return set;
        }
        foreach (var template in templates.EnumerateObject())
            set.Add(template, form, $"{place}.{template.Name}", faults);
        return set;
    }

    private void Add(JsonProperty template, TemplateForm form, string place, ICollection<PluginFault> faults)
    {
        if (Split(template.Name) is not { } key)
        {
            faults.Add(new(
                FaultSeverity.Error,
                place,
                $"\"{template.Name}\" names no resource type.",
                $"Write a resource type, or one with a content type such as entry.news. Resource types: {string.Join(", ", ContensisEvents.ResourceTypes)}."));
            return;
        }
        var found = new List<TemplateFault>();
        BodyTemplate? body = null;
        switch (template.Value.ValueKind)
        {
            case JsonValueKind.Null:
                return;
            case JsonValueKind.Object or JsonValueKind.Array:
                body = ObjectTemplate.Parse(template.Value, found);
                break;
            case JsonValueKind.String when template.Value.GetString() is { Length: > 0 } text:
                body = TextTemplate.Parse(text, form, found);
                break;
            case JsonValueKind.String:
                break;
            default:
                faults.Add(new(FaultSeverity.Error, place, "A template is an object, an array or a text.", "Write { … }, or a text in quotes."));
                return;
        }
        foreach (var fault in found)
            faults.Add(new(FaultSeverity.Error, fault.Place.Length == 0 ? place : $"{place}.{KeyPath.Of(fault.Place)}", $"The template {fault.Words}.", fault.Remedy));
        _templates.Add((key.ResourceType, key.ContentTypeId, body));
    }

    // The resource type comment.entry has a full stop of its own: the longest type that fits is meant.
    private static (string ResourceType, string? ContentTypeId)? Split(string key)
    {
        foreach (var type in ContensisEvents.ResourceTypes.OrderByDescending(type => type.Length))
        {
            if (Same(key, type))
                return (type, null);
            if (key.Length > type.Length + 1 && key[type.Length] == '.' && key.StartsWith(type, StringComparison.OrdinalIgnoreCase))
                return (type, key[(type.Length + 1)..]);
        }
        return null;
    }

    private static bool Same(string one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
