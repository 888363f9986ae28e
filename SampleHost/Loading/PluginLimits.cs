namespace SampleHost.Loading;

/// <summary>How long the loader waits for what.</summary>
internal sealed record PluginLimits
{
    /// <summary>A plugin must have started within this time.</summary>
    public TimeSpan Start { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What event streams get to end by themselves when their plugin unloads; they never would otherwise.</summary>
    public TimeSpan StreamGrace { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>What every other request gets to finish before it is cancelled.</summary>
    public TimeSpan RequestGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What a cancelled request gets before its connection is cut.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What hosted services and the plugin together get to stop.</summary>
    public TimeSpan Stop { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A changed folder is looked at only after nothing in it changed for this time: copying is over.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the plugins folder is looked at even when the system reported no change: it cannot on every file system.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(5);
}
