using Benchmarks.Receive;
using Benchmarks.Run;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Send;

namespace Benchmarks.Deliver;

/// <summary>
/// How close the plugin comes to what the machine can post at all. In each round the same number of signed messages goes to the same receiver, in an
/// order that changes every round: from a bare loop, from one that signs each message as a sender has to, through the plugin with one hook, and through it
/// with four hooks. Through the plugin means: change read, matched, rendered, stored, signed, posted, attempt and result stored and on the disk.
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
        await using var receiver = await ReceiverProcess.StartAsync();
        var baseUri = new NoHost().BaseUri;
        var log = MemoryChangeLog.ForMessagesOf(bytes, baseUri);
        var body = StandardPayload.Write(log.NewChange(1_000_000), baseUri).ToArray();
        var secret = WebhookSecret.Generate();
        var signature = Sign(body, secret);
        using var raw = new RawLoop(receiver.Address, body, () => signature, concurrency);
        using var signing = new RawLoop(receiver.Address, body, () => Sign(body, secret), concurrency);
        await using var one = await DeliverySubject.StartAsync(
            MemoryChangeLog.ForMessagesOf(bytes, baseUri), Path.Combine(folder.FullPath, "one.db"), receiver.Address, hooks: 1, concurrency);
        await using var four = await DeliverySubject.StartAsync(
            MemoryChangeLog.ForMessagesOf(bytes, baseUri), Path.Combine(folder.FullPath, "four.db"), receiver.Address, hooks: 4, concurrency);

        Func<int, Task<double>>[] subjects = [raw.MeasureAsync, one.MeasureAsync, four.MeasureAsync, signing.MeasureAsync];
        var rates = subjects.Select(_ => new List<double>()).ToArray();
        var micros = subjects.Select(_ => new List<double>()).ToArray();
        foreach (var subject in subjects)
            await subject(deliveries);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < subjects.Length; i++)
            {
                var subject = (i + round) % subjects.Length;
                var before = Environment.CpuUsage.TotalTime;
                rates[subject].Add(await subjects[subject](deliveries));
                micros[subject].Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / deliveries);
            }

            Console.WriteLine($"round {round + 1}: raw {Cell.PerSecond(rates[0][^1])}, one hook {Cell.PerSecond(rates[1][^1])}, four hooks {Cell.PerSecond(rates[2][^1])}");
        }

        if (await receiver.CountUnsignedAsync() is > 0 and var unsigned)
            throw new InvalidOperationException($"{unsigned} messages came without a signature.");
        return Describe(rates, micros, body.Length);
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
}
