namespace Dam.Hosting;

/// <summary>
/// Adds buttons to the host's edit page. A press saves the form first; only when the save is valid and committed, with no lock and no
/// transaction held, does the host call <see cref="PressAsync"/>.
/// </summary>
public interface IEditPageContributor
{
    /// <summary>
    /// The buttons for a page, the first to stand rightmost. Not called for pages that edit several records at once. Called for each page
    /// view: does no I/O.
    /// </summary>
    /// <param name="page">The record, the user and the place.</param>
    /// <returns>The buttons; empty for none.</returns>
    IReadOnlyList<EditButton> GetButtons(EditPageContext page);

    /// <summary>
    /// Carries out a press. One <see cref="ButtonPress.PressKey"/> runs at most once, however often it comes: a repeated call, at the same time or
    /// later, also after a restart, answers with the outcome of the first.
    /// </summary>
    /// <param name="press">The press, with the record as it was committed.</param>
    /// <param name="cancellationToken">Cancelled when the editor leaves or the host stops; the work itself goes on.</param>
    /// <returns>The outcome; an exception is shown as <see cref="PressOutcome.Failed"/> with a general reason.</returns>
    Task<PressOutcome> PressAsync(ButtonPress press, CancellationToken cancellationToken);

    /// <summary>Looks up a press that was already made, to show its outcome after a reload or when it ends.</summary>
    /// <param name="pressKey">The key of <see cref="ButtonPress.PressKey"/>.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The press, or null when this contributor knows none with that key.</returns>
    Task<PressReport?> FindPressAsync(string pressKey, CancellationToken cancellationToken);
}

/// <summary>A page on which buttons may be shown.</summary>
/// <param name="Record">The record as stored. A negative id is the user's own upload template, the user's id below zero: no record, but buttons stand there too.</param>
/// <param name="User">Who looks at the page.</param>
/// <param name="Location">The place; the only one so far is <see cref="EditLocation"/>.</param>
/// <param name="Language">The page's language, a BCP 47 tag such as <c>en</c> or <c>fr-CA</c>.</param>
/// <param name="DefaultLanguage">The host's default language, null when none is set.</param>
public sealed record EditPageContext(RecordSnapshot Record, HostUser User, string Location, string Language, string? DefaultLanguage)
{
    /// <summary>The metadata edit page of one record.</summary>
    public const string EditLocation = "edit";
}

/// <summary>A button to show.</summary>
/// <param name="Key">Stable key, unique within its contributor; a press names it.</param>
/// <param name="Label">Text in the page's language; plain text, the host encodes it.</param>
/// <param name="Confirm">A question the editor must answer yes to before the press, or null.</param>
public sealed record EditButton(string Key, string Label, string? Confirm = null);
