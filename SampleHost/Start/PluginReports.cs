using Dam.Hosting;
using SampleHost.Loading;

namespace SampleHost.Start;

/// <summary>
/// Asks the plugins how they are and how far behind. Plugins are foreign code and the question is anybody's: they are asked one at a time whoever asks, and waited
/// for only so long.
/// </summary>
internal sealed partial class PluginReports(PluginRegistry plugins, TimeProvider time, ILogger<PluginReports> logger)
{
    /// <summary>How long the plugins together are waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Task<List<(string Id, PluginBehind? Behind)>>? _asking;

    /// <summary>Every plugin and every folder that should hold one.</summary>
    public async Task<IReadOnlyList<PluginReport>> ReadAsync(CancellationToken cancellationToken)
    {
        var listings = plugins.List();
        var behind = await FindBehindAsync(cancellationToken);
        return [.. listings.Select(listing => new PluginReport(
            listing.Id,
            listing.State.ToString(),
            listing.Reason,
            behind?.Find(each => each.Id == listing.Id).Behind,
            // Where only: what exactly is wrong may name addresses, and stands on the page for plugins.
            [.. listing.Faults.Select(fault => new FaultReport(fault.Severity.ToString(), fault.Place))]))];
    }

    private async Task<List<(string Id, PluginBehind? Behind)>?> FindBehindAsync(CancellationToken cancellationToken)
    {
        Task<List<(string Id, PluginBehind? Behind)>> asking;
        lock (_gate)
            asking = _asking ??= Task.Run(AskAsync, CancellationToken.None);
        try
        {
            return await asking.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            LogTooSlow(logger, Patience.TotalSeconds);
            return null;
        }
    }

    private async Task<List<(string Id, PluginBehind? Behind)>> AskAsync()
    {
        var answers = new List<(string Id, PluginBehind? Behind)>();
        try
        {
            using var use = plugins.Use<IPluginProgress>();
            foreach (var (id, service) in use.Items)
                answers.Add((id, await AskAsync(id, service)));
        }
        finally
        {
            lock (_gate)
                _asking = null;
        }

        return answers;
    }

    private async Task<PluginBehind?> AskAsync(string id, IPluginProgress service)
    {
        try
        {
            var progress = await service.ReadProgressAsync(CancellationToken.None);
            // Copied: an object of the plugin's own would keep its code in memory.
            return new PluginBehind(
                progress.Position,
                progress.LastChange,
                Math.Max(0, progress.LastChange - progress.Position),
                progress.Owed,
                progress.OldestOwedAt,
                [.. progress.Delays.Select(delay => new DelayReport(delay.Place, delay.Owed, delay.OldestOwedAt, delay.Reason))]);
        }
        catch (Exception ex)
        {
            LogThrew(logger, id, ex);
            return null;
        }
    }

    [LoggerMessage(1011, LogLevel.Error, "Plugin {PluginId} threw when asked how far behind it is")]
    private static partial void LogThrew(ILogger logger, string pluginId, Exception exception);

    [LoggerMessage(1012, LogLevel.Warning, "Asked how far behind they are, the plugins did not answer within {Seconds} seconds")]
    private static partial void LogTooSlow(ILogger logger, double seconds);
}

/// <summary>How one plugin is.</summary>
/// <param name="Id">The plugin.</param>
/// <param name="State">Whether it runs.</param>
/// <param name="Reason">Why not; null when it does.</param>
/// <param name="Behind">How far it is behind; null when it does not say.</param>
/// <param name="Faults">What it says is wrong.</param>
internal sealed record PluginReport(string Id, string State, string? Reason, PluginBehind? Behind, IReadOnlyList<FaultReport> Faults);

/// <summary>How far a plugin is behind the changes of the host.</summary>
internal sealed record PluginBehind(long Position, long LastChange, long Changes, long Owed, DateTimeOffset? OldestOwedAt, IReadOnlyList<DelayReport> Delays);

/// <summary>A part of a plugin that is late.</summary>
internal sealed record DelayReport(string Place, long Owed, DateTimeOffset? OldestOwedAt, string Reason);

/// <summary>Something that is wrong with a plugin.</summary>
internal sealed record FaultReport(string Severity, string Place);
