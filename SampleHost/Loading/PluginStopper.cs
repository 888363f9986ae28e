namespace SampleHost.Loading;

/// <summary>Takes a plugin down, in the order in which nothing is used after it ended, however much of it was made.</summary>
internal sealed partial class PluginStopper(PluginLimits limits, TimeProvider time, ILogger<PluginStopper> logger)
{
    /// <summary>
    /// 1. drains what is under way, 2. stops hosted services, 3. stops the plugin, 4. disposes its container, 5. lets go of everything
    /// and unloads. Each step is limited in time and none keeps the next from being done. Its endpoints must be out of routing before.
    /// </summary>
    public async Task TakeDownAsync(LoadedPlugin loaded)
    {
        var id = loaded.Manifest.Id;
        if (!await loaded.Traffic.DrainAsync(limits, time))
            LogNotDrained(logger, id);

        using (var deadline = new CancellationTokenSource(limits.Stop, time))
        {
            if (loaded.Hosted is { } hosted)
                await TryAsync(id, "stopping hosted services", () => hosted.StopAsync(deadline.Token));
            if (loaded.StartCalled && loaded is { Plugin: { } plugin, Services: { } services })
                await TryAsync(id, "StopAsync", () => plugin.StopAsync(services, deadline.Token));
        }

        if (loaded.Services is { } container)
            await TryAsync(id, "disposing its services", () => container.DisposeAsync().AsTask());
        Discard(loaded);
    }

    /// <summary>Step 5.</summary>
    public static void Discard(LoadedPlugin loaded)
    {
        var context = loaded.Context;
        loaded.Hosted = null;
        loaded.Plugin = null;
        loaded.Services = null;
        loaded.Endpoints = [];
        loaded.Context = null;
        if (context is { IsCollectible: true })
            context.Unload();
        ShadowFolders.Remove(loaded.ShadowFolder);
    }

    private async Task TryAsync(string id, string step, Func<Task> action)
    {
        try
        {
            // On a task of its own, since it may block; and a little longer than the deadline it was told.
            await Task.Run(action).WaitAsync(limits.Stop + limits.StreamGrace, time);
        }
        catch (Exception ex)
        {
            LogStepFailed(logger, id, step, ex);
        }
    }

    [LoggerMessage(3020, LogLevel.Error, "Plugin {PluginId}: {Step} failed; unloading goes on")]
    private static partial void LogStepFailed(ILogger logger, string pluginId, string step, Exception exception);

    [LoggerMessage(3021, LogLevel.Warning, "Plugin {PluginId} is stopped although something in it has not ended")]
    private static partial void LogNotDrained(ILogger logger, string pluginId);
}
