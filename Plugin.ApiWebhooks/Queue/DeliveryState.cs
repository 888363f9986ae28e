namespace Plugin.ApiWebhooks.Queue;

/// <summary>Where a delivery stands.</summary>
/// <remarks>
/// <code>
///              Ingest                                    Ingest while the subscription is paused, disabled
///                 |  (due later: waiting)                 |
///                 v                                       v
///   +-------> pending --------- Hold -----------------> held ------ Resume ------> pending
///   |             |                                       ^
///   |           Claim (Ingest claims at once              |
///   |             |    what it hands over)                |
///   |             v                                       |
///   +-Release- in_flight -- Retry --> waiting --- Hold ---+
///                 |    ^                 |
///                 |    +----- Claim -----+
///                 +-- Deliver --> delivered
///                 +-- Exhaust --> exhausted     Cancel: pending, waiting, held --> cancelled
/// </code>
/// Where a hook is sent changes in order, only the oldest pending delivery of a stream is open; the others are blocked: pending without a due time, which no
/// Claim finds. Deliver, Exhaust and Cancel of the open one open the next in the same transaction (<see cref="Streams"/>).
/// <para/>
/// Only in_flight has a lease token, and every transition out of it names that token: a worker whose lease ended and was given to another
/// changes nothing any more. The table's CHECKs hold each state to its columns.
/// </remarks>
internal enum DeliveryState
{
    /// <summary>To be sent as soon as possible.</summary>
    Pending,

    /// <summary>Claimed by a worker, until the lease ends.</summary>
    InFlight,

    /// <summary>Failed, or not due yet; has a next attempt's time.</summary>
    Waiting,

    /// <summary>Kept back while its subscription is paused, disabled or removed.</summary>
    Held,

    /// <summary>Taken by the receiver.</summary>
    Delivered,

    /// <summary>Given up after the last attempt of the schedule.</summary>
    Exhausted,

    /// <summary>Given up by a person.</summary>
    Cancelled,
}

/// <summary>Whether a subscription is served.</summary>
internal enum SubscriptionState
{
    /// <summary>Served.</summary>
    Active,

    /// <summary>Not served by the administrator's wish: new changes are held for it.</summary>
    Paused,

    /// <summary>Not served because it failed for too long, or its receiver answered 410: new changes are held for it.</summary>
    Disabled,

    /// <summary>Taken out of config.json: owed nothing new; what it was owed is held.</summary>
    Removed,
}

/// <summary>The states as they stand in the database.</summary>
internal static class StateNames
{
    public static string Of(DeliveryState state) => state switch
    {
        DeliveryState.Pending => "pending",
        DeliveryState.InFlight => "in_flight",
        DeliveryState.Waiting => "waiting",
        DeliveryState.Held => "held",
        DeliveryState.Delivered => "delivered",
        DeliveryState.Exhausted => "exhausted",
        DeliveryState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static DeliveryState Delivery(string name) => name switch
    {
        "pending" => DeliveryState.Pending,
        "in_flight" => DeliveryState.InFlight,
        "waiting" => DeliveryState.Waiting,
        "held" => DeliveryState.Held,
        "delivered" => DeliveryState.Delivered,
        "exhausted" => DeliveryState.Exhausted,
        "cancelled" => DeliveryState.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    public static string Of(SubscriptionState state) => state switch
    {
        SubscriptionState.Active => "active",
        SubscriptionState.Paused => "paused",
        SubscriptionState.Disabled => "disabled",
        SubscriptionState.Removed => "removed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static SubscriptionState Subscription(string name) => name switch
    {
        "active" => SubscriptionState.Active,
        "paused" => SubscriptionState.Paused,
        "disabled" => SubscriptionState.Disabled,
        "removed" => SubscriptionState.Removed,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };
}
