using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>How a new delivery is stored.</summary>
/// <param name="State">Its state.</param>
/// <param name="Stream">The stream in which it stands; null for none.</param>
/// <param name="IsBlocked">Whether others of the stream come first.</param>
internal readonly record struct Placing(DeliveryState State, long? Stream, bool IsBlocked)
{
    /// <summary>
    /// Places a delivery: as it was to be stored, unless its subscription has an order. Then only the oldest of a stream is sent, and none while what the
    /// subscription is owed is being put into order.
    /// </summary>
    public static Placing Of(PluginConnection c, NewMessage message, NewDelivery delivery, StoredOrder order)
    {
        if (order == default)
            return new Placing(delivery.State, null, IsBlocked: false);
        var stream = order.StreamOf(message.RecordId, message.ChangeSequence);
        if (order.Reorders || delivery.State == DeliveryState.Held)
            return new Placing(DeliveryState.Held, stream, IsBlocked: false);
        return stream is { } taken && Streams.IsOwedMore(c, delivery.SubscriptionId, taken)
            ? new Placing(DeliveryState.Pending, stream, IsBlocked: true)
            : new Placing(delivery.State, stream, IsBlocked: false);
    }

    /// <summary>When it next wants attention.</summary>
    public DateTimeOffset? DueAt(NewDelivery delivery, DateTimeOffset now) => State switch
    {
        DeliveryState.Pending => IsBlocked ? null : now,
        DeliveryState.InFlight => now + DeliveryQueue.LeaseLength,
        DeliveryState.Waiting => delivery.DueAt,
        DeliveryState.Held => null,
        _ => throw new ArgumentException($"A delivery is not born as {delivery.State}.", nameof(delivery)),
    };
}
