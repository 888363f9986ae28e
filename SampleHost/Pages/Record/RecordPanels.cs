using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using Dam.Hosting;
using SampleHost.Loading;

namespace SampleHost.Pages.Record;

/// <summary>
/// The panels that plugins add to a record's page. Plugins are foreign code: all are asked at once and none is waited for longer than <see cref="Patience"/>. While a
/// plugin still owes an answer it was late with, it is not asked again, so that it delays one page and not each.
/// </summary>
internal sealed partial class RecordPanels(PluginRegistry plugins, TimeProvider time, ILogger<RecordPanels> logger)
{
    /// <summary>How long a page waits for its panels.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // How many answers each plugin owes late, by its id.
    private readonly ConcurrentDictionary<string, int> _late = new();

    /// <summary>The panels for a view of a record, in the order of the plugins.</summary>
    /// <param name="page">The record and who looks at it.</param>
    /// <param name="tellsMissing">Whether the reader is told of a panel that is not to be had.</param>
    public async Task<IReadOnlyList<PanelView>> ListAsync(RecordPageContext page, bool tellsMissing)
    {
        string[] ids;
        using (var use = plugins.Use<IRecordPageContributor>())
            ids = [.. use.Items.Select(item => item.PluginId).Distinct()];
        var answers = await Task.WhenAll(ids.Select(id => FindAsync(id, page)));
        return [.. answers.SelectMany(panels => panels).Where(panel => panel.Html is not null || tellsMissing)];
    }

    private async Task<IReadOnlyList<PanelView>> FindAsync(string id, RecordPageContext page)
    {
        if (_late.GetValueOrDefault(id) > 0)
            return Missing(id);
        var limit = new CancellationTokenSource(Patience, time);
        // Elsewhere, since a plugin may block instead of awaiting. The question holds the plugin, and its limit, until it ends, also when nobody waits any more.
        var asking = Task.Run(() => AskAsync(id, page, limit), CancellationToken.None);
        try
        {
            return await asking.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            LogTooSlow(logger, id, page.Record.Id, Patience.TotalSeconds);
            _late.AddOrUpdate(id, 1, (_, count) => count + 1);
            _ = asking.ContinueWith(
                _ => _late.AddOrUpdate(id, 0, (_, count) => count - 1), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return Missing(id);
        }
    }

    private async Task<IReadOnlyList<PanelView>> AskAsync(string id, RecordPageContext page, CancellationTokenSource limit)
    {
        using var _ = limit;
        using var use = plugins.Use<IRecordPageContributor>(id);
        var panels = new List<PanelView>();
        foreach (var (_, contributor) in use.Items)
        {
            try
            {
                if (await contributor.DescribeAsync(page, limit.Token) is { } panel)
                    panels.Add(new PanelView(panel.Title, Write(panel)));
            }
            catch (Exception exception)
            {
                // The page is worth more than a plugin's panel.
                LogThrew(logger, id, page.Record.Id, exception);
                panels.AddRange(Missing(id));
            }
        }

        return panels;
    }

    private static string Write(RecordPanel panel)
    {
        using var writer = new StringWriter();
        panel.Content.WriteTo(writer, HtmlEncoder.Default);
        return writer.ToString();
    }

    private static PanelView[] Missing(string id) => [new(id, null)];

    [LoggerMessage(2311, LogLevel.Error, "Plugin {PluginId} threw when asked for its panel of record {RecordId}")]
    private static partial void LogThrew(ILogger logger, string pluginId, long recordId, Exception exception);

    [LoggerMessage(2312, LogLevel.Warning, "Plugin {PluginId} did not give its panel of record {RecordId} within {Seconds} seconds")]
    private static partial void LogTooSlow(ILogger logger, string pluginId, long recordId, double seconds);
}
