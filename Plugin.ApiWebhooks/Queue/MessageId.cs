namespace Plugin.ApiWebhooks.Queue;

/// <summary>The id of a message on the wire.</summary>
internal static class MessageId
{
    /// <summary>
    /// Made of the change and the subscription alone, so that it is the same on every attempt, after a crash and when the change is replayed; and
    /// different for two subscriptions, so that a receiver of both takes neither for a duplicate of the other. Holds no full stop.
    /// </summary>
    public static string Of(Guid changeId, long subscriptionId) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"msg_{changeId:N}_{subscriptionId}");
}
