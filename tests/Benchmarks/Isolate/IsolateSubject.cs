using System.Diagnostics;
using Benchmarks.Deliver;
using Benchmarks.Receive;
using Plugin.ApiWebhooks.Configure;

namespace Benchmarks.Isolate;

/// <summary>A plugin with hooks that answer, and perhaps some that hang.</summary>
internal sealed class IsolateSubject : IAsyncDisposable
{
    private readonly MemoryChangeLog _log;
    private readonly BarePlugin _plugin;
    private readonly ReceiverProcess _receiver;
    private readonly int _healthy;
    private readonly List<long> _appended = [0];

    private IsolateSubject(string databaseFile, ReceiverProcess receiver, int healthy, int hanging, DeliverySettings delivery)
    {
        (_receiver, _healthy) = (receiver, healthy);
        _log = MemoryChangeLog.ForMessagesOf(1024, new NoHost().BaseUri, isMarked: true);
        var paths = Enumerable.Range(1, healthy).Select(number => $"/timed/{number}").Concat(Enumerable.Range(1, hanging).Select(number => $"/hang/{number}"));
        _plugin = new BarePlugin(_log, databaseFile, receiver.Address, [.. paths], delivery);
    }

    /// <param name="databaseFile">The plugin's database.</param>
    /// <param name="receiver">Where deliveries go.</param>
    /// <param name="healthy">How many hooks are answered at once.</param>
    /// <param name="hanging">How many are never answered.</param>
    /// <param name="delivery">How they are sent.</param>
    public static async Task<IsolateSubject> StartAsync(string databaseFile, ReceiverProcess receiver, int healthy, int hanging, DeliverySettings delivery)
    {
        var subject = new IsolateSubject(databaseFile, receiver, healthy, hanging, delivery);
        await subject._plugin.Pipeline.StartAsync();
        return subject;
    }

    /// <summary>Lets changes happen at an even pace and waits until the healthy hooks have all of them.</summary>
    /// <returns>How long each took from the change to the receiver, in milliseconds.</returns>
    public async Task<List<double>> MeasureAsync(int changes, TimeSpan every)
    {
        var before = await _receiver.CountAsync();
        await _receiver.TakeArrivalsAsync();
        var first = _appended.Count;
        using var timer = new PeriodicTimer(every, TimeProvider.System);
        for (var i = 0; i < changes; i++)
        {
            await timer.WaitForNextTickAsync();
            _appended.Add(Stopwatch.GetTimestamp());
            _log.Append(1);
        }

        await _receiver.WaitForAsync(before + ((long)changes * _healthy));
        return [.. (await _receiver.TakeArrivalsAsync()).Where(arrival => arrival.Mark >= first)
            .Select(arrival => Stopwatch.GetElapsedTime(_appended[arrival.Mark], arrival.Timestamp).TotalMilliseconds)];
    }

    public ValueTask DisposeAsync() => _plugin.DisposeAsync();
}
