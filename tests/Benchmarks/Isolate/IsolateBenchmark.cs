using Benchmarks.Receive;
using Benchmarks.Run;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Deliver;

namespace Benchmarks.Isolate;

/// <summary>
/// Whether receivers that hang harm those that answer. Changes happen at an even pace, which the machine can well bear; in each round to a plugin whose hooks all
/// answer and to one that has as many beside some that never do. Told is how long the healthy ones wait.
/// </summary>
internal static class IsolateBenchmark
{
    public static async Task<Report> RunAsync(Options options)
    {
        var rounds = options.Number("rounds", 10);
        var changes = options.Number("changes", 1000);
        var healthy = options.Number("healthy", 9);
        var hanging = options.Number("hanging", 1);
        var every = TimeSpan.FromMilliseconds(options.Number("every", 5));
        var delivery = new DeliverySettings();

        using var folder = new RunFolder("isolate");
        await using var receiver = await ReceiverProcess.StartAsync();
        await using var without = await IsolateSubject.StartAsync(Path.Combine(folder.FullPath, "without.db"), receiver, healthy, 0, delivery);
        await using var with = await IsolateSubject.StartAsync(Path.Combine(folder.FullPath, "with.db"), receiver, healthy, hanging, delivery);
        IsolateSubject[] subjects = [without, with];
        var p50 = subjects.Select(_ => new List<double>()).ToArray();
        var p99 = subjects.Select(_ => new List<double>()).ToArray();
        foreach (var subject in subjects)
            await subject.MeasureAsync(changes, every);
        using var sockets = new OpenSockets(TimeSpan.FromMilliseconds(100));
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < subjects.Length; i++)
            {
                var subject = (i + round) % subjects.Length;
                var waits = await subjects[subject].MeasureAsync(changes, every);
                p50[subject].Add(Sample.Median(waits));
                p99[subject].Add(Sample.Percentile(waits, 99));
            }

            Console.WriteLine($"round {round + 1}: p99 without {Cell.Milliseconds(p99[0][^1])}, with {Cell.Milliseconds(p99[1][^1])}");
        }

        return Describe(p50, p99, sockets.Most, $"{healthy} healthy hooks", hanging, delivery);
    }

    private static Report Describe(List<double>[] p50, List<double>[] p99, int sockets, string healthy, int hanging, DeliverySettings delivery)
    {
        var report = new Report($"medians of {p50[0].Count} rounds [lowest..highest]", "p50", "p99", "p99 of the first");
        var ratios = p99[1].Zip(p99[0], (with, without) => with / without).ToList();
        report.AddRow(healthy, Cell.Spread(p50[0], Cell.Milliseconds), Cell.Spread(p99[0], Cell.Milliseconds), "");
        report.AddRow($"{healthy} beside {hanging} that hang", Cell.Spread(p50[1], Cell.Milliseconds), Cell.Spread(p99[1], Cell.Milliseconds), Cell.Spread(ratios, Cell.Ratio));
        report.AddNote($"open sockets of both plugins and the benchmark together: at most {sockets}; each plugin's limit is {delivery.Concurrency} + {Slots.MostSlow}");
        report.AddFigure("p99Ratio", Sample.Median(ratios));
        report.AddFigure("openSockets", sockets);
        return report;
    }
}
