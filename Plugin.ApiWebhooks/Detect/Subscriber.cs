using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Deliver;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Detect;

/// <summary>A subscription as the detector sees it: what it wants, and what becomes of what it is owed.</summary>
/// <param name="Subscription">The subscription as stored.</param>
/// <param name="Lane">Where its deliveries are handed over.</param>
/// <param name="Rules">What it wants, and how that looks.</param>
/// <param name="EchoOf">The API key whose changes are its own doing and not sent back to it; null for none.</param>
/// <param name="FirstWait">How long after the change the first attempt is due.</param>
internal sealed record Subscriber(Subscription Subscription, Lane Lane, DialectRules Rules, string? EchoOf, TimeSpan FirstWait)
{
    /// <summary>The subscription's id.</summary>
    public long SubscriptionId => Subscription.Id;

    /// <summary>Whether it is sent to; else its changes are held.</summary>
    public bool IsServed => Subscription.State == SubscriptionState.Active;

    /// <summary>Whether it is owed a change as it comes.</summary>
    public bool IsOwed(Change change) => change.Sequence > Subscription.StartsAfter && Wants(change);

    /// <summary>Whose rights decide what it is sent; null for a hook of config.json, which is sent whatever it asks for.</summary>
    public Audience? Audience { get; init; }

    /// <summary>Which of the changes its rules want it is sent; null for all.</summary>
    public HookFilter? Filter { get; init; }

    /// <summary>Whether its hook was deleted, and may still come back.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Whether it is sent the thin form.</summary>
    public bool IsThin { get; init; }

    /// <summary>Two subscribers with equal keys are sent the same bytes.</summary>
    public string RenderingKey => field ??= IsThin ? Rules.RenderingKey + "\nthin" : Rules.RenderingKey;

    /// <summary>Whether it wants a change, whenever that was made, and may have it.</summary>
    public bool Wants(Change change) =>
        (EchoOf is null || change.Actor.ApiKeyName != EchoOf) && (Filter is null || Filter.Passes(change)) && RulesWant(change) && (Audience is null || Audience.MayReceive(Rules, change));

    private bool RulesWant(Change change)
    {
        try
        {
            return Rules.Wants(change);
        }
        catch (Exception)
        {
            // Taken for wanted, the change is not lost: a dialect that breaks here most likely breaks on rendering too, and that is told.
            return true;
        }
    }
}

/// <summary>The owner of a stored hook.</summary>
/// <param name="Owner">The user's name.</param>
/// <param name="Owners">Tells the rights.</param>
internal sealed record Audience(string Owner, Owners Owners)
{
    /// <summary>Whether the owner may know of a change. A dialect that breaks on the question gives nothing away.</summary>
    public bool MayReceive(DialectRules rules, Change change)
    {
        try
        {
            return Owners.MayReceive(Owner, rules, change);
        }
        catch (Exception)
        {
            return false;
        }
    }
}
