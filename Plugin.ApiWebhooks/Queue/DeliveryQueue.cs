using Plugin.ApiWebhooks.Queue.Engines;
using System.Globalization;
using System.Data.Common;
using Plugin.ApiWebhooks.Replay;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>
/// The durable deliveries. Every method is one transaction, shared with others that wait at the same time; none is held over an HTTP call.
/// </summary>
internal sealed class DeliveryQueue
{
    /// <summary>How long a claim holds without being renewed.</summary>
    public static readonly TimeSpan LeaseLength = TimeSpan.FromSeconds(60);

    /// <summary>The reader of the change log that feeds the subscriptions.</summary>
    public const string DetectReader = "detect";

    private readonly PluginDatabase _database;
    private readonly QueueStatements _sql;
    private readonly QueueRows _rows;
    private readonly TimeProvider _time;
    private readonly long _session;
    private int _leases;

    private DeliveryQueue(PluginDatabase database, TimeProvider time, long session) =>
        (_database, _sql, _rows, _time, _session, Held, Refusals) =
            (database, database.Statements, database.Rows, time, session, new HeldDeliveries(database, time), new RefusalTally(database));

    /// <summary>The owner of the claims made here.</summary>
    public long Session => _session;

    /// <summary>What is kept back of what is owed.</summary>
    public HeldDeliveries Held { get; }

    /// <summary>How many deliveries have no bytes.</summary>
    public RefusalTally Refusals { get; }

    /// <summary>Raised, on the writer's thread, when deliveries may be claimed that nobody was handed. They are freed with <see cref="ReleaseAsync"/>, by nothing else.</summary>
    public event Action<LostClaim>? Lost;

    /// <summary>Opens a session: the owner of the claims made through it.</summary>
    public static async Task<DeliveryQueue> OpenAsync(PluginDatabase database, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var session = await database.WriteAsync(c => Scalar(c.Prepared(database.Statements.OpenSession).Bind("@now", now))!.Value);
        var queue = new DeliveryQueue(database, time, session);
        queue.Refusals.Load();
        return queue;
    }

    /// <summary>The position of the detecting reader, or null before its first start.</summary>
    public long? ReadPosition() => _database.Read(c => Scalar(c.Prepared(_sql.ReadPosition).Bind("@name", DetectReader)));

    /// <summary>Whether other nodes may use the database.</summary>
    public bool IsShared => _database.Engine.IsShared;

    /// <summary>How often subscriptions, stored hooks and secrets were changed by any node. Only where <see cref="IsShared"/>.</summary>
    public long ReadSubscriptionsVersion() => _database.Read(c => Scalar(c.Prepared("SELECT number FROM shared_version WHERE name = 'subscriptions'"))!.Value);

    /// <summary>Sets the detecting reader's first position; a position it has already is left alone.</summary>
    public Task StartReaderAsync(long position) =>
        _database.WriteAsync(c => c.Prepared(_sql.StartReader).Bind("@name", DetectReader).Bind("@position", position).ExecuteNonQuery());

    /// <summary>
    /// Stores a batch and moves the position, in one transaction. If the power fails before it is on the disk, position and deliveries are gone together, and
    /// the change log, which is on the disk, is read again: a message may then arrive twice, with the same id.
    /// </summary>
    /// <returns>
    /// The deliveries that are to be handed over, already claimed, in the order of the batch; null when the position or the subscriptions had moved meanwhile
    /// and nothing was stored.
    /// </returns>
    public Task<List<ClaimedDelivery>?> IngestAsync(IngestBatch batch)
    {
        var token = NewLeaseToken();
        return _database.WriteRepeatableAsync(
            c => Ingest(c, batch, token), () => Lose(token, batch.Messages.SelectMany(message => message.Deliveries).Select(delivery => delivery.SubscriptionId)));
    }

    /// <summary>Claims what may be sent now to one subscription: first what waits for a retry, then what was never tried.</summary>
    /// <param name="subscriptionId">The subscription.</param>
    /// <param name="limit">The highest number of deliveries.</param>
    /// <param name="maxBytes">Claiming stops after the delivery whose body passes this sum.</param>
    /// <param name="longestWait">What is due later than this from now is due now: its time was stored by a clock that was ahead. Null: nothing is.</param>
    public Task<ClaimResult> ClaimAsync(long subscriptionId, int limit, long maxBytes, TimeSpan? longestWait = null)
    {
        var token = NewLeaseToken();
        return _database.WriteRepeatableAsync(
            c => Claim(c, new Claiming(subscriptionId, _time.GetUtcNow(), token, limit, maxBytes), longestWait), () => Lose(token, [subscriptionId]));
    }

    /// <summary>Stores the ends of attempts, and opens what they blocked.</summary>
    /// <param name="settlements">The ends.</param>
    /// <param name="tryReserve">Promises a place to the next delivery of a stream of a subscription; else it is left to be claimed.</param>
    public Task<SettleResult> SettleAsync(IReadOnlyList<Settlement> settlements, Func<long, bool> tryReserve)
    {
        var token = NewLeaseToken();
        return _database.WriteBesideAsync(
            c => Settle(c, settlements, tryReserve, token), () => Lose(token, settlements.Select(settlement => settlement.Delivery.SubscriptionId)));
    }

    /// <summary>Frees what was claimed in a transaction of which nobody knew whether it was committed. It has ended: what is done alone waits for it.</summary>
    public Task<int> ReleaseAsync(LostClaim lost) => _database.WriteAsync(c => lost.SubscriptionIds.Sum(id =>
        c.Prepared(_sql.ReleaseLost).Bind("@subscription", id).Bind("@token", lost.Token).ExecuteNonQuery()));

    /// <summary>Renews the leases of deliveries that are still in this process's hands.</summary>
    public Task RenewAsync(IReadOnlyList<ClaimedDelivery> deliveries) => _database.WriteBesideAsync(c =>
    {
        var end = (_time.GetUtcNow() + LeaseLength).ToUnixTimeMilliseconds();
        c.RunForEach(_sql.Renew, [.. deliveries.OrderBy(delivery => delivery.Id).Select(delivery => new[] { delivery.Id, delivery.LeaseToken, end })]);
        return deliveries.Count;
    });

    /// <summary>Frees what other sessions, which serve some subscriptions no more, left in flight to them.</summary>
    public Task TakeOverAsync(IReadOnlyCollection<long> subscriptionIds) => _database.WriteAsync(c =>
    {
        c.RunForEach(_sql.TakeOver, [.. subscriptionIds.Select(id => new[] { id, _session })]);
        return subscriptionIds.Count;
    });

    /// <summary>All subscriptions, also removed ones.</summary>
    public List<Subscription> ReadSubscriptions() => _database.Read(c =>
    {
        var subscriptions = new List<Subscription>();
        using var reader = c.Prepared(_sql.ReadSubscriptions).ExecuteReader();
        while (reader.Read())
        {
            subscriptions.Add(new Subscription
            {
                Id = reader.GetInt64(0),
                Key = reader.GetString(1),
                Label = reader.GetString(2),
                State = StateNames.Subscription(reader.GetString(3)),
                StateReason = reader.FindString(4),
                StartsAfter = reader.GetInt64(5),
                CreatedAt = reader.GetInstant(6),
                FailingSince = reader.FindInstant(7),
                DisabledWay = reader.FindString(8),
                Order = OrderNames.Order(reader.GetString(9)),
                Reorders = reader.GetInt64(10) != 0,
            });
        }
        return subscriptions;
    });

    /// <summary>Stores a new subscription, together with the job that makes it owed its past.</summary>
    /// <returns>It, with its id.</returns>
    public Task<Subscription> AddSubscriptionAsync(Subscription subscription, NewReplay? backfill = null) => _database.WriteAsync(c =>
    {
        var command = c.Prepared(_sql.InsertSubscription).Bind("@key", subscription.Key).Bind("@label", subscription.Label)
            .Bind("@state", StateNames.Of(subscription.State)).Bind("@reason", subscription.StateReason)
            .Bind("@after", subscription.StartsAfter).Bind("@now", subscription.CreatedAt).Bind("@ordering", OrderNames.Of(subscription.Order));
        var id = Scalar(command)!.Value;
        if (id > DeliveryId.LastSubscription)
            throw new InvalidOperationException($"There were {DeliveryId.LastSubscription} subscriptions already; a new database is needed for more.");
        if (backfill is not null)
            ReplayStore.Add(c, id, backfill, subscription.CreatedAt);
        return subscription with { Id = id };
    });

    /// <summary>Stores a subscription's label, state, start, failing time and order.</summary>
    public Task UpdateSubscriptionAsync(Subscription subscription) => _database.WriteAsync(c =>
        c.Prepared(_sql.UpdateSubscription).Bind("@id", subscription.Id).Bind("@label", subscription.Label)
            .Bind("@state", StateNames.Of(subscription.State)).Bind("@reason", subscription.StateReason)
            .Bind("@after", subscription.StartsAfter).Bind("@failing", subscription.FailingSince).Bind("@way", subscription.DisabledWay)
            .Bind("@ordering", OrderNames.Of(subscription.Order)).Bind("@reorders", subscription.Reorders ? 1 : 0).ExecuteNonQuery());

    /// <summary>Stores since when a subscription fails and nothing else; null when it succeeds.</summary>
    public Task TurnSubscriptionAsync(long subscriptionId, DateTimeOffset? failingSince) => _database.WriteAsync(c =>
        c.Prepared(_sql.TurnSubscription).Bind("@id", subscriptionId).Bind("@failing", failingSince).ExecuteNonQuery());

    private void Lose(long token, IEnumerable<long> subscriptionIds) => Lost?.Invoke(new LostClaim(token, subscriptionIds.ToHashSet()));

    private List<ClaimedDelivery>? Ingest(PluginConnection c, IngestBatch batch, long token)
    {
        var move = c.Prepared(_sql.MoveReader).Bind("@name", DetectReader).Bind("@from", batch.From).Bind("@to", batch.To);
        if (IsShared)
            move.Bind("@version", batch.Version);
        if (move.ExecuteNonQuery() == 0)
            return null;
        var claimed = new List<ClaimedDelivery>();
        var now = _time.GetUtcNow();
        var (orders, tally) = (Streams.ReadOrders(c), new HourTally(now));
        foreach (var refused in batch.Messages.Where(message => message.Refusal is not null))
        {
            foreach (var delivery in refused.Deliveries)
                SingleDelivery.Add(c, refused, delivery.SubscriptionId, DeliveryState.Exhausted, now, tally);
        }
        _rows.Store(c, batch.Messages, new QueueRows.Storing(now, token, orders), claimed);
        tally.Write(c);
        return claimed;
    }

    private ClaimResult Claim(PluginConnection c, Claiming claim, TimeSpan? longestWait)
    {
        var (subscriptionId, now, limit) = (claim.SubscriptionId, claim.Now, claim.Limit);
        // What is being put into order is not sent meanwhile.
        if (Streams.ReadOrders(c).GetValueOrDefault(subscriptionId).Reorders)
            return new ClaimResult([], HasMore: false, NextDueAt: null);
        // What lapsed was promised to somebody already. What waits for a retry leaves half the room to what was never tried, and gets what that leaves.
        Claim(c, _sql.FindLapsed, claim, limit, now);
        var dueIsCut = Claim(c, _sql.FindDue, claim, limit / 2, now);
        var hasMore = Claim(c, _sql.FindPending, claim, limit, now);
        if (dueIsCut)
            hasMore |= Claim(c, _sql.FindDue, claim, limit, now);
        if (longestWait is { } longest)
            hasMore |= Claim(c, _sql.FindMisdated, claim, limit, now + longest);
        var next = hasMore ? now : NextDue(c, subscriptionId);
        return new ClaimResult(claim.Deliveries, hasMore, next);
    }

    /// <returns>Whether there was more than could be claimed.</returns>
    private bool Claim(PluginConnection c, string find, Claiming claim, int limit, DateTimeOffset at)
    {
        var first = claim.Deliveries.Count;
        var room = Math.Min(limit, claim.Limit - first);
        var found = c.Hot(find).Add(claim.SubscriptionId).Add(at).Add(room + 1L);
        if (find == _sql.FindLapsed)
            found.Add(_session);
        var isCut = false;
        while (found.Read())
        {
            if (claim.Deliveries.Count - first == room || claim.Bytes > claim.MaxBytes || !ClaimedDelivery.HasBody(found))
            {
                isCut = true;
                found.End();
                break;
            }
            claim.Add(ClaimedDelivery.Read(found, claim.SubscriptionId, claim.Token));
        }
        // Only now: the rows are found by the index that this changes.
        var end = (claim.Now + LeaseLength).ToUnixTimeMilliseconds();
        c.RunForEach(_sql.Claim, [.. claim.Deliveries.Skip(first).Select(delivery => new[] { delivery.Id, claim.Token, end })]);
        return isCut;
    }

    private DateTimeOffset? NextDue(PluginConnection c, long subscriptionId) =>
        Scalar(c.Prepared(_sql.FindNextDue).Bind("@subscription", subscriptionId)) is { } milliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    private SettleResult Settle(PluginConnection c, IReadOnlyList<Settlement> settlements, Func<long, bool> tryReserve, long token)
    {
        var now = _time.GetUtcNow();
        var result = new SettleResult(settlements.Count);
        var (orders, tally) = (Streams.ReadOrders(c), new HourTally(now));
        var ends = new QueueRows.StoredEnd[settlements.Count];
        _rows.End(c, settlements, now, ends);
        for (var i = 0; i < settlements.Count; i++)
        {
            var (delivery, verdict, _) = settlements[i];
            if (!(result.LeaseHeld[i] = ends[i].LeaseHeld))
                continue;
            Count(settlements[i], ends[i].IsUsual, tally);
            var stream = delivery.Stream;
            if (verdict is Verdict.Retry or Verdict.Release)
            {
                // Still at the head of its stream; unless the order was changed while it was under way.
                var order = orders.GetValueOrDefault(delivery.SubscriptionId);
                stream = order.Fits(stream, delivery.ChangeSequence) ? null : Streams.Move(c, delivery.Id, order);
            }
            if (stream is { } goesOn)
                OpenNext(c, delivery.SubscriptionId, goesOn, tryReserve, token, result);
        }
        tally.Write(c);
        return result;
    }

    private static void Count(Settlement settlement, bool isUsual, HourTally tally)
    {
        var (delivery, verdict, attempt) = settlement;
        // One that was sent before has more attempts than its schedule knows of: how late it is says nothing.
        if (verdict is Verdict.Deliver)
            tally.Deliver(delivery.SubscriptionId, isUsual ? delivery.OccurredAt : null);
        else if (attempt is not null && verdict is Verdict.Retry or Verdict.Exhaust)
            tally.Fail(delivery.SubscriptionId);
        if (verdict is Verdict.Exhaust)
            tally.GiveUp(delivery.SubscriptionId);
    }

    // The next of a stream is handed over without a claim of its own: it would cost another commit for each delivery.
    private void OpenNext(PluginConnection c, long subscriptionId, long stream, Func<long, bool> tryReserve, long token, SettleResult result)
    {
        var now = _time.GetUtcNow();
        if (Streams.FindNext(c, subscriptionId, stream) is not { } next)
            return;
        if (next.NotBefore > now || !tryReserve(subscriptionId))
        {
            result.Opened.Add((subscriptionId, Streams.Open(c, next, now)));
            return;
        }
        c.RunForEach(_sql.Claim, [[next.Id, token, (now + LeaseLength).ToUnixTimeMilliseconds()]]);
        var row = c.Hot(_sql.FindOne).Add(next.Id);
        row.Read();
        result.HandedOver.Add(ClaimedDelivery.Read(row, subscriptionId, token));
        row.End();
    }

    // Also where two loops write.
    private long NewLeaseToken() => (_session << 32) | (uint)Interlocked.Increment(ref _leases);

    private static long? Scalar(DbCommand command) =>
        command.ExecuteScalar() is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;

    // A claim as it grows.
    private sealed record Claiming(long SubscriptionId, DateTimeOffset Now, long Token, int Limit, long MaxBytes)
    {
        public List<ClaimedDelivery> Deliveries { get; } = [];

        public long Bytes { get; private set; }

        public void Add(ClaimedDelivery delivery)
        {
            Deliveries.Add(delivery);
            Bytes += delivery.Body.Length;
        }
    }
}
