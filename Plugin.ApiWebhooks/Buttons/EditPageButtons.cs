using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Buttons;

/// <summary>The configured buttons on the host's edit page.</summary>
/// <param name="settings">The settings in force.</param>
/// <param name="runner">Carries out presses.</param>
/// <param name="time">Measures how long an editor waits.</param>
internal sealed class EditPageButtons(SettingsWatcher settings, PressRunner runner, TimeProvider time) : IEditPageContributor
{
    /// <inheritdoc/>
    public IReadOnlyList<EditButton> GetButtons(EditPageContext page) =>
    [
        .. settings.Current.Buttons
            .Where(button => ButtonVisibility.IsShown(button, page))
            .Select(button => new EditButton(button.Key, Label(button.Text, page), button.Confirm is { } question ? Label(question, page) : null)),
    ];

    /// <inheritdoc/>
    public async Task<PressOutcome> PressAsync(ButtonPress press, CancellationToken cancellationToken)
    {
        var page = press.Page;
        if (!IsPressKey(press.PressKey))
            return PressWords.Refuse(page.Language, texts => texts.BadPressKey);
        // A press that was made is answered even if its button has gone since.
        var made = runner.Find(press.PressKey);
        if (made is { End: not null })
            return Answer(press, made, TimeSpan.Zero);
        var button = settings.Current.Buttons.FirstOrDefault(each => each.Key == press.ButtonKey);
        if (button is null)
            return PressWords.Refuse(page.Language, texts => texts.NoSuchButton);
        if (!ButtonVisibility.IsShown(button, page))
            return PressWords.Refuse(page.Language, texts => texts.NotAllowed);
        if (made is not null && !made.IsOf(press.ButtonKey, page.Record.Id, page.User.Name))
            return PressWords.Refuse(page.Language, texts => texts.KeyUsedTwice);
        return await WaitAsync(button, press, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<PressReport?> FindPressAsync(string pressKey, CancellationToken cancellationToken)
    {
        var report = IsPressKey(pressKey) && runner.Find(pressKey) is { } entry
            ? new PressReport(
                entry.PressKey, entry.ButtonKey, entry.RecordId, entry.UserName, entry.PressedAt, PressWords.Tell(entry, time.GetUtcNow() - entry.PressedAt))
            : null;
        return Task.FromResult(report);
    }

    private async Task<PressOutcome> WaitAsync(ButtonSettings button, ButtonPress press, CancellationToken cancellationToken)
    {
        var label = Label(button.Text, press.Page);
        var run = runner.RunAsync(button, press, label);
        try
        {
            var entry = await run.WaitAsync(button.Timeout, time, cancellationToken).ConfigureAwait(false);
            return Answer(press, entry, TimeSpan.Zero);
        }
        catch (TimeoutException) when (!run.IsCompleted)
        {
            // Not in the log yet when the disk is slower than the editor's patience.
            var entry = runner.Find(press.PressKey)
                ?? PressRunner.EntryOf(button, press, label, PressRequest.Make(button, press, time.GetUtcNow()));
            return Answer(press, entry, button.Timeout);
        }
    }

    private static PressOutcome Answer(ButtonPress press, PressLogEntry entry, TimeSpan waited) =>
        entry.IsOf(press.ButtonKey, press.Page.Record.Id, press.Page.User.Name)
            ? PressWords.Tell(entry, waited)
            : PressWords.Refuse(press.Page.Language, texts => texts.KeyUsedTwice);

    private static string Label(string text, EditPageContext page) => ButtonLabel.Choose(text, page.Language, page.DefaultLanguage);

    private static bool IsPressKey(string key) => key.Length is > 0 and <= 64 && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
