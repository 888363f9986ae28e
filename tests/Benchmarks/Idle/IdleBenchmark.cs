using Benchmarks.Receive;
using Benchmarks.Run;

namespace Benchmarks.Idle;

/// <summary>
/// What a host with many subscriptions does while nothing happens. First one save goes to all of them, so that everything is in use; then, after a pause in which
/// what is left over ends, the host is watched.
/// </summary>
internal static class IdleBenchmark
{
    public static async Task<Report> RunAsync(Options options)
    {
        var hooks = options.Number("hooks", 1000);
        var watched = TimeSpan.FromSeconds(options.Number("seconds", 60));
        // The runtime goes on compiling for a while what the start made busy.
        var pause = TimeSpan.FromSeconds(options.Number("pause", 60));

        using var folder = new RunFolder("idle");
        await using var receiver = await ReceiverProcess.StartAsync();
        var plugins = folder.Add("plugins");
        var data = folder.Add("data");
        RunFolder.AddPlugin(plugins, PluginConfig.For(receiver, [.. Enumerable.Range(1, hooks).Select(number => $"/hook/{number}")]));
        await using var host = await HostProcess.StartAsync(data, plugins, Path.Combine(folder.FullPath, "host.log"));
        using (var client = new RecordClient(host, connections: 1))
            await client.InsertAsync("Minutes");
        await receiver.WaitForAsync(hooks);
        await Task.Delay(pause, TimeProvider.System);

        var writes = new DatabaseWrites(data, plugins);
        var processorTime = host.ProcessorTime;
        for (var elapsed = TimeSpan.Zero; elapsed < watched; elapsed += TimeSpan.FromSeconds(1))
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            writes.Look();
        }

        var percent = (host.ProcessorTime - processorTime) / watched * 100;
        var report = new Report($"{hooks} subscriptions, {watched.TotalSeconds:0} s with nothing due", "");
        report.AddRow("database files written to, in looks a second apart", Cell.Number(writes.Count));
        report.AddRow("processor time, of one core", $"{Cell.Number(percent)} %");
        report.AddFigure("writes", writes.Count);
        report.AddFigure("cpuPercent", percent);
        return report;
    }
}
