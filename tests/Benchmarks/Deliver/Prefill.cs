using Benchmarks.Run;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Detect;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Queue;
using Dam.Hosting;

namespace Benchmarks.Deliver;

/// <summary>
/// Fills a plugin's database as if the plugin had worked for long, by the plugin's own statements, so that the rows are what it would have written.
/// </summary>
internal static class Prefill
{
    private const int Together = 1000;

    /// <summary>Stores deliveries that are owed and were never tried.</summary>
    public static Task OwedAsync(MemoryChangeLog log, Place place, Uri receiver, int hooks, int deliveries) =>
        FillAsync(log, place, receiver, hooks, deliveries, DeliveryState.Pending);

    /// <summary>Stores deliveries that arrived, with their attempts.</summary>
    public static Task FinishedAsync(MemoryChangeLog log, Place place, Uri receiver, int hooks, int deliveries) =>
        FillAsync(log, place, receiver, hooks, deliveries, DeliveryState.InFlight);

    private static async Task FillAsync(MemoryChangeLog log, Place place, Uri receiver, int hooks, int deliveries, DeliveryState state)
    {
        // The plugin itself makes the tables and the subscriptions.
        await using (var plugin = new BarePlugin(log, place, receiver, DeliverySubject.PathsOf(hooks), new DeliverySettings()))
        {
            await plugin.Pipeline.StartAsync();
            log.Append(1);
            await plugin.Pipeline.StopAsync(CancellationToken.None);
        }

        var host = new NoHost();
        var rules = new StandardRules(new HashSet<ChangeKind>(Enum.GetValues<ChangeKind>()));
        await using var database = place.Open();
        var queue = await DeliveryQueue.OpenAsync(database, TimeProvider.System);
        var owed = queue.ReadSubscriptions().Select(subscription => new NewDelivery(subscription.Id, state)).ToList();
        if (queue.ReadPosition() is null)
            await queue.StartReaderAsync(0);
        var position = queue.ReadPosition()!.Value;
        log.Append((int)(position + (deliveries / hooks) - await log.GetLastPositionAsync(CancellationToken.None)));
        for (var last = await log.GetLastPositionAsync(CancellationToken.None); position < last;)
        {
            var changes = await log.ReadAfterAsync(position, Together, CancellationToken.None);
            var messages = changes.Select(change => MessageRendering.ToMessage(change, MessageRendering.Of(change, rules, host, int.MaxValue), owed)).ToList();
            var claimed = await queue.IngestAsync(new IngestBatch(position, changes[^1].Sequence, messages));
            await queue.SettleAsync([.. claimed!.Select(delivery => new Settlement(delivery, new Verdict.Deliver(), Attempt(receiver)))], _ => false);
            position = changes[^1].Sequence;
        }
    }

    private static AttemptRecord Attempt(Uri receiver) => new()
    {
        StartedAt = TimeProvider.System.GetUtcNow(),
        Duration = TimeSpan.FromMilliseconds(2),
        Outcome = "Succeeded",
        Status = 200,
        Url = new Uri(receiver, "/hook/1").AbsoluteUri,
    };
}
