using Dam.Hosting;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Deliver;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Detect;

/// <summary>Reads the host's change log and stores what is owed for it.</summary>
/// <remarks>
/// <list type="number">
/// <item>Read a batch after the position, in a pace that lets changes gather while they come fast. Nothing there: wait for the log's signal; no polling.</item>
/// <item>Match, render, and promise places in the lanes.</item>
/// <item>Store position, messages and deliveries in one transaction. A crash before its commit repeats the batch, a crash after it does not: nothing is lost and
/// nothing is made twice. Where another node changed subscriptions that are not known here yet, nothing is stored: they are read, and the batch is matched again.</item>
/// <item>Hand the deliveries over.</item>
/// </list>
/// </remarks>
internal sealed partial class Detector(
    IChangeLog log, DeliveryQueue queue, Dispatcher dispatcher, Subscriptions subscriptions, Func<Task> readAgain, IHostInformation host, TimeProvider time,
    Pace pace, Func<int> mostMessageBytes, Traces traces, ILogger<Detector> logger)
{
    private const int BatchSize = 1000;

    // How many changes that nobody wanted may be read again after a restart. Saves a write for each of them.
    private const int MostUnstored = 1000;

    private static readonly TimeSpan StandBack = TimeSpan.FromSeconds(2);

    // How often a node stands back for one that knows more subscriptions, before it goes on without.
    private const int MostStandBacks = 5;

    private long _position = -1;

    // The number of changed subscriptions before which those known here were read: perhaps too low, never too high.
    private long _version = -1;

    /// <summary>The stretch of changes that the host had removed before they were read, after the one sequence and up to the other; null for none.</summary>
    public (long After, long UpTo)? LostChanges { get; private set; }

    /// <summary>The sequence of the last change that was looked at; null before the start. Of changes that nobody wanted it may not be stored yet.</summary>
    public long? Position => Volatile.Read(ref _position) is var position and >= 0 ? position : null;

    /// <summary>Detects until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var pause = TimeSpan.FromMilliseconds(200); !cancellationToken.IsCancellationRequested; pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause)
        {
            try
            {
                await DetectAsync(() => pause = TimeSpan.FromMilliseconds(200), cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                // Stopped, perhaps together with the database: what was not stored is read again after the start.
                return;
            }
            catch (Exception exception)
            {
                // The log or the database is in trouble. Nothing is lost: the position stays, and the batch is read again.
                LogFailed(exception, pause);
            }
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task DetectAsync(Action progressed, CancellationToken cancellationToken)
    {
        var stored = await ReadPositionAsync(cancellationToken);
        // Up to "certain" changes were in the log before the subscriptions were read again: whoever is owed them is known.
        var (read, certain, stoodBack) = (stored, 0L, 0);
        while (true)
        {
            Volatile.Write(ref _position, read);
            var welcome = await dispatcher.WaitForRoomAsync(BatchSize, cancellationToken);
            await pace.WaitAsync(cancellationToken);
            // :: Step 1
            var changes = await log.ReadAfterAsync(read, welcome, cancellationToken);
            // What was passed over may be wanted by a subscription of another node: before waiting it is stored that it is not.
            if (changes.Count == 0 && (read == stored || !queue.IsShared))
            {
                await log.WaitForMoreAsync(read, cancellationToken);
                continue;
            }
            if (changes is [var first, ..])
            {
                if (first.Sequence > read + 1)
                    await LookForLostAsync(read, cancellationToken);
                if (first.Sequence <= certain)
                    changes = [.. changes.TakeWhile(change => change.Sequence <= certain)];
            }
            stoodBack = subscriptions.HasStrangers ? stoodBack : 0;
            if (subscriptions.HasStrangers && stoodBack < MostStandBacks)
            {
                read = await StandBackAsync(cancellationToken);
                stoodBack = read > stored ? 0 : stoodBack + 1;
                if (stoodBack == MostStandBacks)
                    LogStrangers();
                stored = read;
                continue;
            }
            // :: Step 2
            await subscriptions.RefreshOwnersAsync(cancellationToken);
            var builder = new BatchBuilder(dispatcher, host, mostMessageBytes(), Tell);
            var messages = builder.Build(changes, subscriptions.Current);
            read = changes is [.., var last] ? last.Sequence : read;
            if (messages.Count == 0 && changes.Count > 0 && read - stored < MostUnstored)
                continue;
            // :: Step 3
            var batch = new IngestBatch(stored, read, messages) { Version = read <= certain ? null : _version };
            long? moved;
            using (traces.BeginDetect(batch, changes.Count))
                moved = await StoreAsync(batch, builder);
            pace.EndTurn(changes.Count);
            if (moved is null && queue.ReadPosition() == stored)
            {
                (read, certain) = (stored, read);
                await ReadAgainAsync();
                continue;
            }
            stoodBack = moved is null ? 0 : stoodBack;
            read = stored = moved ?? await StandBackAsync(cancellationToken);
            progressed();
        }
    }

    // Another node, or this one, changed subscriptions.
    private async Task ReadAgainAsync()
    {
        var version = queue.ReadSubscriptionsVersion();
        await readAgain();
        _version = version;
    }

    // Another node was first. It may go on alone for a while: reading and rendering the same in all nodes would be in vain.
    private async Task<long> StandBackAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(StandBack, time, cancellationToken);
        return queue.ReadPosition() ?? 0;
    }

    // Sequences may have gaps. One at the log's beginning means that changes were removed before they were read here.
    private async Task LookForLostAsync(long read, CancellationToken cancellationToken)
    {
        var first = await log.GetFirstPositionAsync(cancellationToken);
        if (first <= read)
            return;
        LostChanges = (read, first);
        LogLost(read, first);
    }

    private async Task<long?> StoreAsync(IngestBatch batch, BatchBuilder builder)
    {
        List<ClaimedDelivery>? claimed = null;
        try
        {
            claimed = await queue.IngestAsync(batch);
        }
        finally
        {
            // A change that was already owed gives no delivery, and its place is free again.
            if (claimed is null || claimed.Count < builder.Reserved.Count)
                GiveBackUnused(builder.Reserved, claimed ?? []);
        }
        if (claimed is null)
            return null;
        foreach (var refused in batch.Messages.Where(message => message.Refusal is not null).SelectMany(message => message.Deliveries))
            queue.Refusals.Add(refused.SubscriptionId, 1);
        // :: Step 4
        dispatcher.HandOver(claimed);
        if (builder.Stored.Count > 0)
            dispatcher.NoteStored(builder.Stored);
        return batch.To;
    }

    private void GiveBackUnused(List<Lane> reserved, List<ClaimedDelivery> claimed)
    {
        var used = claimed.CountBy(delivery => delivery.SubscriptionId).ToDictionary();
        foreach (var lane in reserved)
        {
            if (used.TryGetValue(lane.SubscriptionId, out var count) && count > 0)
                used[lane.SubscriptionId] = count - 1;
            else
                dispatcher.CancelReservation(lane);
        }
    }

    // At the very first start the log's past belongs to nobody: who wants it asks for a replay. What came since the hooks were first seen is theirs.
    private async Task<long> ReadPositionAsync(CancellationToken cancellationToken)
    {
        if (queue.ReadPosition() is { } position)
            return position;
        var last = await log.GetLastPositionAsync(cancellationToken);
        await queue.StartReaderAsync(subscriptions.Current.Select(each => each.Subscription.StartsAfter).Append(last).Min());
        return queue.ReadPosition()!.Value;
    }

    private void Tell(RenderedMessage rendered, Subscriber subscriber, Change change)
    {
        if (rendered.Refusal is { } refusal)
            LogRefused(rendered.Fault, change.Sequence, subscriber.Subscription.Key, refusal.Reason, refusal.Detail);
        else
            LogThin(change.Sequence, subscriber.Subscription.Key, rendered.ThinInsteadOf);
    }

    [LoggerMessage(2110, LogLevel.Error, "Detecting changes failed; trying again in {Pause}.")]
    private partial void LogFailed(Exception exception, TimeSpan pause);

    [LoggerMessage(2111, LogLevel.Error, "No message was made of change {Sequence} for hook {Hook}; its delivery is given up: {Reason}. {Detail}")]
    private partial void LogRefused(Exception? exception, long sequence, string hook, string reason, string detail);

    [LoggerMessage(2113, LogLevel.Critical, "The host removed the changes after {After} and up to {UpTo} from its change log before they were read: they are not sent to anybody.")]
    private partial void LogLost(long after, long upTo);

    [LoggerMessage(2114, LogLevel.Warning, "Another node has hooks that are not in the config.json of this one, and detects no changes: they are detected here, and not for those hooks.")]
    private partial void LogStrangers();

    [LoggerMessage(2112, LogLevel.Warning, "Change {Sequence} is sent to hook {Hook} in short form: whole it would be {Bytes} bytes long.")]
    private partial void LogThin(long sequence, string hook, int bytes);
}
