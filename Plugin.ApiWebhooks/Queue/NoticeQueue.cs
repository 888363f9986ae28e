using Plugin.ApiWebhooks.Queue.Engines;
using System.Globalization;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>Stores notices: what happened to the plugin itself, in the one transaction in which it happens. Nothing is told that did not happen, and nothing that happened is not told.</summary>
/// <param name="database">The plugin's database.</param>
/// <param name="time">The clock.</param>
internal sealed class NoticeQueue(PluginDatabase database, TimeProvider time)
{
    private const string Disable = """
        UPDATE subscription SET state = 'disabled', state_reason = @reason, disabled_way = @way WHERE id = @id AND state = 'active'
        """;

    private const string Count = "UPDATE notice_count SET notices = notices + 1 RETURNING notices";

    private const string InsertMessage = """
        INSERT INTO message (change_sequence, change_id, kind, occurred_at, created_at, content_type, body, address_values)
        VALUES (@sequence, @notice, @kind, @occurred, @now, @type, @body, @values) RETURNING id
        """;

    private const string InsertDelivery = "INSERT INTO delivery (id, message_id, state, due_at, created_at) VALUES (@id, @message, @state, @due, @now)";

    /// <summary>Disables a subscription that is active, and stores what others are told of it.</summary>
    /// <param name="disabled">The subscription as it is to be: its reason and way are stored.</param>
    /// <param name="notices">The notice in each rendering, with whom it is owed; its sequence is given here.</param>
    /// <returns>Whether it was active; if not, nothing is stored.</returns>
    public Task<bool> DisableAsync(Subscription disabled, IReadOnlyList<NewMessage> notices) => database.WriteAsync(c =>
    {
        if (c.Prepared(Disable).Bind("@id", disabled.Id).Bind("@reason", disabled.StateReason).Bind("@way", disabled.DisabledWay).ExecuteNonQuery() == 0)
            return false;
        if (notices.Count == 0)
            return true;
        // One notice is one sequence, in however many renderings: nobody is owed two of them.
        var sequence = -Number(c.Prepared(Count).ExecuteScalar());
        foreach (var notice in notices)
            Add(c, notice, sequence);
        return true;
    });

    private void Add(PluginConnection c, NewMessage notice, long sequence)
    {
        var now = time.GetUtcNow();
        var message = Number(c.Prepared(InsertMessage).Bind("@sequence", sequence).Bind("@notice", notice.ChangeId.ToString("N")).Bind("@kind", notice.Kind)
            .Bind("@occurred", notice.OccurredAt).Bind("@now", now).Bind("@type", notice.ContentType).Bind("@body", notice.Body.ToArray())
            .Bind("@values", MessageValues.Write(notice.Values)).ExecuteScalar());
        foreach (var delivery in notice.Deliveries)
        {
            var dueAt = delivery.State switch
            {
                DeliveryState.Pending => now,
                DeliveryState.Waiting => delivery.DueAt,
                DeliveryState.Held => (DateTimeOffset?)null,
                _ => throw new ArgumentException($"A notice is not born as {delivery.State}.", nameof(notice)),
            };
            c.Prepared(InsertDelivery).Bind("@id", DeliveryId.Of(sequence, delivery.SubscriptionId)).Bind("@message", message)
                .Bind("@state", StateNames.Of(delivery.State)).Bind("@due", dueAt).Bind("@now", now).ExecuteNonQuery();
        }
    }

    private static long Number(object? scalar) => Convert.ToInt64(scalar, CultureInfo.InvariantCulture);
}
