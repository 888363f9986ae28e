using Plugin.ApiWebhooks.Deliver;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Detect;

/// <summary>A subscription as the detector sees it: what it wants, and what becomes of what it is owed.</summary>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="Lane">Where its deliveries are handed over.</param>
/// <param name="Rules">What it wants, and how that looks.</param>
/// <param name="StartsAfter">Changes up to here are not its.</param>
/// <param name="IsServed">Whether it is sent to; else its changes are held.</param>
/// <param name="FirstWait">How long after the change the first attempt is due.</param>
internal sealed record Subscriber(long SubscriptionId, Lane Lane, DialectRules Rules, long StartsAfter, bool IsServed, TimeSpan FirstWait)
{
    /// <summary>Whether it is owed a change.</summary>
    public bool IsOwed(Dam.Hosting.Change change) => change.Sequence > StartsAfter && Rules.Wants(change);
}
