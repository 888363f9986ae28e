namespace Plugin.ApiWebhooks.Queue;

/// <summary>
/// The id of a delivery: the change's sequence, and in its lower twenty bits the subscription. So one change is owed to one subscription once, deliveries
/// are stored in the order of the changes, and all of one change lie together.
/// </summary>
internal static class DeliveryId
{
    /// <summary>The highest id a subscription can have.</summary>
    public const long LastSubscription = (1 << Bits) - 1;

    /// <summary>The bits that are the subscription's.</summary>
    public const int Bits = 20;

    /// <summary>The id of what a subscription is owed for a change.</summary>
    /// <param name="changeSequence">The change; up to 2^33 the id is a whole number in JavaScript too.</param>
    /// <param name="subscriptionId">The subscription.</param>
    public static long Of(long changeSequence, long subscriptionId) => (changeSequence << Bits) | subscriptionId;

    /// <summary>The subscription in an id.</summary>
    public static long SubscriptionOf(long id) => id & LastSubscription;
}
