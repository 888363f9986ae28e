namespace Plugin.ApiWebhooks.Pages.Overview;

// Public, as components and their parameters must be.

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
