using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Plugin.ApiWebhooks.Track;

namespace Plugin.Tests.Track;

/// <summary>What one plugin measures; those of other tests in the process are not listened to.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, string Tags, double Value)> _measured = new();

    public Measurements(Telemetry plugin)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, plugin.Meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What was measured by an instrument, as <c>tags=value</c>.</summary>
    public IReadOnlyList<string> Of(string name) => [.. _measured.Where(each => each.Name == name).Select(each => FormattableString.Invariant($"{each.Tags}={each.Value:0.###}"))];

    /// <summary>Collects the instruments that are read on demand.</summary>
    public Measurements Collect()
    {
        _measured.Clear();
        _listener.RecordObservableInstruments();
        return this;
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue((instrument.Name, string.Join(",", tags.ToArray().Select(tag => tag.Value)), value));
}
