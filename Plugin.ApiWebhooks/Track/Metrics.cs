using System.Diagnostics;
using System.Diagnostics.Metrics;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Track;

/// <summary>
/// The plugin's instruments, named by the conventions of OpenTelemetry. Tags are few and bounded: the key of a hook or button, an outcome, a state. Addresses
/// and ids stand in spans and logs.
/// </summary>
internal sealed class Metrics
{
    private const string HookKey = "webhooks.hook.key";
    private const string ButtonKey = "webhooks.button.key";
    private const string Outcome = "webhooks.outcome";

    // Attempts end after milliseconds or at a time-out; a lag may be hours, when a receiver was away.
    private static readonly InstrumentAdvice<double> Durations =
        new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };

    private static readonly InstrumentAdvice<double> Lags =
        new() { HistogramBucketBoundaries = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 86400] };

    private readonly Meter _meter;
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _attemptDuration;
    private readonly Histogram<double> _lag;
    private readonly Counter<long> _presses;
    private readonly Histogram<double> _pressDuration;

    /// <summary>Makes the instruments of a meter.</summary>
    public Metrics(Meter meter)
    {
        _meter = meter;
        _attempts = meter.CreateCounter<long>("webhooks.delivery.attempts", "{attempt}", "Attempts that ended, by hook and outcome.");
        _attemptDuration = meter.CreateHistogram("webhooks.delivery.attempt.duration", "s", "How long an attempt took, to the end of the answer.", null, Durations);
        _lag = meter.CreateHistogram("webhooks.delivery.lag", "s", "From the commit of a change to the beginning of the first POST that tells of it.", null, Lags);
        _presses = meter.CreateCounter<long>("webhooks.button.presses", "{press}", "Presses that ended, by button and outcome.");
        _pressDuration = meter.CreateHistogram("webhooks.button.press.duration", "s", "How long a press took, to the end of the answer.", null, Durations);
    }

    /// <summary>Counts an attempt that ended.</summary>
    public void Count(string hookKey, ClaimedDelivery delivery, AttemptResult result)
    {
        if (!_attempts.Enabled && !_attemptDuration.Enabled && !_lag.Enabled)
            return;
        var tags = new TagList { { HookKey, hookKey }, { Outcome, OutcomeNames.Of(result.Outcome) } };
        _attempts.Add(1, tags);
        _attemptDuration.Record(result.Duration.TotalSeconds, tags);
        // A clock that was set back must not make it negative.
        if (delivery.Attempts == 0)
            _lag.Record(Math.Max(0, (result.StartedAt - delivery.OccurredAt).TotalSeconds), new KeyValuePair<string, object?>(HookKey, hookKey));
    }

    /// <summary>Counts a press that ended.</summary>
    public void CountPress(string buttonKey, AttemptResult result)
    {
        if (!_presses.Enabled && !_pressDuration.Enabled)
            return;
        var tags = new TagList { { ButtonKey, buttonKey }, { Outcome, OutcomeNames.Of(result.Outcome) } };
        _presses.Add(1, tags);
        _pressDuration.Record(result.Duration.TotalSeconds, tags);
    }

    /// <summary>
    /// Adds the instruments that are read when somebody collects: what is owed, how old it is, what is under way, how the hooks are. Called once.
    /// </summary>
    /// <param name="backlog">What is owed; read anew seldom, however often it is collected.</param>
    /// <param name="inFlight">How many attempts are under way.</param>
    public void Observe(Func<Backlog> backlog, Func<int> inFlight)
    {
        _meter.CreateObservableUpDownCounter("webhooks.delivery.in_flight", () => inFlight(), "{attempt}", "Attempts under way.");
        _meter.CreateObservableUpDownCounter(
            "webhooks.queue.depth",
            () => backlog().ByState().Select(each => new Measurement<long>(each.Value, Tag("webhooks.delivery.state", StateNames.Of(each.Key)))),
            "{delivery}",
            "Deliveries that are owed, by state.");
        _meter.CreateObservableGauge("webhooks.queue.oldest.age", () => backlog().OldestAge.TotalSeconds, "s", "How long ago the oldest owed delivery was stored; 0 when none is.");
        _meter.CreateObservableUpDownCounter(
            "webhooks.hook.queue.depth",
            () => backlog().Hooks.Where(each => each.Owed > 0).Select(each => new Measurement<long>(each.Owed, Tag(HookKey, each.Key))),
            "{delivery}",
            "Deliveries that are owed to a hook. A hook that is owed nothing is left out.");
        _meter.CreateObservableGauge(
            "webhooks.hook.queue.oldest.age",
            () => AgesByHook(backlog()),
            "s",
            "How long ago the oldest delivery owed to a hook was stored. A hook that is owed nothing is left out.");
        _meter.CreateObservableUpDownCounter(
            "webhooks.hook.count",
            () => backlog().HooksByState().Select(each => new Measurement<long>(each.Value, Tag("webhooks.hook.state", StateNames.Of(each.Key)))),
            "{hook}",
            "Hooks by state: active, paused, disabled.");
        _meter.CreateObservableGauge("webhooks.detect.behind", () => backlog().UnreadChanges, "{change}", "Changes in the host's log that were not looked at yet; at most so many.");
    }

    private static IEnumerable<Measurement<double>> AgesByHook(Backlog backlog) => backlog.Hooks
        .Where(hook => hook.Owed > 0)
        .Select(hook => new Measurement<double>(backlog.AgeOf(hook.OldestAt).TotalSeconds, Tag(HookKey, hook.Key)));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
