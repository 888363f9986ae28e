using Benchmarks.Receive;
using Benchmarks.Run;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Send;

namespace Benchmarks.Deliver;

/// <summary>
/// How close the plugin comes to what the machine can post at all. In each round the same number of signed messages goes to the same receiver, in an
/// order that changes every round: from a bare loop, from one that signs each message as a sender has to, through the plugin with one hook, and through it
/// with four hooks. Through the plugin means: change read, matched, rendered, stored, signed, posted, attempt and result stored and on the disk. With
/// <c>--storage postgres</c> the server shares the processors, and what it does for a delivery is told too.
/// </summary>
internal static class DeliverBenchmark
{
    public static async Task<Report> RunAsync(Options options)
    {
        var rounds = options.Number("rounds", 9);
        var deliveries = options.Number("deliveries", 20_000);
        var concurrency = options.Number("concurrency", 64);
        var bytes = options.Number("bytes", 1024);

        using var folder = new RunFolder("deliver");
        using var storage = Storage.Start(options, folder);
        await using var receiver = await ReceiverProcess.StartAsync();
        var baseUri = new NoHost().BaseUri;
        var log = MemoryChangeLog.ForMessagesOf(bytes, baseUri);
        var body = StandardPayload.Write(log.NewChange(1_000_000), baseUri).ToArray();
        var secret = WebhookSecret.Generate();
        var signature = Sign(body, secret);
        using var raw = new RawLoop(receiver.Address, body, () => signature, concurrency);
        using var signing = new RawLoop(receiver.Address, body, () => Sign(body, secret), concurrency);
        await using var one = await DeliverySubject.StartAsync(
            MemoryChangeLog.ForMessagesOf(bytes, baseUri), storage.Add("one"), receiver.Address, hooks: 1, concurrency);
        await using var four = await DeliverySubject.StartAsync(
            MemoryChangeLog.ForMessagesOf(bytes, baseUri), storage.Add("four"), receiver.Address, hooks: 4, concurrency);

        Func<int, Task<double>>[] subjects = [raw.MeasureAsync, one.MeasureAsync, four.MeasureAsync, signing.MeasureAsync];
        var rates = subjects.Select(_ => new List<double>()).ToArray();
        var micros = subjects.Select(_ => new List<double>()).ToArray();
        var work = new Storage.Work[subjects.Length];
        foreach (var subject in subjects)
            await subject(deliveries);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < subjects.Length; i++)
            {
                var subject = (i + round) % subjects.Length;
                var (before, workBefore) = (Environment.CpuUsage.TotalTime, storage.Read());
                rates[subject].Add(await subjects[subject](deliveries));
                micros[subject].Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / deliveries);
                work[subject] += storage.Read() - workBefore;
            }

            Console.WriteLine($"round {round + 1}: raw {Cell.PerSecond(rates[0][^1])}, one hook {Cell.PerSecond(rates[1][^1])}, four hooks {Cell.PerSecond(rates[2][^1])}");
        }

        if (await receiver.CountUnsignedAsync() is > 0 and var unsigned)
            throw new InvalidOperationException($"{unsigned} messages came without a signature.");
        var report = Describe(rates, micros, body.Length);
        if (storage.IsServer)
            AddWork(report, work[1], work[2], (double)deliveries * rounds);
        return report;
    }

    private static KeyValuePair<string, string>[] Sign(byte[] body, WebhookSecret secret) =>
        StandardSignature.Headers("msg_benchmark", TimeProvider.System.GetUtcNow(), body, [secret]);

    private static Report Describe(List<double>[] rates, List<double>[] micros, int bytes)
    {
        var report = new Report($"{bytes} bytes signed, medians of {rates[0].Count} rounds [lowest..highest]", "a second", "of the bare loop", "processor time each");
        var ratios = rates.Select(each => each.Zip(rates[0], (rate, raw) => rate / raw).ToList()).ToArray();
        report.AddRow("bare HttpClient loop", Cell.Spread(rates[0], Cell.PerSecond), "", Cell.Spread(micros[0], Cell.Microseconds));
        report.AddRow("bare loop that signs", Cell.Spread(rates[3], Cell.PerSecond), Cell.Spread(ratios[3], Cell.Ratio), Cell.Spread(micros[3], Cell.Microseconds));
        report.AddRow("plugin, one hook", Cell.Spread(rates[1], Cell.PerSecond), Cell.Spread(ratios[1], Cell.Ratio), Cell.Spread(micros[1], Cell.Microseconds));
        report.AddRow("plugin, four hooks", Cell.Spread(rates[2], Cell.PerSecond), Cell.Spread(ratios[2], Cell.Ratio), Cell.Spread(micros[2], Cell.Microseconds));
        report.AddFigure("rawPerSecond", Sample.Median(rates[0]));
        report.AddFigure("fanout1PerSecond", Sample.Median(rates[1]));
        report.AddFigure("fanout1Ratio", Sample.Median(ratios[1]));
        report.AddFigure("fanout4PerSecond", Sample.Median(rates[2]));
        report.AddFigure("fanout4Ratio", Sample.Median(ratios[2]));
        report.AddFigure("signingRatio", Sample.Median(ratios[3]));
        return report;
    }

    private static void AddWork(Report report, Storage.Work one, Storage.Work four, double deliveries)
    {
        foreach (var (name, work) in new[] { ("one hook", one), ("four hooks", four) })
        {
            report.AddNote($"The server, for a delivery, with {name}: {Cell.Ratio(work.Statements / deliveries)} statements, {Cell.Number(work.WalBytes / deliveries)} bytes of log, "
                + $"{Cell.Microseconds(work.ProcessorTime.TotalMicroseconds / deliveries)} of processor time.");
        }

        report.AddFigure("statementsPerDelivery", one.Statements / deliveries);
        report.AddFigure("walBytesPerDelivery", one.WalBytes / deliveries);
    }
}
