namespace SampleHost.Loading;

/// <summary>Remembers unloaded plugins whose code has not left the memory yet, without keeping it there.</summary>
internal sealed class PluginRemnants(TimeProvider time)
{
    private const int MostCollections = 12;

    private readonly Lock _lock = new();
    private readonly List<(string Id, WeakReference Context)> _unloaded = [];

    public void Add(string pluginId, WeakReference context)
    {
        lock (_lock)
            _unloaded.Add((pluginId, context));
    }

    /// <summary>The ids of plugins with something still in memory.</summary>
    public IReadOnlySet<string> FindAlive()
    {
        lock (_lock)
        {
            _unloaded.RemoveAll(entry => !entry.Context.IsAlive);
            return _unloaded.Select(entry => entry.Id).ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <summary>Makes the runtime collect until nothing of a plugin is left, or it is clear that something holds on to it.</summary>
    /// <returns>Whether all of it is gone.</returns>
    public async Task<bool> CollectAsync(string pluginId)
    {
        for (var round = 0; round < MostCollections; round++)
        {
            // A load context leaves in several steps, and finalizers in between have to run.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (!FindAlive().Contains(pluginId))
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(10 * round), time);
        }

        return false;
    }
}
