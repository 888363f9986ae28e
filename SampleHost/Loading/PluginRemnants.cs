namespace SampleHost.Loading;

/// <summary>Remembers unloaded plugins whose code has not left the memory yet, without keeping it there.</summary>
internal sealed class PluginRemnants(TimeProvider time)
{
    private const int MostCollections = 12;

    // What a context was made of is freed by finalizers after it, in several steps again.
    private const int CollectionsAfterwards = 5;

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
    /// <remarks>
    /// Collecting is not for the memory alone. The .NET 10 runtime (10.0.12) frees what it had cached of a context's interface calls without a lock; another thread that
    /// caches a call at the same moment, as every thread does while new code is loaded, can break the cache, and the process crashes some time later. So all of it is freed here,
    /// while the plugin's requests have ended and before anything new is loaded.
    /// </remarks>
    /// <returns>Whether all of it is gone.</returns>
    public async Task<bool> CollectAsync(string pluginId)
    {
        if (!IsKnown(pluginId))
            return true;
        for (var round = 0; round < MostCollections; round++)
        {
            Collect();
            if (!FindAlive().Contains(pluginId))
            {
                for (var afterwards = 0; afterwards < CollectionsAfterwards; afterwards++)
                    Collect();
                return true;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(10 * round), time);
        }

        return false;
    }

    // A load context leaves in several steps, and finalizers in between have to run.
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GenericCalls.FillCache();
    }

    private bool IsKnown(string pluginId)
    {
        lock (_lock)
            return _unloaded.Exists(entry => entry.Id == pluginId);
    }
}
