using Plugin.ApiWebhooks.Queue.Engines;
using System.Globalization;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>Stores deliveries one by one, for work that is not done for every change. Everything here runs inside a transaction of the writer.</summary>
internal static class SingleDelivery
{
    private const string FindExisting = "SELECT 1 FROM delivery WHERE id = @id";

    private const string FindState = "SELECT state FROM delivery WHERE id = @id";

    private const string InsertMessage = """
        INSERT INTO message (change_sequence, change_id, kind, record_id, occurred_at, created_at, content_type, body, trace_parent, address_values)
        VALUES (@sequence, @change, @kind, @record, @occurred, @now, @type, @body, @trace, @values) RETURNING id
        """;

    private const string InsertDelivery = """
        INSERT INTO delivery (id, message_id, state, due_at, created_at, finished_at) VALUES (@id, @message, @state, @due, @now, @finished)
        """;

    // It stood where the order of its time wanted it. Where it stands now the present order says, if there is one.
    private const string RepeatFinished = """
        UPDATE delivery
        SET state = @state, due_at = @due, lease_token = NULL, attempts = 0, finished_at = NULL, failure = NULL, stream = NULL, not_before = NULL
        WHERE id = @id AND finished_at IS NOT NULL
        """;

    private const string FindMessage = "SELECT message_id FROM delivery WHERE id = @id";

    private const string DeleteMessage = "DELETE FROM message WHERE id = @message";

    private const string SetMessage = "UPDATE delivery SET message_id = @message WHERE id = @id";

    private const string InsertRefusal = """
        INSERT INTO refusal (delivery_id, subscription_id, reason, detail, refused_at) VALUES (@id, @subscription, @reason, @detail, @now)
        ON CONFLICT (delivery_id) DO UPDATE SET reason = @reason, detail = @detail, refused_at = @now
        """;

    private const string SetFailure = "UPDATE delivery SET failure = @reason WHERE id = @id";

    private const string DeleteRefusal = "DELETE FROM refusal WHERE delivery_id = @id";

    /// <summary>Stores a message and one delivery of it.</summary>
    /// <param name="c">The writer's connection.</param>
    /// <param name="message">The message; without bytes when it was refused.</param>
    /// <param name="subscriptionId">Who is owed it.</param>
    /// <param name="state">Pending or held; what was refused is exhausted, whatever this says.</param>
    /// <param name="now">The present time.</param>
    /// <param name="tally">Counts what becomes of deliveries.</param>
    /// <returns>Whether it is stored; not when the change is owed already.</returns>
    public static bool Add(PluginConnection c, NewMessage message, long subscriptionId, DeliveryState state, DateTimeOffset now, HourTally tally)
    {
        var id = DeliveryId.Of(message.ChangeSequence, subscriptionId);
        if (c.Prepared(FindExisting).Bind("@id", id).ExecuteScalar() is not null)
            return false;
        var born = message.Refusal is null ? state : DeliveryState.Exhausted;
        c.Prepared(InsertDelivery).Bind("@id", id).Bind("@message", StoreMessage(c, message, now)).Bind("@state", StateNames.Of(born))
            .Bind("@due", DueAt(born, now)).Bind("@now", now).Bind("@finished", born == DeliveryState.Exhausted ? now : (DateTimeOffset?)null).ExecuteNonQuery();
        if (message.Refusal is { } refusal)
        {
            Refuse(c, id, subscriptionId, refusal, now);
            tally.GiveUp(subscriptionId);
        }
        return true;
    }

    /// <summary>Makes a finished delivery owed again, with its bytes and from the beginning of its schedule.</summary>
    /// <returns>Whether it was finished.</returns>
    public static bool Repeat(PluginConnection c, long id, DeliveryState state, DateTimeOffset now, HourTally tally)
    {
        var wasDelivered = (string?)c.Prepared(FindState).Bind("@id", id).ExecuteScalar() == StateNames.Of(DeliveryState.Delivered);
        if (c.Prepared(RepeatFinished).Bind("@id", id).Bind("@state", StateNames.Of(state)).Bind("@due", DueAt(state, now)).ExecuteNonQuery() == 0)
            return false;
        if (wasDelivered)
            tally.Repeat(DeliveryId.SubscriptionOf(id));
        return true;
    }

    /// <summary>Gives a delivery that was refused its bytes, and makes it owed.</summary>
    public static bool Renew(PluginConnection c, long id, NewMessage message, DeliveryState state, DateTimeOffset now, HourTally tally)
    {
        if (!Repeat(c, id, state, now, tally))
            return false;
        // The empty one is its alone.
        var empty = Id(c.Prepared(FindMessage).Bind("@id", id).ExecuteScalar());
        c.Prepared(SetMessage).Bind("@id", id).Bind("@message", StoreMessage(c, message, now)).ExecuteNonQuery();
        c.Prepared(DeleteMessage).Bind("@message", empty).ExecuteNonQuery();
        c.Prepared(DeleteRefusal).Bind("@id", id).ExecuteNonQuery();
        return true;
    }

    /// <summary>Notes why a delivery has no bytes.</summary>
    public static void Refuse(PluginConnection c, long id, long subscriptionId, Refusal refusal, DateTimeOffset now)
    {
        c.Prepared(InsertRefusal).Bind("@id", id).Bind("@subscription", subscriptionId).Bind("@reason", refusal.Reason)
            .Bind("@detail", refusal.Detail).Bind("@now", now).ExecuteNonQuery();
        c.Prepared(SetFailure).Bind("@id", id).Bind("@reason", refusal.Reason).ExecuteNonQuery();
    }

    private static long StoreMessage(PluginConnection c, NewMessage message, DateTimeOffset now) => Id(c.Prepared(InsertMessage)
        .Bind("@sequence", message.ChangeSequence).Bind("@change", message.ChangeId.ToString("N")).Bind("@kind", message.Kind)
        .Bind("@record", message.RecordId).Bind("@occurred", message.OccurredAt).Bind("@now", now).Bind("@type", message.ContentType)
        .Bind("@body", message.Body.ToArray()).Bind("@trace", message.TraceParent).Bind("@values", MessageValues.Write(message.Values)).ExecuteScalar());

    private static DateTimeOffset? DueAt(DeliveryState state, DateTimeOffset now) => state == DeliveryState.Pending ? now : null;

    private static long Id(object? scalar) => Convert.ToInt64(scalar, CultureInfo.InvariantCulture);
}
