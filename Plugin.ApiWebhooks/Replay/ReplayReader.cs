using Dam.Hosting;
using Plugin.ApiWebhooks.Detect;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Replay;

/// <summary>Reads the next piece of a job's window and decides on each change. Reads only.</summary>
/// <remarks>It reads the change log on its own account: the detector, and so the other subscriptions, are not kept by it.</remarks>
/// <param name="log">The host's change log.</param>
/// <param name="store">What is known of deliveries.</param>
/// <param name="host">The host's address and title.</param>
/// <param name="mostMessageBytes">The longest message that is sent.</param>
/// <param name="refreshOwners">Looks up the rights of those whose hooks are stored.</param>
internal sealed class ReplayReader(
    IChangeLog log, ReplayStore store, IHostInformation host, Func<int> mostMessageBytes, Func<CancellationToken, Task> refreshOwners)
{
    private const int ReadTogether = 500;

    // A piece ends here, so that its position is stored now and then although nothing was found, and that its messages do not fill the memory.
    private const int MostSeen = 10_000;
    private const int MostSeenDeliveries = 10_000;
    private const long MostBytes = 8 * 1024 * 1024;

    /// <summary>Reads the next piece.</summary>
    /// <param name="job">The job as it is stored.</param>
    /// <param name="subscriber">Its subscription, as it is configured now.</param>
    /// <param name="most">The most deliveries to make owed.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public Task<ReplayChunk> ReadAsync(ReplayJob job, Subscriber subscriber, int most, CancellationToken cancellationToken) =>
        job.Which == ReplayWhich.Failed ? ReadDeliveriesAsync(job, subscriber, most, cancellationToken) : ReadChangesAsync(job, subscriber, most, cancellationToken);

    // What was given up stands among the deliveries, whatever the change log still has.
    private async Task<ReplayChunk> ReadDeliveriesAsync(ReplayJob job, Subscriber subscriber, int most, CancellationToken cancellationToken)
    {
        var piece = new Piece(job.Position);
        var limit = Math.Min(most, ReadTogether);
        var end = Math.Min(job.Window.UpTo, job.Position + MostSeenDeliveries);
        var failed = store.ReadFailed(job.SubscriptionId, job.Position, end, limit);
        foreach (var (delivery, occurredAt) in failed)
        {
            if (piece.Bytes >= MostBytes)
                return piece.Close(piece.Position);
            piece.Position = delivery.ChangeSequence;
            if (!job.Window.Holds(occurredAt))
                continue;
            piece.Seen++;
            if (!delivery.IsRefused)
                piece.Items.Add(new ReplayItem(delivery, null));
            else if (await FindAsync(delivery.ChangeSequence, cancellationToken) is { } change)
                piece.Add(delivery, Render(change, subscriber));
            else
                piece.Lost++;
        }
        return piece.Close(failed.Count < limit ? end : piece.Position);
    }

    private async Task<ReplayChunk> ReadChangesAsync(ReplayJob job, Subscriber subscriber, int most, CancellationToken cancellationToken)
    {
        var piece = new Piece(job.Position);
        while (piece.Position < job.Window.UpTo && !IsFull(piece, most) && piece.Position - job.Position < MostSeen)
        {
            // Asked each time: what is not there any more is told, never passed over.
            var first = Math.Min(await log.GetFirstPositionAsync(cancellationToken), job.Window.UpTo);
            if (first > piece.Position)
                piece.MissingUpTo = piece.Position = first;
            var changes = await log.ReadAfterAsync(piece.Position, ReadTogether, cancellationToken);
            if (changes.Count == 0)
                return piece.Close(job.Window.UpTo);
            await refreshOwners(cancellationToken);
            Look(piece, job, subscriber, changes, most);
        }
        return piece.Close(piece.Position);
    }

    private void Look(Piece piece, ReplayJob job, Subscriber subscriber, IReadOnlyList<Change> changes, int most)
    {
        var wanted = changes.Where(change => change.Sequence <= job.Window.UpTo && job.Window.Holds(change.OccurredAt) && subscriber.Wants(change))
            .Select(change => change.Sequence).ToHashSet();
        var known = store.ReadKnown(job.SubscriptionId, wanted);
        foreach (var change in changes)
        {
            if (change.Sequence > job.Window.UpTo)
            {
                piece.Position = job.Window.UpTo;
                return;
            }
            if (IsFull(piece, most))
                return;
            piece.Position = change.Sequence;
            if (!job.Window.Holds(change.OccurredAt))
                continue;
            piece.Seen++;
            if (wanted.Contains(change.Sequence))
                Take(piece, job.Which, change, subscriber, known.GetValueOrDefault(change.Sequence));
        }
    }

    private void Take(Piece piece, ReplayWhich which, Change change, Subscriber subscriber, KnownDelivery? known)
    {
        switch (ReplayDecision.Decide(which, known))
        {
            case ReplayDecision.Act.Skip:
                piece.Skipped++;
                break;
            case ReplayDecision.Act.Repeat:
                piece.Items.Add(new ReplayItem(known, null));
                break;
            default:
                piece.Add(known, Render(change, subscriber));
                break;
        }
    }

    private NewMessage Render(Change change, Subscriber subscriber) => MessageRendering.ToMessage(
        change, MessageRendering.Of(change, subscriber.Rules, host, mostMessageBytes(), subscriber.IsThin), []);

    private async Task<Change?> FindAsync(long sequence, CancellationToken cancellationToken) =>
        await log.ReadAfterAsync(sequence - 1, 1, cancellationToken) is [var change] && change.Sequence == sequence ? change : null;

    private static bool IsFull(Piece piece, int most) => piece.Items.Count >= most || piece.Bytes >= MostBytes;

    // A chunk as it grows.
    private sealed class Piece(long position)
    {
        public long Position { get; set; } = position;

        public List<ReplayItem> Items { get; } = [];

        public int Seen { get; set; }

        public int Skipped { get; set; }

        public int Lost { get; set; }

        public long? MissingUpTo { get; set; }

        public long Bytes { get; private set; }

        public void Add(KnownDelivery? known, NewMessage message)
        {
            Items.Add(new ReplayItem(known, message));
            Bytes += message.Body.Length;
        }

        public ReplayChunk Close(long to) => new(to, Items) { Seen = Seen, Skipped = Skipped, Lost = Lost, MissingUpTo = MissingUpTo };
    }
}
