namespace SampleHost.Loading;

/// <summary>Loads the plugins before the host serves, and keeps looking at their folder while it runs.</summary>
internal sealed partial class PluginFolderWatch(
    PluginReconciler reconciler, PluginRegistry registry, ShadowFolders shadows, PluginLimits limits, HostOptions options,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<PluginFolderWatch> logger) : BackgroundService
{
    private TaskCompletionSource _signal = NewSignal();
    private FileSystemWatcher? _watcher;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        shadows.CleanUp();
        if (Look() is { } plan)
            await reconciler.ApplyAsync(plan, cancellationToken);
        lifetime.ApplicationStopping.Register(EndStreams);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await reconciler.StopAllAsync();
        shadows.Dispose();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _watcher?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                KeepWatching();
                await FollowAsync(stoppingToken);
                await WaitForSignalAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception ex)
            {
                // Whatever one look met, the next may do better; without looking no plugin would ever change again.
                LogLookFailed(logger, options.PluginsDirectory, ex);
                await WaitForSignalAsync(stoppingToken);
            }
        }
    }

    /// <summary>Acts on changes once they have settled, and again until nothing is left to do.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (Look() is { IsEmpty: false } seen)
        {
            await Task.Delay(limits.Settle, time, cancellationToken);
            if (Look() is not { } later)
                return;
            var settled = seen.StillIn(later);
            settled = settled with { Load = settled.Load.Where(folder => !folder.IsBeingWritten()).ToList() };
            if (!settled.IsEmpty)
                await reconciler.ApplyAsync(settled, cancellationToken);
        }
    }

    /// <returns>What there is to do; null when the folder cannot be read, and nothing is done then.</returns>
    private ReconcilePlan? Look()
    {
        try
        {
            var found = PluginFolder.FindAll(options.PluginsDirectory);
            registry.SetFolderProblem(null);
            return ReconcilePlan.Decide(registry.Slots(), found);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            if (registry.FolderProblem is null)
                LogLookFailed(logger, options.PluginsDirectory, ex);
            registry.SetFolderProblem(new PluginProblem(
                $"The plugins folder {options.PluginsDirectory} cannot be read: {ex.Message}", "Make it a folder that the host's account may read."));
            return null;
        }
    }

    private async Task WaitForSignalAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _signal.Task.WaitAsync(limits.Poll, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Time to look even without a signal.
        }

        Interlocked.Exchange(ref _signal, NewSignal());
    }

    /// <summary>Asks the system to report changes. Where it cannot, looking now and then has to do.</summary>
    private void KeepWatching()
    {
        if (!Directory.Exists(options.PluginsDirectory))
        {
            // A watcher of a folder that went away never reports again, even if the folder comes back.
            _watcher?.Dispose();
            _watcher = null;
            return;
        }

        if (_watcher is not null)
            return;
        try
        {
            _watcher = new FileSystemWatcher(options.PluginsDirectory)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            _watcher.Created += Signal;
            _watcher.Changed += Signal;
            _watcher.Deleted += Signal;
            _watcher.Renamed += Signal;
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            LogNotWatched(logger, options.PluginsDirectory, limits.Poll.TotalSeconds, ex);
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    /// <summary>Settings and data deep in a plugin's folder are not worth a look.</summary>
    private void Signal(object sender, FileSystemEventArgs e)
    {
        var name = e.Name ?? "";
        if (Path.GetDirectoryName(name) is null or "" || PluginFolder.IsProgram(Path.GetFileName(name)) || Directory.Exists(e.FullPath))
            _signal.TrySetResult();
    }

    /// <summary>Event streams would hold up the server's shutdown until its limit.</summary>
    private void EndStreams()
    {
        foreach (var slot in registry.Slots())
            slot.Loaded?.Traffic.CancelStreams();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(3050, LogLevel.Error, "The plugins folder {Folder} could not be looked at")]
    private static partial void LogLookFailed(ILogger logger, string folder, Exception exception);

    [LoggerMessage(3051, LogLevel.Warning, "The system does not report changes of {Folder}; it is looked at every {Seconds} seconds")]
    private static partial void LogNotWatched(ILogger logger, string folder, double seconds, Exception exception);
}
