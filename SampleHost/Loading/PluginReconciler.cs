using System.Runtime.CompilerServices;

namespace SampleHost.Loading;

/// <summary>Makes the running plugins those of the plugins folder, one step at a time.</summary>
/// <remarks>
/// Replacing: 1. the new manifest and assembly are read while the old version runs; if they are faulty it goes on running and the fault is
/// shown; 2. the old version is drained and stopped, its paths answering 503 meanwhile; 3. the new one is started, and only then
/// answers. Two versions never run at once: both would work on the same data.
/// </remarks>
internal sealed partial class PluginReconciler : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly PluginRegistry _registry;
    private readonly PluginStarter _starter;
    private readonly PluginStopper _stopper;
    private readonly PluginEndpoints _endpoints;
    private readonly PluginRemnants _remnants;
    private readonly string _pluginsDirectory;
    private readonly bool _keepsCode;
    private readonly ILogger _logger;
    private bool _closed;

    public PluginReconciler(
        PluginRegistry registry, PluginStarter starter, PluginStopper stopper, PluginEndpoints endpoints, PluginRemnants remnants,
        HostOptions options, ILogger<PluginReconciler> logger)
    {
        (_registry, _starter, _stopper, _endpoints, _remnants) = (registry, starter, stopper, endpoints, remnants);
        (_pluginsDirectory, _keepsCode, _logger) = (options.PluginsDirectory, options.KeepPluginCode, logger);
        registry.HandleReload(ReloadAsync);
    }

    /// <summary>Carries out a plan.</summary>
    public Task ApplyAsync(ReconcilePlan plan, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            foreach (var id in plan.Remove)
                await RemoveAsync(id);
            foreach (var folder in plan.Load)
                await LoadAsync(folder, cancellationToken);
        },
        cancellationToken);

    /// <summary>Loads a plugin again, changed or not; takes it out when its folder is gone.</summary>
    public Task ReloadAsync(string id, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            if (PluginFolder.FindAll(_pluginsDirectory).FirstOrDefault(folder => folder.Id == id) is { } folder)
                await LoadAsync(folder, cancellationToken);
            else if (_registry.Find(id) is not null)
                await RemoveAsync(id);
        },
        cancellationToken);

    /// <summary>Stops every plugin, all at once, and loads none any more.</summary>
    public Task StopAllAsync() => InTurnAsync(
        async () =>
        {
            _closed = true;
            await Task.WhenAll(_registry.Slots().Where(slot => slot.Loaded is not null).Select(slot => StopAsync(slot.Id)));
        },
        CancellationToken.None);

    public void Dispose() => _turn.Dispose();

    /// <summary>
    /// One at a time, and on a fresh flow of execution: a plugin's background work must not carry the values of whoever asked for
    /// the reload, nor a later request the plugin's.
    /// </summary>
    private async Task InTurnAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_closed)
                return;
            Task running;
            using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
                running = Task.Run(work, CancellationToken.None);
            await running;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task LoadAsync(PluginFolder folder, CancellationToken cancellationToken)
    {
        var present = _registry.Find(folder.Id);
        var reading = ManifestFile.Read(folder.Path);
        if (reading is ManifestReading.Bad bad)
        {
            Refuse(folder, bad.Problem, bad.Manifest);
            return;
        }

        var manifest = ((ManifestReading.Good)reading).Manifest;
        var (loaded, entryType, problem) = _starter.Load(folder, manifest);
        if (problem is not null)
        {
            Refuse(folder, problem, manifest);
            return;
        }

        if (present?.Loaded is not null)
        {
            _endpoints.SetReplacing(folder.Id);
            present = null;
            await StopAsync(folder.Id);
            // The former version leaves the memory before the next comes into it.
            await CollectAsync(folder.Id);
        }

        _registry.Put(new PluginSlot(folder.Id, folder.Fingerprint, PluginState.Loading) { Manifest = manifest });
        await StartAsync(loaded!, entryType!, folder, cancellationToken);
        loaded = null;
        entryType = null;
        // What did not start.
        await CollectAsync(folder.Id);
    }

    private async Task StartAsync(LoadedPlugin loaded, Type entryType, PluginFolder folder, CancellationToken cancellationToken)
    {
        var slot = new PluginSlot(folder.Id, folder.Fingerprint, PluginState.Failed) { Manifest = loaded.Manifest };
        var context = Watch(loaded);
        switch (await _starter.StartAsync(loaded, entryType, folder, cancellationToken))
        {
            case PluginStart.Running:
                _endpoints.Set(folder.Id, loaded.Endpoints);
                _registry.Put(slot with { State = PluginState.Running, Loaded = loaded });
                LogRunning(_logger, folder.Id, loaded.Manifest.Version);
                break;
            case PluginStart.Failed failed:
                _endpoints.Set(folder.Id, []);
                ExpectGone(folder.Id, context);
                _registry.Put(slot with { Problem = failed.Problem });
                LogNotStarted(_logger, folder.Id, failed.Problem.Reason);
                break;
        }
    }

    private async Task RemoveAsync(string id)
    {
        if (_registry.Find(id)?.Loaded is null)
        {
            _registry.Remove(id);
            return;
        }

        _endpoints.Set(id, []);
        await StopAsync(id);
        // It is gone when nothing of it is left: whoever waits for that begins nothing new before.
        await CollectAsync(id);
        _registry.Remove(id);
        LogRemoved(_logger, id);
    }

    /// <summary>A folder that cannot be loaded: what runs goes on running, what does not is listed as failed.</summary>
    private void Refuse(PluginFolder folder, PluginProblem problem, Dam.Hosting.PluginManifest? manifest)
    {
        LogRefused(_logger, folder.Id, problem.Reason);
        _registry.Put(_registry.Find(folder.Id) is { State: PluginState.Running } running
            ? running with
            {
                Fingerprint = folder.Fingerprint,
                Problem = problem with { Reason = $"What is in the folder now was not loaded; the version before it goes on running. {problem.Reason}" },
            }
            : new PluginSlot(folder.Id, folder.Fingerprint, PluginState.Failed) { Problem = problem, Manifest = manifest });
    }

    /// <summary>Takes a running plugin down and leaves only a weak reference to it.</summary>
    private async Task StopAsync(string id)
    {
        if (_registry.Find(id) is not { Loaded: { } loaded } slot)
            return;
        _registry.Put(slot with { State = PluginState.Stopping, Loaded = null });
        ExpectGone(id, Watch(loaded));
        await _stopper.TakeDownAsync(loaded);
        LogStopped(_logger, id);
    }

    /// <summary>What is kept on purpose is no remnant, and nothing waits for it to go.</summary>
    private void ExpectGone(string id, WeakReference context)
    {
        if (!_keepsCode)
            _remnants.Add(id, context);
    }

    private async Task CollectAsync(string id)
    {
        if (!await _remnants.CollectAsync(id))
            LogStillInMemory(_logger, id);
        _registry.RaiseChanged();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Watch(LoadedPlugin loaded) => new(loaded.Context, trackResurrection: true);

    [LoggerMessage(3040, LogLevel.Information, "Plugin {PluginId} {Version} runs")]
    private static partial void LogRunning(ILogger logger, string pluginId, string version);

    [LoggerMessage(3041, LogLevel.Error, "Plugin {PluginId} was not started: {Reason}")]
    private static partial void LogNotStarted(ILogger logger, string pluginId, string reason);

    [LoggerMessage(3042, LogLevel.Error, "Plugin folder {PluginId} was not loaded: {Reason}")]
    private static partial void LogRefused(ILogger logger, string pluginId, string reason);

    [LoggerMessage(3043, LogLevel.Information, "Plugin {PluginId} stopped")]
    private static partial void LogStopped(ILogger logger, string pluginId);

    [LoggerMessage(3044, LogLevel.Information, "Plugin {PluginId} is removed")]
    private static partial void LogRemoved(ILogger logger, string pluginId);

    [LoggerMessage(3045, LogLevel.Warning, "Plugin {PluginId}: something keeps the code of an earlier load in memory; restart the host when it suits")]
    private static partial void LogStillInMemory(ILogger logger, string pluginId);
}
