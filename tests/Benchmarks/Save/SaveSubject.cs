using System.Diagnostics;
using System.Globalization;
using Benchmarks.Load;
using Benchmarks.Receive;
using Benchmarks.Run;

namespace Benchmarks.Save;

/// <summary>How many saves a round makes.</summary>
/// <param name="Single">Saves by one client.</param>
/// <param name="Crowd">Saves by several clients together.</param>
/// <param name="Clients">How many these are.</param>
/// <param name="Hooks">How many hooks the plugin delivers each change to.</param>
internal sealed record SavePlan(int Single, int Crowd, int Clients, int Hooks);

/// <summary>What one host measured in one round.</summary>
/// <param name="MedianMilliseconds">The median time of a save by one client.</param>
/// <param name="PerSecond">Saves a second by several clients.</param>
/// <param name="ProcessorMicroseconds">The host's processor time for each save, with all that comes of it.</param>
internal sealed record SaveFigures(double MedianMilliseconds, double PerSecond, double ProcessorMicroseconds)
{
    public override string ToString() => $"{Cell.Milliseconds(MedianMilliseconds)} {Cell.PerSecond(PerSecond)}";
}

/// <summary>One of the two hosts that are compared.</summary>
internal sealed class SaveSubject : IAsyncDisposable
{
    private readonly HostProcess _host;
    private readonly RecordClient _client;
    private readonly ReceiverProcess? _receiver;
    private readonly SavePlan _plan;
    private long[] _records = [];
    private int _saves;

    private SaveSubject(HostProcess host, ReceiverProcess? receiver, SavePlan plan)
    {
        _host = host;
        _client = new RecordClient(host, plan.Clients);
        _receiver = receiver;
        _plan = plan;
    }

    /// <param name="folder">Where the host's folders are made.</param>
    /// <param name="name">Their name.</param>
    /// <param name="receiver">Where the plugin delivers; null for a host without it.</param>
    /// <param name="plan">What is measured.</param>
    public static async Task<SaveSubject> StartAsync(RunFolder folder, string name, ReceiverProcess? receiver, SavePlan plan)
    {
        var plugins = folder.Add($"{name}-plugins");
        if (receiver is not null)
            RunFolder.AddPlugin(plugins, PluginConfig.For(receiver, [.. Enumerable.Range(1, plan.Hooks).Select(number => $"/hook/{number}")]));
        var host = await HostProcess.StartAsync(folder.Add($"{name}-data"), plugins, Path.Combine(folder.FullPath, $"{name}.log"));
        return new SaveSubject(host, receiver, plan);
    }

    /// <summary>
    /// Inserts the records and saves for a time. The runtime compiles what runs often a second and a third time, in the background: seconds of processor
    /// time that no later save costs again.
    /// </summary>
    public async Task WarmUpAsync(TimeSpan time)
    {
        var received = await CountReceivedAsync();
        var start = Stopwatch.GetTimestamp();
        _records = new long[_plan.Clients];
        for (var i = 0; i < _records.Length; i++)
            _records[i] = await _client.InsertAsync($"Minutes {i}");
        do
        {
            await LoadGenerator.RunAsync(_plan.Clients, _plan.Crowd, SaveAsync);
            await LoadGenerator.RunAsync(1, _plan.Single, SaveAsync);
        }
        while (Stopwatch.GetElapsedTime(start) < time);
        await AwaitDeliveriesAsync(received, _records.Length + _saves);
    }

    /// <summary>Measures one round. What the plugin has to deliver is delivered when this returns, so that it does not burden the other host.</summary>
    public async Task<SaveFigures> MeasureAsync()
    {
        var received = await CountReceivedAsync();
        var processorTime = _host.ProcessorTime;
        var single = await LoadGenerator.RunAsync(1, _plan.Single, SaveAsync);
        var crowd = await LoadGenerator.RunAsync(_plan.Clients, _plan.Crowd, SaveAsync);
        await AwaitDeliveriesAsync(received, _plan.Single + _plan.Crowd);
        return new SaveFigures(
            single.MedianMilliseconds, crowd.PerSecond, (_host.ProcessorTime - processorTime).TotalMicroseconds / (_plan.Single + _plan.Crowd));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    // Each client has a record of its own: what is measured is saving, not one record's queue.
    private Task SaveAsync(int client, int number) =>
        _client.ChangeAsync(_records[client], Interlocked.Increment(ref _saves).ToString(CultureInfo.InvariantCulture));

    private async Task<long> CountReceivedAsync() => _receiver is null ? 0 : await _receiver.CountAsync();

    private async Task AwaitDeliveriesAsync(long before, int saves)
    {
        if (_receiver is not null)
            await _receiver.WaitForAsync(before + ((long)saves * _plan.Hooks));
    }
}
