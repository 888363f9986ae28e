using System.Diagnostics;
using Benchmarks.Deliver;
using Benchmarks.Receive;
using Benchmarks.Run;
using Plugin.ApiWebhooks.Configure;

namespace Benchmarks.Backlog;

/// <summary>
/// What a plugin does with a mountain of work, as after a long outage: a database full of deliveries that were never tried is given to a plugin in a process
/// of its own. Its memory must not grow with the mountain, and it must not become slower while it digs.
/// </summary>
internal static class BacklogBenchmark
{
    private const int Parts = 10;

    public static async Task<Report> RunAsync(Options options)
    {
        var deliveries = options.Number("deliveries", 1_000_000);
        var warmUp = options.Number("warmup", 50_000);
        var hooks = options.Number("hooks", 1);
        var concurrency = options.Number("concurrency", 64);
        var bytes = options.Number("bytes", 1024);

        using var folder = new RunFolder("backlog");
        await using var receiver = await ReceiverProcess.StartAsync();
        var databaseFile = Path.Combine(folder.FullPath, "backlog.db");
        var log = MemoryChangeLog.ForMessagesOf(bytes, new NoHost().BaseUri);
        await Prefill.OwedAsync(log, databaseFile, receiver.Address, hooks, deliveries + warmUp);
        Console.WriteLine($"{deliveries + warmUp:#,0} deliveries are owed.");

        using var process = Drain.Start(ReceiverProcess.ThisProgram(), databaseFile, receiver.Address, hooks, await log.GetLastPositionAsync(CancellationToken.None), concurrency);
        var rates = new List<double>();
        await receiver.WaitForAsync(warmUp);
        for (var part = 1; part <= Parts; part++)
        {
            var (before, start) = (await receiver.CountAsync(), Stopwatch.GetTimestamp());
            var after = await receiver.WaitForAsync(warmUp + ((long)deliveries * part / Parts));
            rates.Add((after - before) / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        process.Refresh();
        var peak = process.PeakWorkingSet64 / 1048576.0;
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        await AssertDrainedAsync(log, databaseFile, receiver);
        return Describe(rates, peak, deliveries);
    }

    private static async Task AssertDrainedAsync(MemoryChangeLog log, string databaseFile, ReceiverProcess receiver)
    {
        await using var plugin = new BarePlugin(log, databaseFile, receiver.Address, [], new DeliverySettings());
        if (plugin.Query("SELECT count(*) FROM delivery WHERE state <> 'delivered'") is > 0 and var left)
            throw new InvalidOperationException($"{left} deliveries are still owed.");
    }

    private static Report Describe(List<double> rates, double peak, int deliveries)
    {
        var report = new Report($"{deliveries:#,0} deliveries drained", "a second", "of the first tenth");
        for (var part = 0; part < Parts; part++)
            report.AddRow($"tenth {part + 1}", Cell.PerSecond(rates[part]), Cell.Ratio(rates[part] / rates[0]));
        report.AddNote($"highest memory in use (resident): {Cell.Number(peak)} MiB");
        report.AddFigure("peakRssMb", peak);
        report.AddFigure("lastTenthRatio", rates[^1] / rates[0]);
        return report;
    }
}
