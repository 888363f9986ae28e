using Dam.Hosting;

namespace Plugin.ApiWebhooks.Pages.Overview;

// Public, as components and their parameters must be.

/// <summary>Everything the overview page shows, in words, read before it is drawn.</summary>
public sealed record OverviewView
{
    public required PageTexts Texts { get; init; }

    /// <summary>The page's language.</summary>
    public required string Language { get; init; }

    /// <summary>Where config.json lies.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>What an administrator must know first, or null.</summary>
    public string? Alarm { get; init; }

    /// <summary>Subscriptions that were disabled because they failed, in a sentence each.</summary>
    public IReadOnlyList<string> Disabled { get; init; } = [];

    public required IReadOnlyList<PluginFault> Faults { get; init; }

    public required IReadOnlyList<ButtonRow> Buttons { get; init; }

    public required IReadOnlyList<SubscriptionRow> Subscriptions { get; init; }

    /// <summary>The latest presses, newest first.</summary>
    public required IReadOnlyList<PressRow> Presses { get; init; }

    /// <summary>The latest deliveries, newest first.</summary>
    public required IReadOnlyList<DeliveryRow> Deliveries { get; init; }

    /// <summary>The words of the link to a new subscription.</summary>
    public required string NewSubscription { get; init; }

    /// <summary>The words of the link to the event catalogue.</summary>
    public required string Events { get; init; }
}

/// <summary>A configured button.</summary>
public sealed record ButtonRow(string Label, string Key, string Address, IReadOnlyList<string> ForWhom, IReadOnlyList<MarkView> Marks);

/// <summary>A subscription and what it is owed.</summary>
public sealed record SubscriptionRow
{
    public required string Label { get; init; }

    public required string Key { get; init; }

    /// <summary>Its own page.</summary>
    public required string Href { get; init; }

    /// <summary>Where it is configured, or whose it is.</summary>
    public required string Source { get; init; }

    public required string Dialect { get; init; }

    public required string Address { get; init; }

    /// <summary>With which the receiver checks <c>v1a</c> signatures.</summary>
    public required IReadOnlyList<string> PublicKeys { get; init; }

    public required MarkView State { get; init; }

    public string? Reason { get; init; }

    /// <summary>How many deliveries are held, and what to do about it; null for none.</summary>
    public string? Held { get; init; }

    public required string Owed { get; init; }

    public required string Delivered { get; init; }

    public required string GivenUp { get; init; }

    public DateTimeOffset? OldestOwedAt { get; init; }
}

/// <summary>A press.</summary>
public sealed record PressRow
{
    public required DateTimeOffset At { get; init; }

    public required string Button { get; init; }

    public required string RecordId { get; init; }

    public required string User { get; init; }

    public required MarkView State { get; init; }

    /// <summary>Status and reason phrase of the answer; empty when none came.</summary>
    public required string Answer { get; init; }

    public string? Duration { get; init; }

    /// <summary>What the target said, or what went wrong.</summary>
    public string? Words { get; init; }
}

/// <summary>A delivery.</summary>
public sealed record DeliveryRow
{
    public required DateTimeOffset At { get; init; }

    public required string Event { get; init; }

    public string? RecordId { get; init; }

    public required string Subscription { get; init; }

    public required MarkView State { get; init; }

    public required string Attempts { get; init; }

    /// <summary>Status of the last answer, or what came in its place; null before the first attempt.</summary>
    public string? Answer { get; init; }

    public string? Duration { get; init; }

    /// <summary>What exactly went wrong.</summary>
    public string? Words { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }
}
