using Benchmarks.Receive;
using Benchmarks.Run;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Benchmarks.Deliver;

/// <summary>
/// What keeping the order costs: a hook that is sent all changes strictly in order, against a bare loop that posts one message at a time. The next POST leaves
/// when the end of the one before is stored.
/// </summary>
internal static class OrderBenchmark
{
    public static async Task<Report> RunAsync(Options options)
    {
        var rounds = options.Number("rounds", 5);
        var deliveries = options.Number("deliveries", 3_000);
        var bytes = options.Number("bytes", 1024);

        using var folder = new RunFolder("order");
        await using var receiver = await ReceiverProcess.StartAsync();
        var baseUri = new NoHost().BaseUri;
        var body = StandardPayload.Write(MemoryChangeLog.ForMessagesOf(bytes, baseUri).NewChange(1_000_000), baseUri).ToArray();
        var secret = WebhookSecret.Generate();
        using var raw = new RawLoop(
            receiver.Address, body, () => StandardSignature.Headers("msg_benchmark", TimeProvider.System.GetUtcNow(), body, [secret]), concurrency: 1);
        await using var strict = await DeliverySubject.StartAsync(
            MemoryChangeLog.ForMessagesOf(bytes, baseUri), Path.Combine(folder.FullPath, "strict.db"), receiver.Address, hooks: 1, concurrency: 64, DeliveryOrder.Strict);

        Func<int, Task<double>>[] subjects = [raw.MeasureAsync, strict.MeasureAsync];
        var rates = subjects.Select(_ => new List<double>()).ToArray();
        foreach (var subject in subjects)
            await subject(deliveries);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < subjects.Length; i++)
            {
                var subject = (i + round) % subjects.Length;
                rates[subject].Add(await subjects[subject](deliveries));
            }
        }

        var report = new Report($"{body.Length} bytes signed, medians of {rounds} rounds [lowest..highest]", "a second", "of the bare loop");
        var ratio = rates[1].Zip(rates[0], (rate, bare) => rate / bare).ToList();
        report.AddRow("bare HttpClient loop, one at a time", Cell.Spread(rates[0], Cell.PerSecond), "");
        report.AddRow("one hook in strict order", Cell.Spread(rates[1], Cell.PerSecond), Cell.Spread(ratio, Cell.Ratio));
        report.AddFigure("rawPerSecond", Sample.Median(rates[0]));
        report.AddFigure("strictPerSecond", Sample.Median(rates[1]));
        report.AddFigure("strictRatio", Sample.Median(ratio));
        return report;
    }
}
