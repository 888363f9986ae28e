using System.Collections.Concurrent;
using Dam.Hosting;
using Microsoft.AspNetCore.Routing;

namespace SampleHost.Loading;

/// <summary>
/// One load of one plugin with everything that belongs to it; parts are null until they are made and again after they were taken down.
/// </summary>
internal sealed class LoadedPlugin(PluginManifest manifest, string shadowFolder)
{
    public PluginManifest Manifest { get; } = manifest;

    public string ShadowFolder { get; } = shadowFolder;

    public PluginTraffic Traffic { get; } = new();

    /// <summary>Background tasks that broke, and calls that threw where the caller had to go on.</summary>
    public ConcurrentQueue<PluginFault> Faults { get; } = new();

    public PluginLoadContext? Context { get; set; }

    public IHostPlugin? Plugin { get; set; }

    public ServiceProvider? Services { get; set; }

    public IReadOnlyList<RouteEndpoint> Endpoints { get; set; } = [];

    public HostedWork? Hosted { get; set; }

    /// <summary>Whether the plugin's own start was begun, so that its stop is owed.</summary>
    public bool StartCalled { get; set; }

    public DateTimeOffset LoadedAt { get; set; }

    /// <summary>Notes that something of the plugin's broke, for the plugin manager; the log has the whole error.</summary>
    public void AddFault(string place, string message)
    {
        const int mostKept = 20;
        if (Faults.Count < mostKept)
            Faults.Enqueue(new PluginFault(FaultSeverity.Error, place, message, "Look into the log, then reload the plugin."));
    }
}
