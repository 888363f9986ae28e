using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>Reads what was delivered, what is owed, and every attempt. For pages and the management API; the stages do not read here.</summary>
/// <param name="database">The plugin's database.</param>
internal sealed class DeliveryHistory(PluginDatabase database)
{
    private const string SelectSubscriptions =
        "SELECT id, key, label, state, state_reason, created_at, failing_since FROM subscription WHERE id BETWEEN @first AND @last ORDER BY id";

    private const string SelectSubscriptionLabels = "SELECT id, key, label FROM subscription ORDER BY label COLLATE NOCASE, id";

    private const string SelectSubscriptionKeys = "SELECT id, key FROM subscription ORDER BY id";

    private const string SelectDeliveries = DeliveryRows.Select;

    private const string Filtered = $"""
        {SelectDeliveries}
        WHERE d.id > @after AND (@state IS NULL OR d.state = @state) AND (@subscription IS NULL OR d.subscription_id = @subscription)
          AND (@record IS NULL OR m.record_id = @record)
          AND {IsShown}
        ORDER BY d.id LIMIT @limit
        """;

    private const string IsShown = "(@hidden IS NULL OR d.subscription_id NOT IN (SELECT value FROM json_each(@hidden)))";

    // Chosen before they are joined: PostgreSQL takes a join of the two divided tables for one row, and would sort all.
    private const string LatestOfOne = $"""
        {SelectDeliveries} WHERE d.id IN (SELECT id FROM delivery WHERE id >= 0 AND subscription_id = @subscription ORDER BY id DESC LIMIT @limit)
        ORDER BY d.id DESC
        """;

    private const string One = $"{SelectDeliveries} WHERE d.id = @id";

    private const string SelectMessage = "SELECT m.content_type, m.body FROM delivery d JOIN message m ON m.id = d.message_id AND m.change_sequence = d.change_sequence WHERE d.id = @id";

    // The ids rise with the changes.
    private const string SelectHeld = """
        SELECT held.count, oldest.occurred_at, newest.occurred_at, CASE WHEN held.first >> 20 <= s.kept_up_to THEN 1 ELSE 0 END
        FROM (SELECT count(*) AS count, min(id) AS first, max(id) AS last FROM delivery WHERE state = 'held' AND subscription_id = @subscription) held
        JOIN subscription s ON s.id = @subscription
        JOIN delivery df ON df.id = held.first JOIN message oldest ON oldest.id = df.message_id AND oldest.change_sequence = df.change_sequence
        JOIN delivery dl ON dl.id = held.last JOIN message newest ON newest.id = dl.message_id AND newest.change_sequence = dl.change_sequence
        """;

    /// <summary>What is held for a subscription; null when nothing is.</summary>
    public HeldSummary? FindHeld(long subscriptionId) => database.Read(connection => Binding.List(
        connection.Prepared(SelectHeld).Bind("@subscription", subscriptionId),
        row => new HeldSummary(row.GetInt64(0), row.GetInstant(1), row.GetInstant(2), row.GetInt64(3) != 0)) is [var held] ? held : null);

    /// <summary>The subscriptions with numbers from one to another, removed ones too, with what each is owed.</summary>
    public IReadOnlyList<SubscriptionSummary> ReadSubscriptions(long first, long last) => database.Read(connection =>
        ReadSubscriptions(connection, first, last, SubscriptionFigures.Read(connection, first, last)));

    /// <summary>The same with figures that were read before.</summary>
    public IReadOnlyList<SubscriptionSummary> ReadSubscriptions(IReadOnlyDictionary<long, SubscriptionFigures> figures) =>
        database.Read(connection => ReadSubscriptions(connection, 0, DeliveryId.LastSubscription, figures));

    private static List<SubscriptionSummary> ReadSubscriptions(
        PluginConnection connection, long first, long last, IReadOnlyDictionary<long, SubscriptionFigures> figures) =>
        Binding.List(connection.Prepared(SelectSubscriptions).Bind("@first", first).Bind("@last", last), row => new SubscriptionSummary
        {
            Id = row.GetInt64(0),
            Key = row.GetString(1),
            Label = row.GetString(2),
            State = StateNames.Subscription(row.GetString(3)),
            StateReason = row.FindString(4),
            CreatedAt = row.GetInstant(5),
            FailingSince = row.FindInstant(6),
            Figures = figures.GetValueOrDefault(row.GetInt64(0), SubscriptionFigures.None),
        });

    /// <summary>The subscriptions, removed ones too, by number and key alone: this costs the same however much was delivered.</summary>
    public IReadOnlyList<(long Id, string Key)> ReadSubscriptionKeys() =>
        database.Read(connection => Binding.List(connection.Prepared(SelectSubscriptionKeys), row => (row.GetInt64(0), row.GetString(1))));

    /// <summary>The same with their labels.</summary>
    public IReadOnlyList<(long Id, string Key, string Label)> ReadSubscriptionLabels() =>
        database.Read(connection => Binding.List(connection.Prepared(SelectSubscriptionLabels), row => (row.GetInt64(0), row.GetString(1), row.GetString(2))));

    /// <summary>Deliveries that match a filter, oldest first.</summary>
    public IReadOnlyList<DeliveryEntry> ReadDeliveries(DeliveryFilter filter) => database.Read(connection => Binding.List(
        connection.Prepared(Filtered)
            .Bind("@after", filter.After).Bind("@limit", filter.Limit).Bind("@state", filter.State is { } state ? StateNames.Of(state) : null)
            .Bind("@subscription", filter.SubscriptionId).Bind("@record", filter.RecordId)
            .Bind("@hidden", JsonOf(filter.Hidden)),
        DeliveryRows.ReadDelivery));

    /// <summary>The latest deliveries of one subscription, newest first.</summary>
    public IReadOnlyList<DeliveryEntry> ReadLatestOf(long subscriptionId, int limit) =>
        database.Read(connection => Binding.List(connection.Prepared(LatestOfOne).Bind("@subscription", subscriptionId).Bind("@limit", limit), DeliveryRows.ReadDelivery));

    private static string? JsonOf(IReadOnlyList<long> ids) => ids.Count == 0 ? null : $"[{string.Join(',', ids)}]";

    /// <summary>One delivery with its bytes and every attempt, or null.</summary>
    public DeliveryStory? Find(long id) => database.Read(connection =>
    {
        if (Binding.List(connection.Prepared(One).Bind("@id", id), DeliveryRows.ReadDelivery) is not [var delivery])
            return null;
        var (contentType, body) = Binding.List(connection.Prepared(SelectMessage).Bind("@id", id), row => (row.GetString(0), row.GetFieldValue<byte[]>(1)))[0];
        var attempts = Binding.List(connection.Prepared(DeliveryRows.SelectAttempts).Bind("@id", id), row => DeliveryRows.ReadAttempt(row));
        return new DeliveryStory(delivery, contentType, body, attempts);
    });

}
