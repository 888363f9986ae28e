namespace Plugin.ApiWebhooks.Pages.Replays;

// Public, as components and their parameters must be.

/// <summary>A replay as pages show it.</summary>
public sealed record ReplayRow
{
    public required long Id { get; init; }

    public required string Href { get; init; }

    public required string Subscription { get; init; }

    /// <summary>What it replays, in words.</summary>
    public required string Which { get; init; }

    /// <summary>Of which window, in words.</summary>
    public required string Window { get; init; }

    public required MarkView State { get; init; }

    public required bool IsRunning { get; init; }

    /// <summary>Whether it only counts.</summary>
    public required bool IsCount { get; init; }

    /// <summary>From 0 to 100.</summary>
    public required int Percent { get; init; }

    public required ReplayNumbers Numbers { get; init; }

    /// <summary>Why it stands still, or null.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>What it could not do.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who asked for it; in words when it was nobody.</summary>
    public required string CreatedBy { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>What a replay did so far, or would do.</summary>
public sealed record ReplayNumbers(string Seen, string Owed, string Skipped, string Refused);

/// <summary>The list of replays.</summary>
public sealed record ReplayListView
{
    public required ReplayTexts Texts { get; init; }

    public required string Language { get; init; }

    public required RunningView Running { get; init; }

    /// <summary>Those that are over, newest first.</summary>
    public required IReadOnlyList<ReplayRow> Ended { get; init; }

    public string? OlderHref { get; init; }

    public string? NewestHref { get; init; }
}

/// <summary>The replays that run, as a part that is drawn anew while they do.</summary>
public sealed record RunningView(ReplayTexts Texts, IReadOnlyList<ReplayRow> Replays);

/// <summary>How far one replay is, as a part that is drawn anew while it runs.</summary>
public sealed record ProgressView(ReplayTexts Texts, ReplayRow Replay);

/// <summary>One replay.</summary>
public sealed record ReplayPageView
{
    public required ReplayTexts Texts { get; init; }

    public required string Language { get; init; }

    public required ReplayRow Replay { get; init; }

    public required FormToken Token { get; init; }

    /// <summary>The deliveries of its subscription.</summary>
    public required string DeliveriesHref { get; init; }

    /// <summary>The form, filled in with the same window and kind.</summary>
    public required string AgainHref { get; init; }

    /// <summary>What must be known first, or null.</summary>
    public string? Alarm { get; init; }
}

/// <summary>The antiforgery field of a form.</summary>
public sealed record FormToken(string Name, string Value);

/// <summary>The form of a new replay.</summary>
public sealed record NewReplayView
{
    public required ReplayTexts Texts { get; init; }

    public required string Language { get; init; }

    public required FormToken Token { get; init; }

    /// <summary>The subscriptions to choose from, by number and words.</summary>
    public required IReadOnlyList<(string Id, string Words)> Subscriptions { get; init; }

    public required ReplayForm Form { get; init; }

    /// <summary>What is wrong, by the name of the field.</summary>
    public required IReadOnlyDictionary<string, string> Faults { get; init; }

    /// <summary>What was counted for this form; null before.</summary>
    public ReplayRow? Count { get; init; }

    /// <summary>What must be known first, or null.</summary>
    public string? Alarm { get; init; }
}
