using Plugin.ApiWebhooks.Queue.Engines;
using Dam.Hosting;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>
/// Reads what is owed, for metrics and health. However many ask and however often, it is read at most once a second and takes at most a fiftieth of
/// one processor's time; who asks in between gets the last reading.
/// </summary>
/// <param name="database">The plugin's database.</param>
/// <param name="log">The host's change log.</param>
/// <param name="position">How far the change log was read; null before the first start.</param>
/// <param name="time">The clock.</param>
internal sealed class BacklogReader(PluginDatabase database, IChangeLog log, Func<long?> position, TimeProvider time)
{
    private const int RestPerWork = 50;

    // The ids of one subscription rise from the oldest to the newest, and those of notices, which are below zero, fall.
    public const string Oldest = "coalesce(min(CASE WHEN id > 0 THEN id END), max(id))";

    /// <summary>What is owed, by subscription and state.</summary>
    // Answered from the partial indexes alone, which hold what is owed and nothing that is finished.
    public const string SelectOwed = $"""
        SELECT owed.subscription_id, owed.state, owed.count, delivery.created_at
        FROM (
            SELECT subscription_id, state, count(*) AS count, {Oldest} AS oldest FROM delivery
            WHERE due_at IS NOT NULL AND subscription_id BETWEEN @first AND @last GROUP BY subscription_id, state
            UNION ALL
            SELECT subscription_id, 'pending', count(*), {Oldest} FROM delivery
            WHERE state = 'pending' AND due_at IS NULL AND subscription_id BETWEEN @first AND @last GROUP BY subscription_id
            UNION ALL
            SELECT subscription_id, 'held', count(*), {Oldest} FROM delivery
            WHERE state = 'held' AND subscription_id BETWEEN @first AND @last GROUP BY subscription_id
        ) owed JOIN delivery ON delivery.id = owed.oldest
        """;

    private const string SelectSubscriptions = "SELECT id, key, state, state_reason, failing_since FROM subscription ORDER BY id";

    private static readonly TimeSpan LeastRest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Backlog? _backlog;
    private long _readTimestamp;
    private TimeSpan _rest;
    private Task<long>? _lastChange;

    /// <summary>What is owed, as it was read last or is read now.</summary>
    public Backlog Read()
    {
        lock (_gate)
        {
            if (_backlog is not null && time.GetElapsedTime(_readTimestamp) < _rest)
                return _backlog;
            var started = time.GetTimestamp();
            _backlog = new Backlog
            {
                ReadAt = time.GetUtcNow(),
                Position = position(),
                LastChange = FindLastChange(),
                Hooks = database.Read(ReadHooks),
            };
            _readTimestamp = time.GetTimestamp();
            var cost = time.GetElapsedTime(started, _readTimestamp);
            _rest = cost * RestPerWork > LeastRest ? cost * RestPerWork : LeastRest;
            return _backlog;
        }
    }

    // Collecting metrics cannot wait for a host that has to ask elsewhere: its answer counts at the next reading.
    private long? FindLastChange()
    {
        var asked = _lastChange is { IsCompleted: false } ? _lastChange : log.GetLastPositionAsync(CancellationToken.None);
        var answered = asked.IsCompletedSuccessfully ? asked : _lastChange;
        _lastChange = asked;
        return answered is { IsCompletedSuccessfully: true } ? answered.GetAwaiter().GetResult() : null;
    }

    /// <summary>What is owed to the subscriptions with numbers from one to another. What is pending is open or blocked, and counted by each.</summary>
    public static List<(long Subscription, DeliveryState State, long Count, DateTimeOffset OldestAt)> ReadOwed(PluginConnection connection, long first, long last)
    {
        var owed = new List<(long, DeliveryState, long, DateTimeOffset)>();
        using var row = connection.Prepared(SelectOwed).Bind("@first", first).Bind("@last", last).ExecuteReader();
        while (row.Read())
            owed.Add((row.GetInt64(0), StateNames.Delivery(row.GetString(1)), row.GetInt64(2), row.GetInstant(3)));
        return owed;
    }

    private static List<HookBacklog> ReadHooks(PluginConnection connection)
    {
        var owedTo = ReadOwed(connection, 0, DeliveryId.LastSubscription).ToLookup(each => each.Subscription);
        var hooks = new List<HookBacklog>();
        using var subscription = connection.Prepared(SelectSubscriptions).ExecuteReader();
        while (subscription.Read())
        {
            var its = owedTo[subscription.GetInt64(0)];
            hooks.Add(new HookBacklog
            {
                SubscriptionId = subscription.GetInt64(0),
                Key = subscription.GetString(1),
                State = StateNames.Subscription(subscription.GetString(2)),
                StateReason = subscription.FindString(3),
                FailingSince = subscription.FindInstant(4),
                Counts = its.GroupBy(each => each.State).ToDictionary(each => each.Key, each => each.Sum(part => part.Count)),
                OldestAt = its.Select(each => (DateTimeOffset?)each.OldestAt).Min(),
            });
        }
        return hooks;
    }
}
