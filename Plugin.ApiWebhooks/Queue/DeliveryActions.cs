namespace Plugin.ApiWebhooks.Queue;

/// <summary>What a person does to single deliveries.</summary>
/// <param name="database">The plugin's database.</param>
/// <param name="time">The clock.</param>
internal sealed class DeliveryActions(PluginDatabase database, TimeProvider time)
{
    private const string Find = """
        SELECT d.state, s.state, d.subscription_id, EXISTS (SELECT 1 FROM refusal WHERE delivery_id = d.id)
        FROM delivery d JOIN subscription s ON s.id = d.subscription_id WHERE d.id = $id
        """;

    // A finished one begins its schedule anew; one that waits for a retry has it now, as its next attempt. The message and its id stay.
    private const string Resend = """
        UPDATE delivery
        SET state = $state, due_at = $due, lease_token = NULL, attempts = CASE WHEN finished_at IS NULL THEN attempts ELSE 0 END, finished_at = NULL
        WHERE id = $id
        """;

    private const string Cancel = "UPDATE delivery SET state = 'cancelled', due_at = NULL, finished_at = $now WHERE id = $id";

    /// <summary>Makes a delivery due now, whatever became of it. It goes on by the schedule when it fails again.</summary>
    public Task<ActionResult> ResendAsync(long id) => ActAsync(id, (c, delivery, subscription) =>
    {
        if (delivery == DeliveryState.InFlight)
            return false;
        var isServed = subscription == SubscriptionState.Active;
        c.Prepared(Resend).Bind("$id", id).Bind("$state", StateNames.Of(isServed ? DeliveryState.Pending : DeliveryState.Held))
            .Bind("$due", isServed ? time.GetUtcNow() : null).ExecuteNonQuery();
        return true;
    });

    /// <summary>Gives up a delivery that is still owed.</summary>
    public Task<ActionResult> CancelAsync(long id) => ActAsync(id, (c, delivery, _) =>
    {
        if (delivery is not (DeliveryState.Pending or DeliveryState.Waiting or DeliveryState.Held))
            return false;
        c.Prepared(Cancel).Bind("$id", id).Bind("$now", time.GetUtcNow()).ExecuteNonQuery();
        return true;
    });

    private Task<ActionResult> ActAsync(long id, Func<PluginConnection, DeliveryState, SubscriptionState, bool> act) => database.WriteAsync<ActionResult>(c =>
    {
        DeliveryState delivery;
        SubscriptionState subscription;
        long subscriptionId;
        using (var reader = c.Prepared(Find).Bind("$id", id).ExecuteReader())
        {
            if (!reader.Read())
                return new ActionResult.NotFound();
            (delivery, subscription, subscriptionId) = (StateNames.Delivery(reader.GetString(0)), StateNames.Subscription(reader.GetString(1)), reader.GetInt64(2));
            if (reader.GetInt64(3) != 0)
                return new ActionResult.NoMessage();
        }
        return act(c, delivery, subscription) ? new ActionResult.Done(subscriptionId, subscription == SubscriptionState.Active) : new ActionResult.NotNow(delivery);
    });
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

    /// <summary>There is no such delivery.</summary>
    internal sealed record NotFound : ActionResult;
}
