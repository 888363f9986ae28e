using Dam.Hosting;

namespace SampleHost.Loading;

/// <summary>What the loader made of one folder.</summary>
/// <param name="Id">The folder's name.</param>
/// <param name="Fingerprint">The folder's fingerprint when it was last acted upon; a different one is acted upon again.</param>
/// <param name="State">Where the plugin stands.</param>
internal sealed record PluginSlot(string Id, string Fingerprint, PluginState State)
{
    /// <summary>The manifest of what runs, or of what failed as far as it could be read.</summary>
    public PluginManifest? Manifest { get; init; }

    /// <summary>Why it failed; of a running plugin, why what the folder holds now was not put in its place.</summary>
    public PluginProblem? Problem { get; init; }

    /// <summary>Set while running.</summary>
    public LoadedPlugin? Loaded { get; init; }

    public PluginListing ToListing(IEnumerable<PluginFault> reported, bool earlierVersionInMemory) => new()
    {
        Id = Id,
        Name = Manifest?.Name ?? Id,
        Description = Manifest?.Description,
        Version = Manifest?.Version,
        State = State,
        Reason = Problem?.Reason ?? (earlierVersionInMemory ? "Something keeps the code of an earlier load in memory." : null),
        Remedy = Problem?.Remedy ?? (earlierVersionInMemory ? "Restart the host when it suits; nothing else needs it." : null),
        Faults = [.. Loaded?.Faults ?? [], .. reported],
        LoadedAt = State == PluginState.Running ? Loaded?.LoadedAt : null,
    };
}
