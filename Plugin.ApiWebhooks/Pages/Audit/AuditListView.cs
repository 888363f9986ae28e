namespace Plugin.ApiWebhooks.Pages.Audit;

// Public, as components and their parameters must be.

/// <summary>The audit page.</summary>
public sealed record AuditListView
{
    public required AuditTexts Texts { get; init; }

    public required string Language { get; init; }

    public required string Lead { get; init; }

    /// <summary>Who may be chosen.</summary>
    public required IReadOnlyList<string> Users { get; init; }

    /// <summary>The acts to choose from, name and words.</summary>
    public required IReadOnlyList<(string Name, string Words)> Acts { get; init; }

    public required string User { get; init; }

    public required string Act { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<AuditRow> Rows { get; init; }

    /// <summary>What to say when there is no row, else null.</summary>
    public string? Empty { get; init; }

    /// <summary>Where older entries are, or null.</summary>
    public string? OlderHref { get; init; }

    /// <summary>Where the newest entries are; null when they are shown.</summary>
    public string? NewestHref { get; init; }

    public bool IsFiltered => User.Length + Act.Length + Text.Length > 0;
}

/// <summary>One entry.</summary>
public sealed record AuditRow(DateTimeOffset At, string User, string? Key, string Act, string Kind, string Name, string? Href, string? Owner, string? Detail);
