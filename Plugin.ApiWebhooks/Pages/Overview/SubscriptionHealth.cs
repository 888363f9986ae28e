using Plugin.ApiWebhooks.Detect;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Overview;

/// <summary>How well a subscription is, from the best to the worst: those in trouble stand first.</summary>
internal enum Trouble
{
    /// <summary>All is well.</summary>
    None,

    /// <summary>Not served by a person's wish, and nothing is held for it; or taken out.</summary>
    Resting,

    /// <summary>Deliveries are held for it.</summary>
    Held,

    /// <summary>It is owed something for longer than usual.</summary>
    Late,

    /// <summary>Deliveries were given up.</summary>
    GivenUp,

    /// <summary>There were failures and nothing else.</summary>
    Failing,

    /// <summary>Not served because it failed for too long.</summary>
    Disabled,
}

/// <summary>A subscription with what is wrong with it. Decides only.</summary>
internal sealed record SubscriptionHealth
{
    private static readonly DeliveryState[] OnTheirWay = [DeliveryState.Pending, DeliveryState.InFlight, DeliveryState.Waiting];

    /// <summary>Looks at a subscription.</summary>
    /// <param name="summary">The subscription.</param>
    /// <param name="now">The present time.</param>
    public SubscriptionHealth(SubscriptionSummary summary, DateTimeOffset now)
    {
        Summary = summary;
        var isServed = summary.State == SubscriptionState.Active;
        IsDisabled = summary.State == SubscriptionState.Disabled;
        IsFailing = isServed && summary.FailingSince is not null;
        GivenUp = summary.Count(DeliveryState.Exhausted);
        Held = summary.Count(DeliveryState.Held);
        OldestOnItsWay = OnTheirWay.Select(state => summary.Figures.OldestAt.TryGetValue(state, out var at) ? at : (DateTimeOffset?)null).Min();
        IsLate = isServed && !IsFailing && now - OldestOnItsWay >= Delays.LateAfter;
        // One that was taken out is nobody's trouble, whatever is held for it.
        IsGone = summary.State == SubscriptionState.Removed || summary.StateReason == SubscriptionStates.MayComeBack;
        Trouble = IsGone ? Trouble.Resting
            : IsDisabled ? Trouble.Disabled
            : IsFailing ? Trouble.Failing
            : GivenUp > 0 ? Trouble.GivenUp
            : IsLate ? Trouble.Late
            : Held > 0 ? Trouble.Held
            : isServed ? Trouble.None
            : Trouble.Resting;
    }

    public SubscriptionSummary Summary { get; }

    /// <summary>The worst that is wrong with it.</summary>
    public Trouble Trouble { get; }

    /// <summary>Whether it was taken out or deleted.</summary>
    public bool IsGone { get; }

    public bool IsDisabled { get; }

    public bool IsFailing { get; }

    public bool IsLate { get; }

    /// <summary>How many deliveries were given up.</summary>
    public long GivenUp { get; }

    /// <summary>How many are held.</summary>
    public long Held { get; }

    /// <summary>How many are owed.</summary>
    public long Owed => Summary.Count(DeliveryState.Pending, DeliveryState.InFlight, DeliveryState.Waiting, DeliveryState.Held);

    /// <summary>Since when the oldest delivery that is not held is owed; null when none is.</summary>
    public DateTimeOffset? OldestOnItsWay { get; }

    /// <summary>Whether there is anything to tell of it: one that was removed and is owed nothing is history.</summary>
    public bool IsShown => Summary.State != SubscriptionState.Removed || Owed > 0;
}
