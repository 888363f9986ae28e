using Dam.Hosting;

namespace SampleHost.Loading;

/// <summary>One line of the plugin manager: a plugin, or a folder that should hold one.</summary>
internal sealed record PluginListing
{
    /// <summary>The folder's name, which is the plugin's id.</summary>
    public required string Id { get; init; }

    /// <summary>The name that people read; the id when the manifest is silent or cannot be read.</summary>
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>The version that runs or failed to, null when the manifest cannot be read.</summary>
    public string? Version { get; init; }

    public required PluginState State { get; init; }

    /// <summary>What is wrong, in words; null when all is well.</summary>
    public string? Reason { get; init; }

    /// <summary>What to do about <see cref="Reason"/>.</summary>
    public string? Remedy { get; init; }

    /// <summary>What the plugin says is wrong with it, and which of its background tasks broke.</summary>
    public IReadOnlyList<PluginFault> Faults { get; init; } = [];

    /// <summary>Since when the plugin runs (UTC), null when it does not.</summary>
    public DateTimeOffset? LoadedAt { get; init; }
}

internal enum PluginState
{
    /// <summary>Being started; none of its endpoints answers yet.</summary>
    Loading,

    Running,

    /// <summary>Not running, and <see cref="PluginListing.Reason"/> says why.</summary>
    Failed,

    /// <summary>Being drained and stopped.</summary>
    Stopping,

    /// <summary>Stopped and gone from the folder, but something keeps its code in memory until the host restarts.</summary>
    RestartNeeded,
}
