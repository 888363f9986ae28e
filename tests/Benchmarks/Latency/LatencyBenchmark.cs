using System.Diagnostics;
using Benchmarks.Load;
using Benchmarks.Receive;
using Benchmarks.Run;

namespace Benchmarks.Latency;

/// <summary>
/// How soon after a save its event arrives. Several clients save through the API without a pause, each save with a mark of its own; the receiver notes when the
/// request with that mark began. Counted from the moment at which the client began the save. Measured with changes that are read at once
/// (<c>gatherMilliseconds</c> 0), and as the plugin is set by itself, in favour of the saves. Beside it the same saves on a host without the plugin.
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
        List<double> bare;
        await using (var host = await HostProcess.StartAsync(folder.Add("absent-data"), folder.Add("absent-plugins"), Path.Combine(folder.FullPath, "absent.log")))
        {
            using var client = new MarkedSaves(host, clients);
            await client.WarmUpAsync(warmUp);
            bare = [.. (await client.RunAsync(saves)).Milliseconds];
        }

        var prompt = await MeasureAsync(folder, "prompt", receiver, PluginConfig.For(receiver, ["/timed"], gatherMilliseconds: 0), clients, saves, warmUp);
        var usual = await MeasureAsync(folder, "usual", receiver, PluginConfig.For(receiver, ["/timed"]), clients, saves, warmUp);
        return Describe(bare, prompt, usual, clients);
    }

    private static async Task<Delays> MeasureAsync(
        RunFolder folder, string name, ReceiverProcess receiver, string config, int clients, int saves, TimeSpan warmUp)
    {
        var plugins = folder.Add($"{name}-plugins");
        RunFolder.AddPlugin(plugins, config);
        await using var host = await HostProcess.StartAsync(folder.Add($"{name}-data"), plugins, Path.Combine(folder.FullPath, $"{name}.log"));
        using var client = new MarkedSaves(host, clients);
        var before = await receiver.CountAsync();
        await client.WarmUpAsync(warmUp);
        await receiver.WaitForAsync(before + client.Count);
        await receiver.TakeArrivalsAsync();
        var first = client.NextMark;
        List<double> saved = [.. (await client.RunAsync(saves)).Milliseconds];
        await receiver.WaitForAsync(before + client.Count);
        // A mark that came twice counts by its first arrival.
        var arrivals = (await receiver.TakeArrivalsAsync()).DistinctBy(arrival => arrival.Mark).ToDictionary(arrival => arrival.Mark, arrival => arrival.Timestamp);
        return new Delays(saved, [.. Enumerable.Range(first, saves).Select(mark => Stopwatch.GetElapsedTime(client.BegunAt(mark), arrivals[mark]).TotalMilliseconds)]);
    }

    private static Report Describe(List<double> bare, Delays prompt, Delays usual, int clients)
    {
        var report = new Report($"{bare.Count} saves, {clients} clients without a pause", "p50", "p99", "longest");
        AddRow("save, plugin absent", bare);
        AddRow("gatherMilliseconds 0: save", prompt.Saved);
        AddRow("gatherMilliseconds 0: save begun to event arrived", prompt.Arrived);
        AddRow("as it is set by itself: save", usual.Saved);
        AddRow("as it is set by itself: save begun to event arrived", usual.Arrived);
        report.AddFigure("p50Ms", Sample.Median(prompt.Arrived));
        report.AddFigure("p99Ms", Sample.Percentile(prompt.Arrived, 99));
        report.AddFigure("saveP50Ms", Sample.Median(bare));
        report.AddFigure("usualP50Ms", Sample.Median(usual.Arrived));
        report.AddFigure("usualP99Ms", Sample.Percentile(usual.Arrived, 99));
        return report;

        void AddRow(string name, List<double> values) =>
            report.AddRow(name, Cell.Milliseconds(Sample.Median(values)), Cell.Milliseconds(Sample.Percentile(values, 99)), Cell.Milliseconds(values.Max()));
    }

    // Milliseconds of each save, and from its beginning to the arrival of its event.
    private sealed record Delays(List<double> Saved, List<double> Arrived);
}
