namespace Plugin.ApiWebhooks.Pages.Buttons;

// Public, as components and their parameters must be.

/// <summary>A press in a list.</summary>
public sealed record PressRow
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Its own page.</summary>
    public required string Href { get; init; }

    public required string Button { get; init; }

    /// <summary>The record's number; null for an upload template.</summary>
    public string? RecordId { get; init; }

    public required string User { get; init; }

    public required MarkView State { get; init; }

    /// <summary>Status and reason phrase of the answer; empty when none came.</summary>
    public required string Answer { get; init; }

    public string? Duration { get; init; }

    /// <summary>What the target said, or what went wrong.</summary>
    public string? Words { get; init; }
}

/// <summary>The history of presses.</summary>
public sealed record PressListView
{
    public required ButtonTexts Texts { get; init; }

    public required PageTexts Words { get; init; }

    public required string Language { get; init; }

    /// <summary>Whether the reader may look through all, or is shown those of one record.</summary>
    public required bool IsForAll { get; init; }

    public required PressFilterForm Filter { get; init; }

    public required IReadOnlyList<PressRow> Presses { get; init; }

    /// <summary>The next page; null at the end.</summary>
    public string? OlderHref { get; init; }

    /// <summary>The first page; null on it.</summary>
    public string? NewestHref { get; init; }
}

/// <summary>The filter as it was put.</summary>
/// <param name="Button">The button's key, or empty.</param>
/// <param name="Record">The record, or empty.</param>
/// <param name="User">The user, or empty.</param>
/// <param name="Outcome">The state, or empty.</param>
/// <param name="Buttons">The buttons to choose from, by key and words.</param>
public sealed record PressFilterForm(string Button, string Record, string User, string Outcome, IReadOnlyList<(string Key, string Words)> Buttons)
{
    /// <summary>What is wrong with the record, or null.</summary>
    public string? RecordFault { get; init; }

    public bool IsEmpty => Button.Length + Record.Length + User.Length + Outcome.Length == 0;
}

/// <summary>One press.</summary>
public sealed record PressPageView
{
    public required ButtonTexts Texts { get; init; }

    public required PageTexts Words { get; init; }

    public required string Language { get; init; }

    public required PressRow Press { get; init; }

    /// <summary>How it stands and what to do, in a sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>What the target itself said to the editor, or null.</summary>
    public string? Message { get; init; }

    /// <summary>What an administrator can do; null for others and when there is nothing to do.</summary>
    public string? Advice { get; init; }

    /// <summary>Whether the reader sees the list of all presses.</summary>
    public required bool IsForAll { get; init; }

    /// <summary>What is known of it, in pairs of name and value.</summary>
    public required IReadOnlyList<(string Name, string Value)> Facts { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary>What was sent, with stars; null for who may not see it.</summary>
    public string? Request { get; init; }

    /// <summary>What was answered; null for who may not see it, and when nothing was.</summary>
    public string? Answer { get; init; }

    /// <summary>What the answer's content calls itself, or null.</summary>
    public string? AnswerType { get; init; }

    public bool IsRunning { get; init; }
}
