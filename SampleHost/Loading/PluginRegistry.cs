using Dam.Hosting;

namespace SampleHost.Loading;

/// <summary>What the rest of the host knows of plugins: which there are, how they are, and what they registered.</summary>
internal sealed partial class PluginRegistry(PluginRemnants remnants, ILogger<PluginRegistry> logger)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, PluginSlot> _slots = new(StringComparer.Ordinal);
    private volatile LoadedPlugin[] _running = [];
    private Func<string, CancellationToken, Task>? _reload;

    /// <summary>Raised after something in <see cref="List"/> may have changed. Handlers return at once.</summary>
    public event Action? Changed;

    /// <summary>Why the plugins folder cannot be read, or null.</summary>
    public PluginProblem? FolderProblem { get; private set; }

    /// <summary>
    /// Leases what the running plugins registered as <typeparamref name="T"/>. Unloading one of them waits until the lease is disposed.
    /// A plugin that is on its way out is left out.
    /// </summary>
    /// <param name="pluginId">The one plugin to lease, for calls that may take long: the others need not wait for it. All when null.</param>
    public PluginUse<T> Use<T>(string? pluginId = null)
        where T : class
    {
        var running = _running;
        var items = new List<(string, T)>();
        var entered = new List<PluginTraffic>(running.Length);
        foreach (var plugin in running)
        {
            if ((pluginId is not null && plugin.Manifest.Id != pluginId) || !plugin.Traffic.TryEnterCall())
                continue;
            entered.Add(plugin.Traffic);
            try
            {
                foreach (var service in plugin.Services?.GetServices<T>() ?? [])
                    items.Add((plugin.Manifest.Id, service));
            }
            catch (Exception ex)
            {
                // A plugin's constructor or factory: it must not break the caller's page or save.
                LogNotMade(logger, plugin.Manifest.Id, typeof(T).Name, ex);
                plugin.AddFault(typeof(T).Name, $"It could not be made: {ex.GetType().Name}: {ex.Message}");
            }
        }

        return new PluginUse<T>(items, entered);
    }

    /// <summary>Every plugin and every folder that should hold one, by id.</summary>
    public IReadOnlyList<PluginListing> List()
    {
        PluginSlot[] slots;
        lock (_lock)
            slots = [.. _slots.Values];
        var left = remnants.FindAlive();
        var faults = AskForFaults();
        var listings = slots.Select(slot => slot.ToListing(faults[slot.Id], left.Contains(slot.Id)));
        var gone = left.Where(id => slots.All(slot => slot.Id != id)).Select(id => new PluginListing
        {
            Id = id,
            Name = id,
            State = PluginState.RestartNeeded,
            Reason = "The plugin is stopped and removed, but something keeps its code in memory.",
            Remedy = "Restart the host when it suits; nothing else needs it.",
        });
        return listings.Concat(gone).OrderBy(listing => listing.Id, StringComparer.Ordinal).ToList();
    }

    /// <summary>Stops a plugin and starts it again from its folder; a failed one is tried again.</summary>
    /// <returns>Completes when the plugin runs again or failed; <see cref="List"/> tells which.</returns>
    public Task ReloadAsync(string id, CancellationToken cancellationToken) =>
        _reload?.Invoke(id, cancellationToken) ?? Task.CompletedTask;

    /// <summary>Set once by the loader.</summary>
    internal void HandleReload(Func<string, CancellationToken, Task> reload) => _reload = reload;

    internal PluginSlot? Find(string id)
    {
        lock (_lock)
            return _slots.GetValueOrDefault(id);
    }

    internal IReadOnlyList<PluginSlot> Slots()
    {
        lock (_lock)
            return [.. _slots.Values];
    }

    internal void Put(PluginSlot slot) => Change(() => _slots[slot.Id] = slot);

    internal void Remove(string id) => Change(() => _slots.Remove(id));

    internal void SetFolderProblem(PluginProblem? problem)
    {
        if (problem == FolderProblem)
            return;
        FolderProblem = problem;
        Changed?.Invoke();
    }

    internal void RaiseChanged() => Changed?.Invoke();

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _running = _slots.Values.Where(slot => slot.State == PluginState.Running).Select(slot => slot.Loaded!).ToArray();
        }

        Changed?.Invoke();
    }

    private ILookup<string, PluginFault> AskForFaults()
    {
        var faults = new List<(string Id, PluginFault Fault)>();
        using (var use = Use<IPluginHealth>())
        {
            foreach (var (id, health) in use.Items)
            {
                try
                {
                    faults.AddRange(health.GetFaults().Select(fault => (id, fault)));
                }
                catch (Exception ex)
                {
                    LogHealthThrew(logger, id, ex);
                    faults.Add((id, new PluginFault(
                        FaultSeverity.Error, nameof(IPluginHealth), $"Asked how it is, the plugin threw {ex.GetType().Name}: {ex.Message}", "Look into the log.")));
                }
            }
        }

        return faults.ToLookup(entry => entry.Id, entry => entry.Fault);
    }

    [LoggerMessage(3030, LogLevel.Error, "Plugin {PluginId}: its {Service} could not be made")]
    private static partial void LogNotMade(ILogger logger, string pluginId, string service, Exception exception);

    [LoggerMessage(3031, LogLevel.Error, "Plugin {PluginId} threw when asked for its faults")]
    private static partial void LogHealthThrew(ILogger logger, string pluginId, Exception exception);
}
