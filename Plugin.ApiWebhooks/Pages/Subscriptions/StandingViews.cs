namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>What a subscription signs with from now on; shown once.</summary>
/// <param name="Secret">The secret, or null.</param>
/// <param name="PublicKey">The public half of a key pair, or null.</param>
/// <param name="FormerUntil">Until when the former one signs beside it; null when there is none.</param>
public sealed record ShownSecret(string? Secret, string? PublicKey, DateTimeOffset? FormerUntil);

/// <summary>The page of one subscription.</summary>
public sealed record StandingView
{
    public required StandingTexts Texts { get; init; }

    public required string Language { get; init; }

    public required FormToken Token { get; init; }

    public required string Title { get; init; }

    /// <summary>Its address; those of its actions begin with it.</summary>
    public required string Href { get; init; }

    public required MarkView State { get; init; }

    public required string Dialect { get; init; }

    public required string Address { get; init; }

    /// <summary>Where it is configured.</summary>
    public required string Where { get; init; }

    public string? Notice { get; init; }

    public string? Alarm { get; init; }

    public ShownSecret? Secret { get; init; }

    /// <summary>Why it is in its state, or null.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>What is held, what was given up, and what to do, one sentence each.</summary>
    public required IReadOnlyList<string> Standing { get; init; }

    /// <summary>The faults for which its settings are refused.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Leads to a replay of what was given up; null when nothing was.</summary>
    public string? ReplayFailedHref { get; init; }

    public bool CanPause { get; init; }

    public bool CanResume { get; init; }

    /// <summary>Whether it must be decided what becomes of what is held.</summary>
    public bool HasHeld { get; init; }

    /// <summary>Whether what is held may stay held.</summary>
    public bool CanKeep { get; init; }

    /// <summary>What rotating does; null where there is nothing to rotate.</summary>
    public string? RotateHint { get; init; }

    /// <summary>Whether its secret stands in its settings.</summary>
    public bool SecretInSettings { get; init; }

    /// <summary>How it is changed in config.json; null for a stored one.</summary>
    public string? FileHint { get; init; }

    /// <summary>Where it is looked at and tried.</summary>
    public required IReadOnlyList<PageLink> Links { get; init; }

    public string? EditHref { get; init; }

    public string? DuplicateHref { get; init; }

    public string? DeleteHref { get; init; }

    public required IReadOnlyList<(string Name, string Value)> Facts { get; init; }

    /// <summary>The settings as JSON, stars for secrets; null when it has none any more.</summary>
    public string? Settings { get; init; }
}
