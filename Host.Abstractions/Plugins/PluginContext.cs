namespace Dam.Hosting;

/// <summary>Where a loaded plugin stands and where it may write.</summary>
public sealed record PluginContext
{
    /// <summary>The plugin's id, from its manifest; also its folder's name below the plugins folder.</summary>
    public required string Id { get; init; }

    /// <summary>The plugin's version, from its manifest.</summary>
    public required string Version { get; init; }

    /// <summary>
    /// Absolute path of the plugin's own folder, where <c>plugin.json</c> and its settings stand. It may be read-only. The assemblies
    /// run from a shadow copy elsewhere, so files here may be replaced at any time.
    /// </summary>
    public required string Directory { get; init; }

    /// <summary>Absolute path of an existing folder for the plugin's own data. It outlives reloads and upgrades.</summary>
    public required string DataDirectory { get; init; }
}
