namespace Plugin.ApiWebhooks.Pages.Events;

// Public, as components and their parameters must be.

/// <summary>The event catalogue.</summary>
public sealed record CatalogueView
{
    public required EventTexts Texts { get; init; }

    public required string Language { get; init; }

    /// <summary>The dialects to choose from, with their addresses; the one shown alone has none.</summary>
    public required IReadOnlyList<(string Title, string? Href)> Choices { get; init; }

    public required IReadOnlyList<DialectEvents> Dialects { get; init; }
}

/// <summary>The events of a dialect.</summary>
public sealed record DialectEvents(string Name, string Title, IReadOnlyList<EventRow> Events);

/// <summary>An event.</summary>
public sealed record EventRow(string Name, string? Form, string Description, string Href);

/// <summary>One event with its schema and an example.</summary>
public sealed record EventView
{
    public required EventTexts Texts { get; init; }

    public required string Language { get; init; }

    public required EventRow Event { get; init; }

    /// <summary>All events of the dialect.</summary>
    public required PageLink Back { get; init; }

    public required IReadOnlyList<(string Name, string Value)> Headers { get; init; }

    /// <summary>The body, indented.</summary>
    public required string Body { get; init; }

    /// <summary>The keys of a hook that is sent it.</summary>
    public required string Hook { get; init; }

    public required string Schema { get; init; }

    /// <summary>Where programs read the same.</summary>
    public required string ApiHref { get; init; }
}
