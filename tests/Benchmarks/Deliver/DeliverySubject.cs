using Benchmarks.Run;
using System.Diagnostics;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;

namespace Benchmarks.Deliver;

/// <summary>A plugin whose deliveries are counted as they are stored.</summary>
internal sealed class DeliverySubject : IAsyncDisposable
{
    private readonly MemoryChangeLog _log;
    private readonly int _hooks;
    private readonly BarePlugin _plugin;
    private long _settled;
    private long _awaited = long.MaxValue;
    private TaskCompletionSource _reached = new();

    private DeliverySubject(MemoryChangeLog log, Place place, Uri receiver, int hooks, int concurrency, DeliveryOrder order)
    {
        (_log, _hooks) = (log, hooks);
        var settings = new DeliverySettings { Concurrency = concurrency, ConcurrencyPerHook = concurrency };
        _plugin = new BarePlugin(log, place, receiver, PathsOf(hooks), settings, order);
    }

    /// <summary>Where the hooks lead.</summary>
    public static IReadOnlyList<string> PathsOf(int hooks) => [.. Enumerable.Range(1, hooks).Select(number => $"/hook/{number}")];

    /// <param name="log">Where changes come from.</param>
    /// <param name="place">The plugin's database.</param>
    /// <param name="receiver">Where deliveries go.</param>
    /// <param name="hooks">How many hooks want each change.</param>
    /// <param name="concurrency">Attempts under way at the same time.</param>
    /// <param name="order">In which order they are sent.</param>
    public static async Task<DeliverySubject> StartAsync(
        MemoryChangeLog log, Place place, Uri receiver, int hooks, int concurrency, DeliveryOrder order = DeliveryOrder.None)
    {
        var subject = new DeliverySubject(log, place, receiver, hooks, concurrency, order);
        await subject._plugin.Pipeline.StartAsync();
        subject._plugin.Pipeline.Dispatcher!.Stored += subject.Count;
        return subject;
    }

    /// <summary>Lets changes happen and waits until all their deliveries are sent and stored as delivered.</summary>
    /// <returns>Deliveries a second.</returns>
    public async Task<double> MeasureAsync(int deliveries)
    {
        var changes = deliveries / _hooks;
        var before = Interlocked.Read(ref _settled);
        _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _awaited, before + (changes * _hooks));
        var start = Stopwatch.GetTimestamp();
        _log.Append(changes);
        await _reached.Task;
        return changes * _hooks / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public ValueTask DisposeAsync() => _plugin.DisposeAsync();

    private void Count(IReadOnlyList<Settlement> settlements)
    {
        if (settlements.FirstOrDefault(settlement => settlement.Verdict is not Verdict.Deliver) is { } failed)
            _reached.TrySetException(new InvalidOperationException($"A delivery failed: {failed.Verdict}, {failed.Attempt}"));
        if (Interlocked.Add(ref _settled, settlements.Count) >= Volatile.Read(ref _awaited))
            _reached.TrySetResult();
    }
}
