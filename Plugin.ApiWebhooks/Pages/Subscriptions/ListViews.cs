namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>What a form must carry to show that it was meant.</summary>
public sealed record FormToken(string Name, string Value);

/// <summary>A deleted subscription that can be had back.</summary>
/// <param name="Text">That it is deleted, and until when it can be had back.</param>
/// <param name="Action">Where the form that takes it back is posted.</param>
public sealed record UndoRow(string Text, string Action);

/// <summary>A subscription in the list.</summary>
public sealed record SubscriptionRow
{
    public required string Href { get; init; }

    public required string Label { get; init; }

    public required string Dialect { get; init; }

    /// <summary>Without what may be secret.</summary>
    public required string Address { get; init; }

    public required MarkView State { get; init; }

    public string? Reason { get; init; }

    public required string Where { get; init; }

    public required string Owed { get; init; }
}

/// <summary>The list of subscriptions.</summary>
public sealed record SubscriptionListView
{
    public required StandingTexts Texts { get; init; }

    public required string Language { get; init; }

    public required FormToken Token { get; init; }

    public required IReadOnlyList<UndoRow> Deleted { get; init; }

    public string? Notice { get; init; }

    public string? Alarm { get; init; }

    public required string Filter { get; init; }

    public required IReadOnlyList<SubscriptionRow> Rows { get; init; }

    /// <summary>What to say in place of the rows, or null.</summary>
    public string? Empty { get; init; }

    /// <summary>Which rows these are; null when they are all.</summary>
    public string? Pages { get; init; }

    public string? PreviousHref { get; init; }

    public string? NextHref { get; init; }
}
