using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Plugin.ApiWebhooks.Track;

/// <summary>
/// What the plugin tells of itself to whoever listens in the process: metrics and spans. While nobody listens a measurement is a comparison and a span is null.
/// Objects of the plugin's own, never static: disposed with the plugin they are forgotten by the runtime, and the plugin can be unloaded.
/// </summary>
internal sealed class Telemetry : IDisposable
{
    /// <summary>The name of the meter and of the source of spans.</summary>
    public const string Name = "Plugin.ApiWebhooks";

    /// <summary>Makes meter and source.</summary>
    public Telemetry()
    {
        var version = typeof(Telemetry).Assembly.GetName().Version?.ToString(3);
        Meter = new Meter(Name, version);
        Source = new ActivitySource(Name, version);
        Metrics = new Metrics(Meter);
        Traces = new Traces(Source);
    }

    /// <summary>Of the instruments.</summary>
    public Meter Meter { get; }

    /// <summary>Of the spans.</summary>
    public ActivitySource Source { get; }

    /// <summary>The metrics.</summary>
    public Metrics Metrics { get; }

    /// <summary>The spans.</summary>
    public Traces Traces { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Meter.Dispose();
        Source.Dispose();
    }
}
