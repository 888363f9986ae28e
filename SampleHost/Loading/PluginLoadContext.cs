using System.Reflection;
using System.Runtime.Loader;
using Dam.Hosting;

namespace SampleHost.Loading;

/// <summary>
/// One load of one plugin. Contract assemblies come from the host; the rest from the plugin's own folder, except what its manifest
/// shares with the host; of framework assemblies the manifest isolates, it gets copies of its own.
/// </summary>
internal sealed class PluginLoadContext : AssemblyLoadContext
{
    private readonly AssemblyDependencyResolver _resolver;
    private readonly HashSet<string> _share;
    private readonly HashSet<string> _isolate;

    /// <param name="manifest">What the plugin says of itself.</param>
    /// <param name="entryAssemblyPath">Its entry assembly, beside which the rest is found.</param>
    /// <param name="isKept">Whether its code stays in memory for good, after it stopped too.</param>
    public PluginLoadContext(PluginManifest manifest, string entryAssemblyPath, bool isKept)
        : base($"{manifest.Id} {manifest.Version}", isCollectible: !isKept)
    {
        _resolver = new AssemblyDependencyResolver(entryAssemblyPath);
        _share = new HashSet<string>(manifest.Share, StringComparer.OrdinalIgnoreCase);
        _isolate = new HashSet<string>(manifest.Isolate, StringComparer.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var name = assemblyName.Name ?? "";
        var hostPath = HostAssemblies.FindPath(name);
        if (hostPath is not null && _isolate.Contains(name))
            return LoadFromAssemblyPath(hostPath);

        // Null means: the host's context answers, with its own copy or none.
        if (HostAssemblies.IsContract(name) || (hostPath is not null && _share.Contains(name)))
            return null;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
