namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>What a hook is tried with.</summary>
/// <param name="Event">The event that was chosen, or empty.</param>
/// <param name="Record">The record as it was typed.</param>
/// <param name="Events">The dialect's events.</param>
/// <param name="Records">The latest records, by number, with their titles.</param>
public sealed record TrialChoice(string Event, string Record, IReadOnlyList<string> Events, IReadOnlyList<(long Id, string Title)> Records);

/// <summary>A request that is shown, and what came of it where it was sent.</summary>
public sealed record ShownTrial
{
    public required TrialTexts Texts { get; init; }

    /// <summary>Why there is nothing to show; null when there is.</summary>
    public string? Refusal { get; init; }

    public string Event { get; init; } = "";

    /// <summary>What is to be known of it, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public string Method { get; init; } = "";

    public string Url { get; init; } = "";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public string Body { get; init; } = "";

    /// <summary>What came of sending it; null when it was not sent.</summary>
    public ShownAnswer? Answer { get; init; }
}

/// <summary>What came of sending a message.</summary>
public sealed record ShownAnswer
{
    public required MarkView Mark { get; init; }

    /// <summary>The status and its phrase; null when no answer came.</summary>
    public string? Status { get; init; }

    public required string Duration { get; init; }

    /// <summary>What went wrong, and what to do; null when nothing did.</summary>
    public string? Detail { get; init; }

    public string? Advice { get; init; }

    public required IReadOnlyList<(string Name, string Value)> Headers { get; init; }

    public required string Body { get; init; }

    public required bool IsCut { get; init; }
}

/// <summary>The page on which a test is sent.</summary>
public sealed record TestPageView
{
    public required TrialTexts Texts { get; init; }

    public required string Language { get; init; }

    public required FormToken Token { get; init; }

    public required PageLink Back { get; init; }

    public required string Action { get; init; }

    public required TrialChoice Choice { get; init; }

    public string? Alarm { get; init; }

    public ShownTrial? Trial { get; init; }
}
