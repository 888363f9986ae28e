using Dam.Hosting;
using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Manager;

/// <summary>The plugin manager.</summary>
/// <param name="Folder">Where plugins are dropped in.</param>
/// <param name="Plugins">What is there.</param>
/// <param name="Banner">What just happened, or null.</param>
public sealed record PluginsView(string Folder, IReadOnlyList<PluginView> Plugins, BannerView? Banner);

/// <summary>One plugin.</summary>
public sealed record PluginView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Its version, or null when its manifest cannot be read.</summary>
    public string? Version { get; init; }

    /// <summary>Its state in words.</summary>
    public required string State { get; init; }

    /// <summary>The colour of its state: <c>good</c>, <c>bad</c>, <c>care</c>.</summary>
    public required string Tone { get; init; }

    /// <summary>Why it is in that state, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>What to do about it, or null.</summary>
    public string? Remedy { get; init; }

    /// <summary>What it says is wrong.</summary>
    public IReadOnlyList<PluginFault> Faults { get; init; } = [];

    /// <summary>When it was loaded, or null.</summary>
    public DateTimeOffset? LoadedAt { get; init; }

    /// <summary>Its own pages, or null when it has none.</summary>
    public string? Href { get; init; }
}
