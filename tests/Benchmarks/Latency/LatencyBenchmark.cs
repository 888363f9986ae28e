using System.Diagnostics;
using Benchmarks.Load;
using Benchmarks.Receive;
using Benchmarks.Run;

namespace Benchmarks.Latency;

/// <summary>
/// How soon after a save its event arrives. Several clients save through the API, each save with a mark of its own; the receiver notes when the request with that
/// mark began. Counted from the moment at which the client began the save. Beside it the same saves on a host without the plugin.
/// </summary>
internal static class LatencyBenchmark
{
    public static async Task<Report> RunAsync(Options options)
    {
        var clients = options.Number("clients", 8);
        var saves = options.Number("saves", 10_000);
        var warmUp = TimeSpan.FromSeconds(options.Number("warmup", 20));

        using var folder = new RunFolder("latency");
        await using var receiver = await ReceiverProcess.StartAsync();
        List<double> bare, saved, arrived;
        await using (var host = await HostProcess.StartAsync(folder.Add("absent-data"), folder.Add("absent-plugins"), Path.Combine(folder.FullPath, "absent.log")))
        {
            using var client = new MarkedSaves(host, clients);
            await client.WarmUpAsync(warmUp);
            bare = [.. (await client.RunAsync(saves)).Milliseconds];
        }

        var plugins = folder.Add("present-plugins");
        RunFolder.AddPlugin(plugins, PluginConfig.For(receiver, ["/timed"]));
        await using (var host = await HostProcess.StartAsync(folder.Add("present-data"), plugins, Path.Combine(folder.FullPath, "present.log")))
        {
            using var client = new MarkedSaves(host, clients);
            await client.WarmUpAsync(warmUp);
            await receiver.WaitForAsync(client.Count);
            await receiver.TakeArrivalsAsync();
            var first = client.NextMark;
            saved = [.. (await client.RunAsync(saves)).Milliseconds];
            await receiver.WaitForAsync(client.Count);
            // A mark that came twice counts by its first arrival.
            var arrivals = (await receiver.TakeArrivalsAsync()).DistinctBy(arrival => arrival.Mark).ToDictionary(arrival => arrival.Mark, arrival => arrival.Timestamp);
            arrived = [.. Enumerable.Range(first, saves).Select(mark => Stopwatch.GetElapsedTime(client.BegunAt(mark), arrivals[mark]).TotalMilliseconds)];
        }

        return Describe(bare, saved, arrived, clients);
    }

    private static Report Describe(List<double> bare, List<double> saved, List<double> arrived, int clients)
    {
        var report = new Report($"{arrived.Count} saves, {clients} clients", "p50", "p99", "longest");
        foreach (var (name, values) in new[] { ("save, plugin absent", bare), ("save, plugin present", saved), ("save begun to event arrived", arrived) })
            report.AddRow(name, Cell.Milliseconds(Sample.Median(values)), Cell.Milliseconds(Sample.Percentile(values, 99)), Cell.Milliseconds(values.Max()));
        report.AddFigure("p50Ms", Sample.Median(arrived));
        report.AddFigure("p99Ms", Sample.Percentile(arrived, 99));
        report.AddFigure("saveP50Ms", Sample.Median(bare));
        return report;
    }
}
