using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>What a person does to single deliveries.</summary>
/// <param name="database">The plugin's database.</param>
/// <param name="time">The clock.</param>
internal sealed class DeliveryActions(PluginDatabase database, TimeProvider time)
{
    private const string Find = """
        SELECT d.state, s.state, d.subscription_id, d.stream, d.state = 'pending' AND d.due_at IS NULL, s.ordering, s.reorders,
               EXISTS (SELECT 1 FROM refusal WHERE delivery_id = d.id)
        FROM delivery d JOIN subscription s ON s.id = d.subscription_id WHERE d.id = @id
        """;

    // A finished one begins its schedule anew; one that waits for a retry has it now, as its next attempt. The message and its id stay.
    private const string Resend = """
        UPDATE delivery
        SET state = @state, due_at = @due, lease_token = NULL, attempts = CASE WHEN finished_at IS NULL THEN attempts ELSE 0 END,
            failure = CASE WHEN finished_at IS NULL THEN failure END, finished_at = NULL
        WHERE id = @id
        """;

    private const string Cancel = "UPDATE delivery SET state = 'cancelled', due_at = NULL, finished_at = @now, failure = 'Cancelled' WHERE id = @id";

    /// <summary>
    /// Makes a delivery due now, whatever became of it. It goes on by the schedule when it fails again. In an ordered stream it is the next to go, as the oldest
    /// that is owed; one that is blocked stays so.
    /// </summary>
    public Task<ActionResult> ResendAsync(long id) => ActAsync(id, (c, delivery) =>
    {
        if (delivery.State == DeliveryState.InFlight)
            return new ActionResult.NotNow(delivery.State);
        if (delivery.IsBlocked && Streams.FindOpen(c, delivery.SubscriptionId, delivery.Stream!.Value) is { } open)
            return new ActionResult.Blocked(open);
        var goesNow = delivery.IsServed && delivery.Order == default && delivery.Stream is null;
        c.Prepared(Resend).Bind("@id", id).Bind("@state", StateNames.Of(goesNow ? DeliveryState.Pending : DeliveryState.Held))
            .Bind("@due", goesNow ? time.GetUtcNow() : null).ExecuteNonQuery();
        if (delivery.State == DeliveryState.Delivered)
            Tally(c, tally => tally.Repeat(delivery.SubscriptionId));
        if (delivery.IsServed && !goesNow)
            Streams.Place(c, id, delivery.SubscriptionId, delivery.Order, time.GetUtcNow());
        return delivery.Done;
    });

    /// <summary>Gives up a delivery that is still owed.</summary>
    public Task<ActionResult> CancelAsync(long id) => ActAsync(id, (c, delivery) =>
    {
        if (delivery.State is not (DeliveryState.Pending or DeliveryState.Waiting or DeliveryState.Held))
            return new ActionResult.NotNow(delivery.State);
        c.Prepared(Cancel).Bind("@id", id).Bind("@now", time.GetUtcNow()).ExecuteNonQuery();
        Tally(c, tally => tally.Cancel(delivery.SubscriptionId));
        if (delivery.Stream is { } stream)
            Streams.OpenNext(c, delivery.SubscriptionId, stream, time.GetUtcNow());
        return delivery.Done;
    });

    private void Tally(PluginConnection c, Action<HourTally> count)
    {
        var tally = new HourTally(time.GetUtcNow());
        count(tally);
        tally.Write(c);
    }

    private Task<ActionResult> ActAsync(long id, Func<PluginConnection, Found, ActionResult> act) => database.WriteAsync<ActionResult>(c =>
    {
        Found found;
        using (var reader = c.Prepared(Find).Bind("@id", id).ExecuteReader())
        {
            if (!reader.Read())
                return new ActionResult.NotFound();
            if (reader.GetFlag(7))
                return new ActionResult.NoMessage();
            found = new Found(
                StateNames.Delivery(reader.GetString(0)), StateNames.Subscription(reader.GetString(1)) == SubscriptionState.Active, reader.GetInt64(2),
                reader.IsDBNull(3) ? null : reader.GetInt64(3), reader.GetFlag(4), new StoredOrder(OrderNames.Order(reader.GetString(5)), reader.GetFlag(6)));
        }
        return act(c, found);
    });

    // A delivery and its subscription, before the action.
    private sealed record Found(DeliveryState State, bool IsServed, long SubscriptionId, long? Stream, bool IsBlocked, StoredOrder Order)
    {
        public ActionResult Done => new ActionResult.Done(SubscriptionId, IsServed);
    }
}

/// <summary>What became of an action on a delivery: one of the nested records, and no other.</summary>
internal abstract record ActionResult
{
    private ActionResult()
    {
    }

    /// <summary>It is done.</summary>
    /// <param name="SubscriptionId">Whose delivery it is.</param>
    /// <param name="IsServed">Whether it is sent now; else when the subscription is resumed.</param>
    internal sealed record Done(long SubscriptionId, bool IsServed) : ActionResult;

    /// <summary>In its present state it cannot be done.</summary>
    /// <param name="State">The state.</param>
    internal sealed record NotNow(DeliveryState State) : ActionResult;

    /// <summary>It was refused and has no bytes that could be sent; a replay makes them.</summary>
    internal sealed record NoMessage : ActionResult;

    /// <summary>It stands in an ordered stream, and others come first.</summary>
    /// <param name="By">The delivery that it waits for.</param>
    internal sealed record Blocked(long By) : ActionResult;

    /// <summary>There is no such delivery.</summary>
    internal sealed record NotFound : ActionResult;
}
