namespace Plugin.ApiWebhooks.Send;

/// <summary>How one POST went. Network faults are outcomes, never exceptions.</summary>
internal sealed record AttemptResult
{
    /// <summary>None.</summary>
    public static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>();

    /// <summary>The class of the outcome.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>When the attempt started (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took, up to the end of the answer or the failure.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The status of the answer, null when none came.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The reason phrase of the answer, null when none came.</summary>
    public string? ReasonPhrase { get; init; }

    /// <summary>The content type of the answer as sent, null when it named none.</summary>
    public string? AnswerContentType { get; init; }

    /// <summary>Those of <see cref="OutgoingPost.AnswerHeaders"/> that the answer has, by name in any letter case; several of one name joined by commas.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = NoHeaders;

    /// <summary>The beginning of the answer's body, at most <see cref="OutgoingPost.AnswerCap"/> bytes.</summary>
    public ReadOnlyMemory<byte> Answer { get; init; }

    /// <summary>Whether the answer went on beyond what was kept.</summary>
    public bool AnswerTruncated { get; init; }

    /// <summary>The <c>Location</c> of a redirect, which is reported and not followed.</summary>
    public string? Location { get; init; }

    /// <summary>The moment before which the receiver asked not to be called again, from <c>Retry-After</c>; uncapped.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>What exactly went wrong, in plain words without secrets; null for a success.</summary>
    public string? Detail { get; init; }

    /// <summary>The request's method and header lines as they are kept; null where whoever posts keeps them otherwise.</summary>
    public RequestHead? RequestHead { get; init; }

    /// <summary>The answer's header lines, starred where they are secret; null when no answer came.</summary>
    public string? AnswerHead { get; init; }

    /// <summary>How long each phase took.</summary>
    public PhaseTimes Times { get; init; }

    /// <summary>Whether the receiver took the message: any 2xx, and nothing else.</summary>
    public bool Succeeded => Outcome == AttemptOutcome.Succeeded;
}
