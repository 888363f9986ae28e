using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>How what the queue decides is written, of which there is a row for each delivery: here row by row, as is quickest where the engine is in the process.</summary>
/// <param name="sql">The statements.</param>
internal class QueueRows(QueueStatements sql)
{
    /// <summary>What all that is stored together has in common.</summary>
    /// <param name="Now">The present time.</param>
    /// <param name="Token">The lease token of what is handed over.</param>
    /// <param name="Orders">The orders of the subscriptions that have one.</param>
    internal readonly record struct Storing(DateTimeOffset Now, long Token, IReadOnlyDictionary<long, StoredOrder> Orders);

    /// <summary>What storing the end of an attempt led to.</summary>
    /// <param name="LeaseHeld">Whether its lease still held; where not, only the attempt was recorded.</param>
    /// <param name="IsUsual">Whether a delivery that arrived has as many attempts as its schedule knows of.</param>
    internal readonly record struct StoredEnd(bool LeaseHeld, bool IsUsual);

    /// <summary>The statements.</summary>
    protected QueueStatements Sql => sql;

    /// <summary>Stores messages that have bytes, with their deliveries.</summary>
    /// <param name="c">The writer's connection.</param>
    /// <param name="messages">The messages in the order of the changes; those that were refused are passed over.</param>
    /// <param name="storing">What they have in common.</param>
    /// <param name="claimed">Takes the deliveries that are handed over.</param>
    public virtual void Store(PluginConnection c, IReadOnlyList<NewMessage> messages, Storing storing, List<ClaimedDelivery> claimed)
    {
        var (now, token, orders) = storing;
        var (insertMessage, insertDelivery) = (c.Hot(sql.InsertMessage), c.Hot(sql.InsertDelivery));
        foreach (var message in messages)
        {
            if (message.Refusal is not null)
                continue;
            AddMessage(insertMessage, message, now).Run();
            var messageId = insertMessage.LastId;
            foreach (var delivery in message.Deliveries)
            {
                var place = Placing.Of(c, message, delivery, orders.GetValueOrDefault(delivery.SubscriptionId));
                var id = DeliveryId.Of(message.ChangeSequence, delivery.SubscriptionId);
                if (AddDelivery(insertDelivery.Add(id).Add(messageId), place, delivery, storing).Run() == 0)
                    continue;
                if (place.Stream is { } stream)
                    Streams.Join(c, id, stream, place.IsBlocked ? delivery.DueAt : null);
                if (place.State == DeliveryState.InFlight)
                    claimed.Add(ClaimedDelivery.Of(message, delivery, place.Stream, token));
            }
        }
    }

    /// <summary>Stores the ends of attempts: what becomes of the deliveries, if their leases still hold, and the attempts in any case.</summary>
    /// <param name="c">The writer's connection.</param>
    /// <param name="settlements">The ends.</param>
    /// <param name="now">The present time.</param>
    /// <param name="ends">Takes what it led to, for each.</param>
    public virtual void End(PluginConnection c, IReadOnlyList<Settlement> settlements, DateTimeOffset now, StoredEnd[] ends)
    {
        AttemptRows.NoteHeads(c, sql, settlements, now);
        for (var i = 0; i < settlements.Count; i++)
        {
            var (delivery, verdict, attempt) = settlements[i];
            var leaseHeld = verdict switch
            {
                Verdict.Deliver => Transition(c, sql.Deliver, delivery).Add(now).Run(),
                Verdict.Retry retry => Transition(c, sql.Retry, delivery).Add(retry.At).Add(attempt?.Outcome ?? AttemptRows.UnknownFailure).Run(),
                Verdict.Exhaust => Transition(c, sql.Exhaust, delivery).Add(now).Add(attempt?.Outcome ?? AttemptRows.UnknownFailure).Run(),
                _ => Transition(c, sql.Release, delivery).Run(),
            } == 1;
            var isFirst = attempt is not null && delivery.Attempts == 0 && AttemptRows.Insert(c, sql.InsertFirstAttempt, delivery.Id, attempt);
            if (attempt is not null && !isFirst)
                AttemptRows.Insert(c, sql.InsertAttempt, delivery.Id, attempt);
            var asksWhetherUsual = leaseHeld && verdict is Verdict.Deliver;
            ends[i] = new StoredEnd(leaseHeld, asksWhetherUsual && (isFirst || CountAttempts(c, delivery.Id) == delivery.Attempts + 1));
        }
    }

    /// <summary>Adds the values of a message, but for its id.</summary>
    protected static TRow AddMessage<TRow>(TRow row, NewMessage message, DateTimeOffset now)
        where TRow : RowValues =>
        row.Add(message.ChangeSequence).Add(message.ChangeId.ToString("N")).Add(message.Kind).Add(message.RecordId)
            .Add(message.OccurredAt).Add(now).Add(message.ContentType).AddBlob(message.Body).Add(message.TraceParent)
            .Add(MessageValues.Write(message.Values));

    /// <summary>Adds the values of a new delivery, but for its id and its message's.</summary>
    protected static TRow AddDelivery<TRow>(TRow row, Placing place, NewDelivery delivery, Storing storing)
        where TRow : RowValues =>
        row.Add(StateNames.Of(place.State)).Add(place.DueAt(delivery, storing.Now))
            .Add(place.State == DeliveryState.InFlight ? storing.Token : null).Add(storing.Now);

    private static HotStatement Transition(PluginConnection c, string sql, ClaimedDelivery delivery) => c.Hot(sql).Add(delivery.Id).Add(delivery.LeaseToken);

    private long CountAttempts(PluginConnection c, long id)
    {
        var found = c.Hot(sql.CountAttempts).Add(id);
        found.Read();
        var count = found.Number(0);
        found.End();
        return count;
    }
}
