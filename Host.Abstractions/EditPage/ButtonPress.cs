namespace Dam.Hosting;

/// <summary>One use of a button, made after the form was saved and committed.</summary>
public sealed record ButtonPress
{
    /// <summary>Which button, by <see cref="EditButton.Key"/>.</summary>
    public required string ButtonKey { get; init; }

    /// <summary>
    /// The idempotency key, made from a key that the host put into the form when it drew the page and from what the form holds; 1 to 64
    /// letters, digits and hyphens. The same form sent twice with the same button carries the same key.
    /// </summary>
    public required string PressKey { get; init; }

    /// <summary>The page the button stood on, with the record as committed by the save that preceded the press.</summary>
    public required EditPageContext Page { get; init; }

    /// <summary>When the host received the press (UTC).</summary>
    public required DateTimeOffset PressedAt { get; init; }
}

/// <summary>A press that was made, and how it stands.</summary>
/// <param name="PressKey">The idempotency key.</param>
/// <param name="ButtonKey">Which button.</param>
/// <param name="RecordId">The record it was pressed on.</param>
/// <param name="UserName">Who pressed.</param>
/// <param name="PressedAt">When (UTC).</param>
/// <param name="Outcome">How it ended, or <see cref="PressOutcome.StillRunning"/>.</param>
public sealed record PressReport(
    string PressKey, string ButtonKey, long RecordId, string UserName, DateTimeOffset PressedAt, PressOutcome Outcome);
