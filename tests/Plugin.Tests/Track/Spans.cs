using System.Collections.Concurrent;
using System.Diagnostics;
using Plugin.ApiWebhooks.Track;

namespace Plugin.Tests.Track;

/// <summary>The spans of one plugin, as they ended.</summary>
internal sealed class Spans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public Spans(Telemetry plugin)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, plugin.Source),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Activity> Of(string name) => [.. _ended.Where(span => span.OperationName == name)];

    public void Dispose() => _listener.Dispose();
}
