using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>A delivery in a worker's hands.</summary>
internal sealed record ClaimedDelivery
{
    public required long Id { get; init; }

    public required long SubscriptionId { get; init; }

    public required long ChangeSequence { get; init; }

    /// <summary>The message's id on the wire: the same on every attempt, after a crash and in every replay.</summary>
    public required string MessageId { get; init; }

    /// <summary>What happened, by its name in the standard dialect.</summary>
    public required string Kind { get; init; }

    /// <summary>Names this claim in every transition out of it.</summary>
    public required long LeaseToken { get; init; }

    /// <summary>How many attempts were made before.</summary>
    public required int Attempts { get; init; }

    /// <summary>When the change was committed.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The recorded span in which the change was made; null when none was.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The stream whose open delivery it is; null when it stands in no order.</summary>
    public long? Stream { get; init; }

    public required string ContentType { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What of the change goes into address and headers; null when these are the same for every change.</summary>
    public IReadOnlyDictionary<string, string>? Values { get; init; }

    /// <summary>A new delivery, handed over in the transaction that stores it.</summary>
    public static ClaimedDelivery Of(NewMessage message, NewDelivery delivery, long? stream, long token) => new()
    {
        Id = DeliveryId.Of(message.ChangeSequence, delivery.SubscriptionId),
        SubscriptionId = delivery.SubscriptionId,
        ChangeSequence = message.ChangeSequence,
        MessageId = Queue.MessageId.Of(message.ChangeId, delivery.SubscriptionId),
        Kind = message.Kind,
        LeaseToken = token,
        Attempts = 0,
        OccurredAt = message.OccurredAt,
        TraceParent = message.TraceParent,
        Stream = stream,
        ContentType = message.ContentType,
        Body = message.Body,
        Values = message.Values,
    };

    /// <summary>Whether a row has its body; not when others before it have many bytes already.</summary>
    public static bool HasBody(HotStatement row) => !row.IsNull(7);

    /// <summary>A delivery as <see cref="QueueStatements"/> select it for a claim.</summary>
    public static ClaimedDelivery Read(HotStatement row, long subscriptionId, long token) => new()
    {
        Id = row.Number(0),
        SubscriptionId = subscriptionId,
        ChangeSequence = row.Number(1),
        MessageId = Queue.MessageId.Of(Guid.ParseExact(row.Text(2), "N"), subscriptionId),
        Kind = row.Text(3),
        LeaseToken = token,
        Attempts = (int)row.Number(4),
        OccurredAt = row.Instant(5),
        ContentType = row.Text(6),
        Body = row.Blob(7),
        Stream = row.NumberOrNull(8),
        TraceParent = row.TextOrNull(9),
        Values = MessageValues.Read(row.TextOrNull(10)),
    };
}
