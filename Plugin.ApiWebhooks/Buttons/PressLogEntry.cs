using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Buttons;

/// <summary>One press as it is logged: who pressed what where, what was sent, and how it ended.</summary>
internal sealed record PressLogEntry
{
    /// <summary>The idempotency key.</summary>
    public required string PressKey { get; init; }

    /// <summary>The button's key.</summary>
    public required string ButtonKey { get; init; }

    /// <summary>The button's label, as the editor saw it.</summary>
    public required string ButtonLabel { get; init; }

    /// <summary>The record's id.</summary>
    public required long RecordId { get; init; }

    /// <summary>The record's persistent identifier.</summary>
    public required string RecordPid { get; init; }

    /// <summary>Who pressed.</summary>
    public required string UserName { get; init; }

    /// <summary>The language of the page, in which the outcome is told.</summary>
    public required string Language { get; init; }

    /// <summary>When it was pressed (UTC).</summary>
    public required DateTimeOffset PressedAt { get; init; }

    /// <summary>Where the POST went, without user info.</summary>
    public required string Url { get; init; }

    /// <summary>Headers with starred values, and the body.</summary>
    public required string Request { get; init; }

    /// <summary>How it ended, or null while it runs.</summary>
    public PressEnd? End { get; init; }

    /// <summary>How it stands, as pages and the management API name it.</summary>
    public string StateName => End switch
    {
        null => "running",
        { Outcome: AttemptOutcome.Succeeded } => "succeeded",
        { Outcome: null or AttemptOutcome.Interrupted } => "unknown",
        _ => "failed",
    };

    /// <summary>Whether a press with the same key is the same press, and not the key used again for something else.</summary>
    public bool IsOf(string buttonKey, long recordId, string userName) =>
        ButtonKey == buttonKey && RecordId == recordId && UserName == userName;
}

/// <summary>How a press ended.</summary>
internal sealed record PressEnd
{
    /// <summary>When it ended (UTC).</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>How the POST ended, or null when nobody knows: the host stopped while it ran.</summary>
    public required AttemptOutcome? Outcome { get; init; }

    /// <summary>The status of the answer, or null.</summary>
    public int? Status { get; init; }

    /// <summary>The reason phrase, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>How long the POST took; null only when nobody knows.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Where a redirect pointed, or null.</summary>
    public string? Location { get; init; }

    /// <summary>What exactly went wrong, or null.</summary>
    public string? Detail { get; init; }

    /// <summary>The answer's content type, or null.</summary>
    public string? AnswerType { get; init; }

    /// <summary>The beginning of the answer, or null.</summary>
    public string? Answer { get; init; }

    /// <summary>What the target itself said to the editor, or null.</summary>
    public string? Message { get; init; }
}
