using Benchmarks.Deliver;
using Benchmarks.Receive;
using Benchmarks.Run;

namespace Benchmarks.History;

/// <summary>
/// Whether a plugin that has worked for long is as quick as a new one: the rate of deliveries with an empty database and with one that holds millions of finished
/// deliveries and their attempts. In each round both deliver the same, and take turns in going first.
/// </summary>
internal static class HistoryBenchmark
{
    public static async Task<Report> RunAsync(Options options)
    {
        var finished = options.Number("finished", 3_000_000);
        var rounds = options.Number("rounds", 9);
        var deliveries = options.Number("deliveries", 20_000);
        var concurrency = options.Number("concurrency", 64);
        var bytes = options.Number("bytes", 1024);

        using var folder = new RunFolder("history");
        using var storage = Storage.Start(options, folder);
        await using var receiver = await ReceiverProcess.StartAsync();
        var baseUri = new NoHost().BaseUri;
        var oldPlace = storage.Add("old");
        var oldLog = MemoryChangeLog.ForMessagesOf(bytes, baseUri);
        await Prefill.FinishedAsync(oldLog, oldPlace, receiver.Address, hooks: 1, finished);
        Console.WriteLine($"{finished:#,0} deliveries are finished; the database has {Cell.Number(storage.BytesOf(oldPlace) / 1048576.0)} MiB.");

        await using var fresh = await DeliverySubject.StartAsync(
            MemoryChangeLog.ForMessagesOf(bytes, baseUri), storage.Add("new"), receiver.Address, hooks: 1, concurrency);
        await using var old = await DeliverySubject.StartAsync(oldLog, oldPlace, receiver.Address, hooks: 1, concurrency);
        DeliverySubject[] subjects = [fresh, old];
        var rates = subjects.Select(_ => new List<double>()).ToArray();
        foreach (var subject in subjects)
            await subject.MeasureAsync(deliveries);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < subjects.Length; i++)
            {
                var subject = (i + round) % subjects.Length;
                rates[subject].Add(await subjects[subject].MeasureAsync(deliveries));
            }

            Console.WriteLine($"round {round + 1}: new {Cell.PerSecond(rates[0][^1])}, old {Cell.PerSecond(rates[1][^1])}");
        }

        return Describe(rates, finished);
    }

    private static Report Describe(List<double>[] rates, int finished)
    {
        var report = new Report($"medians of {rates[0].Count} rounds [lowest..highest]", "a second", "of the new one");
        var ratios = rates[1].Zip(rates[0], (old, fresh) => old / fresh).ToList();
        report.AddRow("new database", Cell.Spread(rates[0], Cell.PerSecond), "");
        report.AddRow($"with {finished:#,0} finished deliveries", Cell.Spread(rates[1], Cell.PerSecond), Cell.Spread(ratios, Cell.Ratio));
        report.AddFigure("ratio", Sample.Median(ratios));
        return report;
    }
}
