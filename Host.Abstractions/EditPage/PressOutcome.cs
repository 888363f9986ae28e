namespace Dam.Hosting;

/// <summary>How a press ended: one of the nested records, and no other.</summary>
public abstract record PressOutcome
{
    private PressOutcome()
    {
    }

    /// <summary>What to tell the editor, in the page's language: plain text, one or two sentences, no secrets. The host encodes it.</summary>
    public required string Message { get; init; }

    /// <summary>The third-party system did what was asked.</summary>
    public sealed record Succeeded : PressOutcome
    {
        /// <summary>What that system itself said, as capped plain text, or null.</summary>
        public string? Answer { get; init; }
    }

    /// <summary>The system could not be reached or answered that it failed. The saved form is not affected.</summary>
    public sealed record Failed : PressOutcome
    {
        /// <summary>What that system itself said, as capped plain text, or null.</summary>
        public string? Answer { get; init; }
    }

    /// <summary>No answer yet. The press goes on; <see cref="IEditPageContributor.FindPressAsync"/> tells when it ended.</summary>
    public sealed record StillRunning : PressOutcome;

    /// <summary>The press was not carried out: unknown button, missing right, wrong kind of record.</summary>
    public sealed record Refused : PressOutcome;
}
