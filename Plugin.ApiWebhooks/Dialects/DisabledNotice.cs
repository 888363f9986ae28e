namespace Plugin.ApiWebhooks.Dialects;

/// <summary>A notice of the plugin's own: a subscription was disabled because it failed. Holds no address and no secret.</summary>
internal sealed record DisabledNotice
{
    /// <summary>Its name, in the standard dialect and in the history.</summary>
    public const string Type = "webhooks.subscription.disabled";

    /// <summary>Its stable id.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was disabled (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    public required long SubscriptionId { get; init; }

    public required string Key { get; init; }

    public required string Label { get; init; }

    /// <summary>Why, for people.</summary>
    public required string Reason { get; init; }

    /// <summary>Since when every attempt failed (UTC); null when one answer was enough.</summary>
    public DateTimeOffset? FailingSince { get; init; }
}
