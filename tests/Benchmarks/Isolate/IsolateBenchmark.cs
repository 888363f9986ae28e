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
        var rounds = options.Number("rounds", 40);
        var changes = options.Number("changes", 300);
        var healthy = options.Number("healthy", 9);
        var hanging = options.Number("hanging", 1);
        var every = TimeSpan.FromMilliseconds(options.Number("every", 5));
        var delivery = new DeliverySettings();

        using var folder = new RunFolder("isolate");
        await using var receiver = await ReceiverProcess.StartAsync();
        await using var without = await IsolateSubject.StartAsync(Path.Combine(folder.FullPath, "without.db"), receiver, healthy, 0, delivery);
        await using var with = await IsolateSubject.StartAsync(Path.Combine(folder.FullPath, "with.db"), receiver, healthy, hanging, delivery);
        IsolateSubject[] subjects = [without, with];
        var waits = subjects.Select(_ => new List<double>()).ToArray();
        foreach (var subject in subjects)
            await subject.MeasureAsync(changes * 5, every);
        using var sockets = new OpenSockets(TimeSpan.FromMilliseconds(100));
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < subjects.Length; i++)
            {
                var subject = (i + round) % subjects.Length;
                waits[subject].AddRange(await subjects[subject].MeasureAsync(changes, every));
            }
        }

        return Describe(waits, sockets.Most, $"{healthy} healthy hooks", hanging, delivery);
    }

    // Of all waits together, not of each round: the rounds are short, so that what else the machine does meets both alike.
    private static Report Describe(List<double>[] waits, int sockets, string healthy, int hanging, DeliverySettings delivery)
    {
        var report = new Report($"{waits[0].Count:#,0} deliveries each", "p50", "p90", "p99", "longest");
        foreach (var (name, each) in new[] { (healthy, waits[0]), ($"{healthy} beside {hanging} that hang", waits[1]) })
        {
            report.AddRow(
                name, Cell.Milliseconds(Sample.Median(each)), Cell.Milliseconds(Sample.Percentile(each, 90)), Cell.Milliseconds(Sample.Percentile(each, 99)),
                Cell.Milliseconds(each.Max()));
        }

        var ratio = Sample.Percentile(waits[1], 99) / Sample.Percentile(waits[0], 99);
        report.AddNote($"p99 with receivers that hang, of p99 without: {Cell.Ratio(ratio)}");
        report.AddNote($"open sockets of both plugins and the benchmark together: at most {sockets}; each plugin's limit is {delivery.Concurrency} + {Slots.MostSlow}");
        report.AddFigure("p99Ratio", ratio);
        report.AddFigure("openSockets", sockets);
        return report;
    }
}
