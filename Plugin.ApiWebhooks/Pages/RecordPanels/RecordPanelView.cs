using Plugin.ApiWebhooks.Pages.Buttons;

namespace Plugin.ApiWebhooks.Pages.RecordPanels;

// Public, as components and their parameters must be.

/// <summary>What the panel on a record's page shows.</summary>
public sealed record RecordPanelView
{
    public required RecordPanelTexts Texts { get; init; }

    /// <summary>The record's latest changes, newest first; null for a reader who sees presses only, and where the host does not find changes by their record.</summary>
    public IReadOnlyList<ChangeRow>? Changes { get; init; }

    /// <summary>All deliveries of the record; null for a reader who sees none.</summary>
    public string? DeliveriesHref { get; init; }

    /// <summary>The latest presses on the record, newest first.</summary>
    public required IReadOnlyList<PressRow> Presses { get; init; }

    /// <summary>All presses on the record; null when all are shown.</summary>
    public string? PressesHref { get; init; }
}

/// <summary>A change and its deliveries.</summary>
/// <param name="What">What happened, in words.</param>
/// <param name="Who">Who did it.</param>
/// <param name="At">When.</param>
/// <param name="Deliveries">Those of its deliveries that are shown, undelivered ones first.</param>
/// <param name="More">How many more there are, in words; null for none.</param>
public sealed record ChangeRow(string What, string Who, DateTimeOffset At, IReadOnlyList<ChangeDelivery> Deliveries, string? More);

/// <summary>A delivery of a change.</summary>
/// <param name="Href">Its own page.</param>
/// <param name="Subscription">The label of its subscription.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Answer">The status of the last answer, or what came in its place; null before the first attempt.</param>
public sealed record ChangeDelivery(string Href, string Subscription, MarkView State, string? Answer);
