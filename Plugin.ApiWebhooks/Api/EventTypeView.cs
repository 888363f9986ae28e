using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Dialects.Standard;

namespace Plugin.ApiWebhooks.Api;

/// <summary>The event catalogue for the management API.</summary>
internal sealed record EventTypeList(IReadOnlyList<EventTypeView> EventTypes);

/// <summary>An event that a dialect can send.</summary>
internal sealed record EventTypeView
{
    public required string Dialect { get; init; }

    public required string Name { get; init; }

    /// <summary>Tells bodies of one event apart that look different; null for the usual one.</summary>
    public string? Form { get; init; }

    public required string Description { get; init; }

    /// <summary>The change it tells of, by its name in the standard dialect; null for a notice of the plugin itself.</summary>
    public string? Change { get; init; }

    /// <summary>Where schema and example are.</summary>
    public required string Url { get; init; }

    /// <summary>The dialect's own keys of a hook that is sent this event.</summary>
    public required JsonNode Hook { get; init; }

    /// <summary>The JSON Schema of the body; only where one event is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Schema { get; init; }

    /// <summary>An example of what is sent; only where one event is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RequestView? Example { get; init; }

    public static EventTypeView From(CatalogueEntry entry) => new()
    {
        Dialect = entry.Dialect,
        Name = entry.Event.Name,
        Form = entry.Event.Form,
        Description = entry.Event.Description,
        Change = entry.Event.Kind is { } kind ? StandardEvents.Of(kind) : null,
        Url = UrlOf(entry),
        Hook = JsonNode.Parse(entry.Event.Hook)!,
    };

    public static EventTypeView WholeFrom(CatalogueEntry entry) => From(entry) with { Schema = entry.Schema, Example = RequestView.From(entry.Example) };

    /// <summary>Where an entry is read by programs.</summary>
    public static string UrlOf(CatalogueEntry entry) =>
        $"{ManagementApi.Root}/event-types/{entry.Dialect}/{string.Join('/', entry.Event.Name.Split('/').Select(Uri.EscapeDataString))}"
        + (entry.Event.Form is { } form ? $"?form={Uri.EscapeDataString(form)}" : "");
}

/// <summary>A request as it is sent.</summary>
internal sealed record RequestView(string Method, IReadOnlyList<HeaderView> Headers, string Body)
{
    /// <summary>Where it goes; left out in the catalogue.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    public static RequestView From(ExampleRequest request) =>
        new(request.Method, [.. request.Headers.Select(header => new HeaderView(header.Key, header.Value))], request.Body);
}

/// <summary>A header.</summary>
internal sealed record HeaderView(string Name, string Value);
