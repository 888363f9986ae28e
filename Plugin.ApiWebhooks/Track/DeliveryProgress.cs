using Dam.Hosting;

namespace Plugin.ApiWebhooks.Track;

/// <summary>Tells the host's health endpoint what is behind, and why.</summary>
internal sealed class DeliveryProgress(EventPipeline pipeline, IChangeLog log) : IPluginProgress
{
    /// <inheritdoc/>
    public async Task<PluginProgress> ReadProgressAsync(CancellationToken cancellationToken)
    {
        var backlog = pipeline.Backlog?.Read();
        var lastChange = backlog?.LastChange ?? await log.GetLastPositionAsync(cancellationToken);
        return new PluginProgress
        {
            // Before the first start nothing is owed: the log's past belongs to nobody.
            Position = backlog?.Position ?? lastChange,
            LastChange = lastChange,
            Owed = backlog?.Hooks.Sum(hook => hook.Owed) ?? 0,
            OldestOwedAt = backlog?.Hooks.Min(hook => hook.OldestAt),
            Delays = backlog is null ? [] : Delays.Find(backlog, pipeline.Dispatcher!.FindRests()),
        };
    }
}
