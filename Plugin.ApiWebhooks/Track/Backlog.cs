using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>What the plugin owes at a moment, and how its hooks are.</summary>
internal sealed class Backlog
{
    private static readonly DeliveryState[] Owed = [DeliveryState.Pending, DeliveryState.InFlight, DeliveryState.Waiting, DeliveryState.Held];

    private static readonly SubscriptionState[] Configured = [SubscriptionState.Active, SubscriptionState.Paused, SubscriptionState.Disabled];

    /// <summary>When it was read.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>The sequence of the last change that was looked at; null before the first start.</summary>
    public required long? Position { get; init; }

    /// <summary>The sequence of the newest change in the host's log; null when it is not known.</summary>
    public required long? LastChange { get; init; }

    /// <summary>The subscriptions, also removed ones.</summary>
    public required IReadOnlyList<HookBacklog> Hooks { get; init; }

    /// <summary>How many changes were not looked at yet. Sequences may have gaps: it is at most so many.</summary>
    public long UnreadChanges => LastChange is { } last && Position is { } position ? Math.Max(0, last - position) : 0;

    /// <summary>How long ago the oldest owed delivery was stored; zero when none is owed.</summary>
    public TimeSpan OldestAge => AgeOf(Hooks.Min(hook => hook.OldestAt));

    /// <summary>Deliveries that are owed, by every state in which one can be.</summary>
    public IEnumerable<KeyValuePair<DeliveryState, long>> ByState() =>
        Owed.Select(state => KeyValuePair.Create(state, Hooks.Sum(hook => hook.Counts.GetValueOrDefault(state))));

    /// <summary>How many hooks stand in each state; without those taken out of the configuration.</summary>
    public IEnumerable<KeyValuePair<SubscriptionState, long>> HooksByState() =>
        Configured.Select(state => KeyValuePair.Create(state, Hooks.LongCount(hook => hook.State == state)));

    /// <summary>How long ago something was stored; zero for nothing.</summary>
    public TimeSpan AgeOf(DateTimeOffset? storedAt) => storedAt is { } at && at < ReadAt ? ReadAt - at : TimeSpan.Zero;
}

/// <summary>What one subscription is owed.</summary>
internal sealed record HookBacklog
{
    public required long SubscriptionId { get; init; }

    /// <summary>The hook's key.</summary>
    public required string Key { get; init; }

    public required SubscriptionState State { get; init; }

    /// <summary>Why it is not active, for people.</summary>
    public string? StateReason { get; init; }

    /// <summary>Since when there were failures and nothing else; null after a success.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>How many deliveries stand in each state in which they are owed; a state that is missing has none.</summary>
    public required IReadOnlyDictionary<DeliveryState, long> Counts { get; init; }

    /// <summary>When the oldest delivery that is owed was stored; null when nothing is owed.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    /// <summary>How many deliveries are owed.</summary>
    public long Owed => Counts.Values.Sum();
}
