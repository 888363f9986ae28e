using Dam.Hosting;
using SampleHost.Loading;

namespace SampleHost.EditPage;

/// <summary>The buttons that plugins put on the edit page, and their presses.</summary>
internal sealed partial class EditButtons(PluginRegistry plugins, ILogger<EditButtons> log)
{
    /// <summary>The buttons for a page, the first to stand rightmost. A plugin that throws has none.</summary>
    public IReadOnlyList<ButtonView> List(EditPageContext page)
    {
        using var use = plugins.Use<IEditPageContributor>();
        var buttons = new List<ButtonView>();
        foreach (var (pluginId, contributor) in use.Items)
        {
            try
            {
                buttons.AddRange(contributor.GetButtons(page).Select(button => new ButtonView(ButtonName.Write(pluginId, button.Key), button.Label, button.Confirm)));
            }
            catch (Exception ex)
            {
                // The page is worth more than a plugin's buttons.
                LogListFailed(log, pluginId, page.Record.Id, ex);
            }
        }

        return buttons;
    }

    /// <summary>Carries out a press. Call it only after the save was committed, holding nothing.</summary>
    public async Task<PressAnswer> PressAsync(string pluginId, ButtonPress press, CancellationToken cancellationToken)
    {
        using var use = plugins.Use<IEditPageContributor>();
        if (Find(use, pluginId) is not { } contributor)
            return new PressAnswer(Gone(), false);
        try
        {
            var outcome = await contributor.PressAsync(press, cancellationToken);
            // A refusal leaves no trace to look up later.
            return new PressAnswer(outcome, outcome is not PressOutcome.Refused);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception ex)
        {
            LogPressFailed(log, pluginId, press.ButtonKey, press.Page.Record.Id, press.PressKey, ex);
            return new PressAnswer(Broken(), false);
        }
    }

    /// <summary>Looks up a press of a record, to show how it ended.</summary>
    /// <returns>The press, or null when the plugin is away or knows none.</returns>
    public async Task<PressReport?> FindPressAsync(string pluginId, string pressKey, long recordId, CancellationToken cancellationToken)
    {
        using var use = plugins.Use<IEditPageContributor>();
        if (Find(use, pluginId) is not { } contributor)
            return null;
        try
        {
            var report = await contributor.FindPressAsync(pressKey, cancellationToken);
            return report?.RecordId == recordId ? report : null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception ex)
        {
            LogFindFailed(log, pluginId, recordId, pressKey, ex);
            return null;
        }
    }

    private static IEditPageContributor? Find(PluginUse<IEditPageContributor> use, string pluginId) =>
        use.Items.Where(item => item.PluginId == pluginId).Select(item => item.Service).FirstOrDefault();

    private static PressOutcome.Refused Gone() => new() { Message = "The plugin behind this button is not running at the moment. Try again in a minute, or ask an administrator." };

    private static PressOutcome.Failed Broken() => new() { Message = "Something went wrong in the plugin behind this button. The log has the details. Your input is saved." };

    [LoggerMessage(2301, LogLevel.Error, "Plugin {PluginId} could not list its buttons for record {RecordId}")]
    private static partial void LogListFailed(ILogger logger, string pluginId, long recordId, Exception exception);

    [LoggerMessage(2302, LogLevel.Error, "Plugin {PluginId} broke at a press of {ButtonKey} on record {RecordId}, press {PressKey}")]
    private static partial void LogPressFailed(ILogger logger, string pluginId, string buttonKey, long recordId, string pressKey, Exception exception);

    [LoggerMessage(2303, LogLevel.Error, "Plugin {PluginId} broke while press {PressKey} on record {RecordId} was looked up")]
    private static partial void LogFindFailed(ILogger logger, string pluginId, long recordId, string pressKey, Exception exception);
}

/// <summary>How a press was answered.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="CanBeFound">Whether the plugin can tell it again after the browser was sent on.</param>
internal sealed record PressAnswer(PressOutcome Outcome, bool CanBeFound);

/// <summary>A button as a form names it: plugin id, colon, stable key.</summary>
internal static class ButtonName
{
    public static string Write(string pluginId, string key) => $"{pluginId}:{key}";

    /// <returns>The two parts, or null when the text is no such name. Plugin ids hold no colon, keys may.</returns>
    public static (string PluginId, string Key)? Read(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon < text.Length - 1 ? (text[..colon], text[(colon + 1)..]) : null;
    }
}
