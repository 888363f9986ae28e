namespace Plugin.ApiWebhooks.Queue;

/// <summary>In which order a subscription is sent its changes.</summary>
internal enum DeliveryOrder
{
    /// <summary>In none: what can be sent is sent, many at the same time.</summary>
    None,

    /// <summary>The changes of one record one after the other; those of other records overtake.</summary>
    Record,

    /// <summary>All one after the other.</summary>
    Strict,
}

/// <summary>The order of a subscription as it is stored.</summary>
/// <param name="Order">The order.</param>
/// <param name="Reorders">Whether what it is owed is being put into that order, and is held meanwhile.</param>
internal readonly record struct StoredOrder(DeliveryOrder Order, bool Reorders)
{
    /// <summary>The stream of the strict order: records have numbers from 1 on.</summary>
    public const long WholeStream = 0;

    /// <summary>The stream in which a change stands; null for none. A change of no record is a stream of its own; a notice stands in no order.</summary>
    public long? StreamOf(long? recordId, long changeSequence) => Order switch
    {
        _ when changeSequence < 0 => null,
        DeliveryOrder.None => null,
        DeliveryOrder.Strict => WholeStream,
        _ => recordId ?? -changeSequence,
    };

    /// <summary>Whether a delivery that stands in a stream, or in none, stands where this order wants it.</summary>
    public bool Fits(long? stream, long changeSequence) => Order switch
    {
        _ when changeSequence < 0 => stream is null,
        DeliveryOrder.None => stream is null,
        DeliveryOrder.Strict => stream == WholeStream,
        _ => stream is not (null or WholeStream),
    };
}

/// <summary>The orders as they stand in the database and in config.json.</summary>
internal static class OrderNames
{
    public static string Of(DeliveryOrder order) => order switch
    {
        DeliveryOrder.None => "none",
        DeliveryOrder.Record => "record",
        DeliveryOrder.Strict => "strict",
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, null),
    };

    public static DeliveryOrder Order(string name) => name switch
    {
        "none" => DeliveryOrder.None,
        "record" => DeliveryOrder.Record,
        "strict" => DeliveryOrder.Strict,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };
}
