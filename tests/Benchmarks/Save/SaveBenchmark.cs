using Benchmarks.Receive;
using Benchmarks.Run;

namespace Benchmarks.Save;

/// <summary>
/// What the plugin costs a save. Two hosts run side by side, one without and one with the plugin, which delivers every change to a receiver.
/// In each round both get the same saves, one at a time and then by several clients, in an order that is swapped every round; the figure is the
/// median of the rounds' ratios. Each pair of processes is started afresh a few times, since two processes never run quite alike.
/// </summary>
internal static class SaveBenchmark
{
    public static async Task<Report> RunAsync(Options options)
    {
        var pairs = options.Number("pairs", 3);
        var rounds = options.Number("rounds", 8);
        var plan = new SavePlan(options.Number("single", 250), options.Number("crowd", 1000), options.Number("clients", 8), options.Number("hooks", 1));

        var warmUp = TimeSpan.FromSeconds(options.Number("warmup", 20));

        await using var receiver = await ReceiverProcess.StartAsync();
        var absent = new List<SaveFigures>();
        var present = new List<SaveFigures>();
        for (var pair = 0; pair < pairs; pair++)
        {
            using var folder = new RunFolder("save");
            await using var without = await SaveSubject.StartAsync(folder, "absent", null, plan);
            await using var with = await SaveSubject.StartAsync(folder, "present", receiver, plan);
            await Task.WhenAll(without.WarmUpAsync(warmUp), with.WarmUpAsync(warmUp));
            for (var round = 0; round < rounds; round++)
            {
                var isSwapped = round % 2 == 1;
                var first = await (isSwapped ? with : without).MeasureAsync();
                var second = await (isSwapped ? without : with).MeasureAsync();
                absent.Add(isSwapped ? second : first);
                present.Add(isSwapped ? first : second);
                Console.WriteLine($"pair {pair + 1}, round {round + 1}: absent {absent[^1]}, present {present[^1]}");
            }
        }

        if (await receiver.CountUnsignedAsync() is > 0 and var unsigned)
            throw new InvalidOperationException($"{unsigned} messages came without a signature.");
        return Describe(absent, present, plan);
    }

    private static Report Describe(List<SaveFigures> absent, List<SaveFigures> present, SavePlan plan)
    {
        var timeRatios = absent.Zip(present, (a, p) => p.MedianMilliseconds / a.MedianMilliseconds).ToList();
        var rateRatios = absent.Zip(present, (a, p) => p.PerSecond / a.PerSecond).ToList();
        var processorRatios = absent.Zip(present, (a, p) => p.ProcessorMicroseconds / a.ProcessorMicroseconds).ToList();
        var report = new Report($"medians of {absent.Count} rounds [lowest..highest]", "plugin absent", "plugin present", "ratio");
        report.AddRow("save p50, 1 client", Times(absent), Times(present), Cell.Spread(timeRatios, Cell.Ratio));
        report.AddRow($"saves, {plan.Clients} clients", Rates(absent), Rates(present), Cell.Spread(rateRatios, Cell.Ratio));
        report.AddRow("host's processor time for each save", Processor(absent), Processor(present), Cell.Spread(processorRatios, Cell.Ratio));
        report.AddFigure("saveP50Ratio", Sample.Median(timeRatios));
        report.AddFigure("saveThroughputRatio", Sample.Median(rateRatios));
        return report;

        static string Times(List<SaveFigures> figures) => Cell.Spread([.. figures.Select(each => each.MedianMilliseconds)], Cell.Milliseconds);
        static string Processor(List<SaveFigures> figures) => Cell.Spread([.. figures.Select(each => each.ProcessorMicroseconds)], Cell.Microseconds);
        static string Rates(List<SaveFigures> figures) => Cell.Spread([.. figures.Select(each => each.PerSecond)], Cell.PerSecond);
    }
}
