using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>One entry of <c>hooks[]</c>.</summary>
internal sealed record HookSettings
{
    /// <summary>Stable key, unique among the hooks; deliveries are kept under it. A slug of the label.</summary>
    public required string Key { get; init; }

    /// <summary>The name that people read; unique.</summary>
    public required string Label { get; init; }

    /// <summary>The dialect's name.</summary>
    public required string Dialect { get; init; }

    /// <summary>Where events go: an absolute http or https address.</summary>
    public required string Url { get; init; }

    /// <summary>Signs every event. Null only until the settings are in force: a hook without one in the file is given a generated one.</summary>
    public WebhookSecret? Secret { get; init; }

    /// <summary>Secrets being rotated out, that sign beside <see cref="Secret"/> for a while.</summary>
    public IReadOnlyList<WebhookSecret> RetiringSecrets { get; init; } = [];

    /// <summary>Whether <see cref="Secret"/> stands in config.json; otherwise it was generated.</summary>
    public bool SecretIsConfigured { get; init; }

    /// <summary>Whether events are sent. A hook that is not enabled keeps what it is owed.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Further headers, in order, beside the dialect's own.</summary>
    public IReadOnlyList<SecretHeader> Headers { get; init; } = [];

    /// <summary>Limit of one attempt, or null for <see cref="DeliverySettings.Timeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The waits before each attempt, or null for <see cref="DeliverySettings.Schedule"/>.</summary>
    public IReadOnlyList<TimeSpan>? Schedule { get; init; }

    /// <summary>The name of the API key with which this hook's receiver calls the host, or null. Its own changes are not sent back to it.</summary>
    public string? ApiKeyName { get; init; }

    /// <summary>Whether changes made with <see cref="ApiKeyName"/> are sent all the same.</summary>
    public bool SendOwnChanges { get; init; }

    /// <summary>What the dialect made of its own keys.</summary>
    public required DialectRules Rules { get; init; }
}
