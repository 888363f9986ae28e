using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Loading.Tests;

/// <summary>Remembers load contexts weakly, to see by itself, and not by the loader's word, whether they were collected.</summary>
internal sealed class LoadContexts
{
    private readonly List<WeakReference> _contexts = [];

    public int Count => _contexts.Count;

    /// <summary>Adds the running contexts of one version of a plugin.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Add(string id, string version) =>
        _contexts.AddRange(AssemblyLoadContext.All
            .Where(context => context.Name == $"{id} {version}")
            .Select(context => new WeakReference(context, trackResurrection: true)));

    /// <summary>How many are in memory although the collector was made to do its best.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int CountAlive()
    {
        for (var round = 0; round < 10 && _contexts.Exists(context => context.IsAlive); round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return _contexts.Count(context => context.IsAlive);
    }
}
