namespace Plugin.ApiWebhooks.Pages.Buttons;

// Public, as components and their parameters must be.

/// <summary>The page of all buttons, in words, read before it is drawn.</summary>
public sealed record ButtonsView
{
    public required ButtonTexts Texts { get; init; }

    public required string Language { get; init; }

    public required IReadOnlyList<ButtonCard> Buttons { get; init; }

    public required VisibilityForm Check { get; init; }

    /// <summary>What the check found; null when nothing was asked.</summary>
    public VisibilityAnswer? Answer { get; init; }
}

/// <summary>A configured button.</summary>
public sealed record ButtonCard
{
    public required string Key { get; init; }

    /// <summary>Its label in the reader's language.</summary>
    public required string Label { get; init; }

    /// <summary>Its labels in the languages it has.</summary>
    public required IReadOnlyList<(string Language, string Label)> Labels { get; init; }

    /// <summary>What it asks before the press, or null.</summary>
    public string? Confirm { get; init; }

    /// <summary>Where it stands, or why nowhere.</summary>
    public required string Where { get; init; }

    public required bool IsShownNowhere { get; init; }

    /// <summary>For whom and on what.</summary>
    public required IReadOnlyList<string> ForWhom { get; init; }

    /// <summary>With stars for secrets.</summary>
    public required string Address { get; init; }

    /// <summary>What is sent and how long an editor waits.</summary>
    public required string Request { get; init; }

    public required MarkView Signing { get; init; }

    /// <summary>The latest press; null for none.</summary>
    public PressRow? LatestPress { get; init; }

    /// <summary>Its history.</summary>
    public required string PressesHref { get; init; }
}

/// <summary>The question who sees what where, as it was put.</summary>
public sealed record VisibilityForm(string Record, string Role, string User, IReadOnlyList<string> Roles)
{
    /// <summary>What is wrong with the record, or null.</summary>
    public string? RecordFault { get; init; }

    /// <summary>What is wrong with the user, or null.</summary>
    public string? UserFault { get; init; }
}

/// <summary>The answer.</summary>
/// <param name="Sentence">Who sees what where.</param>
/// <param name="Shown">The labels of the buttons that stand there, the first rightmost.</param>
/// <param name="Hidden">The others, each with the reason.</param>
public sealed record VisibilityAnswer(string Sentence, IReadOnlyList<string> Shown, IReadOnlyList<(string Label, string Reason)> Hidden);
