using System.Globalization;
using Npgsql;
using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>
/// The same on PostgreSQL: a statement for each kind of row, however many rows there are, since each statement is a way to the server and back. Rows are
/// changed in the order of their ids in all nodes: two that change the same wait for each other in turn, never both.
/// </summary>
internal sealed class PostgresQueueRows() : QueueRows(QueueStatements.Postgres)
{
    // COPY knows no ON CONFLICT. Almost always the changes are new, and the range is empty. Nobody stores deliveries of changes meanwhile: of the readers only
    // the one that moved the position goes on, and all else that stores some writes alone.
    private const string Prepare = """
        SELECT (SELECT array_agg(nextval('message_id_seq')) FROM generate_series(1, $1)), (SELECT array_agg(id) FROM delivery WHERE id BETWEEN $2 AND $3)
        """;

    private const string CopyMessages = """
        COPY message (id, change_sequence, change_id, kind, record_id, occurred_at, created_at, content_type, body, trace_parent, address_values)
        FROM STDIN (FORMAT binary)
        """;

    private const string CopyDeliveries = "COPY delivery (id, message_id, state, due_at, lease_token, created_at) FROM STDIN (FORMAT binary)";

    private const string CopyAttempts = $"COPY attempt ({QueueStatements.AttemptColumns}) FROM STDIN (FORMAT binary)";

    // An UPSERT would lock a row that it leaves as it is, and so let the nodes wait for each other's disks.
    private const string NoteHeads = """
        INSERT INTO request_head (id, lines, used_at)
        SELECT u.id, u.lines, $3 FROM unnest($1, $2) AS u (id, lines)
        WHERE NOT EXISTS (SELECT 1 FROM request_head h WHERE h.id = u.id AND h.used_at >= $3 - 86400000)
        ON CONFLICT (id) DO UPDATE SET used_at = excluded.used_at WHERE request_head.used_at < excluded.used_at
        """;

    // The last attempt is looked up beside: one that ended after its lease may have been recorded meanwhile.
    private const string Ended = """
        WHERE d.id = u.id AND d.lease_token = u.token
        RETURNING u.place, (SELECT coalesce(max(a.number), 0) FROM attempt a WHERE a.delivery_id = d.id)
        """;

    private const string Deliver = $"""
        UPDATE delivery d SET state = 'delivered', due_at = NULL, lease_token = NULL, attempts = d.attempts + 1, finished_at = $3, failure = NULL
        FROM unnest($1, $2) WITH ORDINALITY AS u (id, token, place) {Ended}
        """;

    private const string Retry = $"""
        UPDATE delivery d SET state = 'waiting', due_at = u.due_at, lease_token = NULL, attempts = d.attempts + 1, failure = u.failure
        FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS u (id, token, due_at, failure, place) {Ended}
        """;

    private const string Exhaust = $"""
        UPDATE delivery d SET state = 'exhausted', due_at = NULL, lease_token = NULL, attempts = d.attempts + 1, finished_at = $3, failure = u.failure
        FROM unnest($1, $2, $4) WITH ORDINALITY AS u (id, token, failure, place) {Ended}
        """;

    private const string Release = $"""
        UPDATE delivery d SET state = 'pending', due_at = d.created_at, lease_token = NULL FROM unnest($1, $2) WITH ORDINALITY AS u (id, token, place) {Ended}
        """;

    /// <inheritdoc/>
    public override void Store(PluginConnection c, IReadOnlyList<NewMessage> messages, Storing storing, List<ClaimedDelivery> claimed)
    {
        var withBytes = messages.Where(message => message.Refusal is null).ToList();
        if (storing.Orders.Count > 0)
        {
            // Where each stands in its stream depends on the ones before it.
            base.Store(c, withBytes, storing, claimed);
            return;
        }
        if (withBytes.Count == 0)
            return;
        var (writer, token) = ((PostgresPluginConnection)c, storing.Token);
        var (ids, taken) = Find(writer, withBytes);
        var placed = new List<(long MessageId, long Id, NewDelivery Delivery)>(withBytes.Count);
        using (var copy = writer.Copy(CopyMessages))
        {
            for (var i = 0; i < withBytes.Count; i++)
            {
                var (message, before) = (withBytes[i], placed.Count);
                foreach (var delivery in message.Deliveries)
                {
                    if (DeliveryId.Of(message.ChangeSequence, delivery.SubscriptionId) is var id && !taken.Add(id))
                        continue;
                    placed.Add((ids[i], id, delivery));
                    if (delivery.State == DeliveryState.InFlight)
                        claimed.Add(ClaimedDelivery.Of(message, delivery, stream: null, token));
                }
                if (placed.Count > before)
                    AddMessage(copy.Next().Add(ids[i]), message, storing.Now);
            }
            copy.Complete();
        }
        using (var copy = writer.Copy(CopyDeliveries))
        {
            foreach (var (messageId, id, delivery) in placed)
                AddDelivery(copy.Next().Add(id).Add(messageId), new Placing(delivery.State, null, IsBlocked: false), delivery, storing);
            copy.Complete();
        }
    }

    /// <inheritdoc/>
    public override void End(PluginConnection c, IReadOnlyList<Settlement> settlements, DateTimeOffset now, StoredEnd[] ends)
    {
        var writer = (PostgresPluginConnection)c;
        Note(writer, settlements, now);
        // The number of the attempt that was recorded last; null where the lease does not hold.
        var last = new long?[settlements.Count];
        var inOrder = Enumerable.Range(0, settlements.Count).OrderBy(i => settlements[i].Delivery.Id).ToList();
        foreach (var sameVerdict in inOrder.GroupBy(i => settlements[i].Verdict.GetType()))
            Move(writer, settlements, [.. sameVerdict], now, last);
        Record(writer, settlements, inOrder, last);
        for (var i = 0; i < ends.Length; i++)
            ends[i] = new StoredEnd(last[i] is not null, last[i] + (settlements[i].Attempt is null ? 0 : 1) == settlements[i].Delivery.Attempts + 1);
    }

    // Ids for messages, and those of their deliveries that are stored already.
    private static (long[] Ids, HashSet<long> Taken) Find(PostgresPluginConnection c, List<NewMessage> messages)
    {
        using var command = c.Command(Prepare, messages.Count, DeliveryId.Of(messages.Min(each => each.ChangeSequence), 0), DeliveryId.Of(messages.Max(each => each.ChangeSequence), DeliveryId.LastSubscription));
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetFieldValue<long[]>(0), reader.IsDBNull(1) ? [] : [.. reader.GetFieldValue<long[]>(1)]);
    }

    private static void Note(PostgresPluginConnection c, IReadOnlyList<Settlement> settlements, DateTimeOffset now)
    {
        var heads = new SortedDictionary<long, string>();
        RequestHead? latest = null;
        foreach (var settlement in settlements)
        {
            if (settlement.Attempt?.RequestHead is not { Id: { } id } head || ReferenceEquals(head, latest))
                continue;
            heads.TryAdd(id, PostgresText.Storable(head.Text));
            latest = head;
        }
        if (heads.Count == 0)
            return;
        using var command = c.Command(NoteHeads, heads.Keys.ToArray(), heads.Values.ToArray(), now.ToUnixTimeMilliseconds());
        command.ExecuteNonQuery();
    }

    private static void Move(PostgresPluginConnection c, IReadOnlyList<Settlement> settlements, int[] places, DateTimeOffset now, long?[] last)
    {
        var ids = Array.ConvertAll(places, i => settlements[i].Delivery.Id);
        var tokens = Array.ConvertAll(places, i => settlements[i].Delivery.LeaseToken);
        using var command = settlements[places[0]].Verdict switch
        {
            Verdict.Deliver => c.Command(Deliver, ids, tokens, now.ToUnixTimeMilliseconds()),
            Verdict.Retry => c.Command(Retry, ids, tokens, Array.ConvertAll(places, i => ((Verdict.Retry)settlements[i].Verdict).At.ToUnixTimeMilliseconds()), Failures()),
            Verdict.Exhaust => c.Command(Exhaust, ids, tokens, now.ToUnixTimeMilliseconds(), Failures()),
            _ => c.Command(Release, ids, tokens),
        };
        using var reader = command.ExecuteReader();
        while (reader.Read())
            last[places[reader.GetInt64(0) - 1]] = reader.GetInt64(1);

        string[] Failures() => Array.ConvertAll(places, i => settlements[i].Attempt?.Outcome ?? AttemptRows.UnknownFailure);
    }

    private void Record(PostgresPluginConnection c, IReadOnlyList<Settlement> settlements, List<int> inOrder, long?[] last)
    {
        if (inOrder.Exists(i => settlements[i].Attempt is not null && last[i] is not null))
        {
            using var copy = c.Copy(CopyAttempts);
            foreach (var i in inOrder)
            {
                if (settlements[i].Attempt is { } attempt && last[i] + 1 is { } number)
                    AttemptRows.Add(copy.Next().Add(settlements[i].Delivery.Id).Add(number), attempt);
            }
            copy.Complete();
        }
        // After them: the numbers of those whose lease was lost are counted as they are stored.
        foreach (var i in inOrder)
        {
            if (settlements[i].Attempt is { } attempt && last[i] is null)
                AttemptRows.Insert(c, Sql.InsertAttempt, settlements[i].Delivery.Id, attempt);
        }
    }
}
