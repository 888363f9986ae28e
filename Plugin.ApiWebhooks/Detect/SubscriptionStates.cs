using System.Security.Cryptography;
using System.Text;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Detect;

/// <summary>Decides in which state a hook's subscription is.</summary>
internal static class SubscriptionStates
{
    /// <summary>The reason of a hook with <c>"enabled": false</c>.</summary>
    public const string NotEnabled = "Not enabled in config.json.";

    /// <summary>The reason of a hook that is not in the file any more.</summary>
    public const string NotInFile = "Taken out of config.json.";

    /// <summary>The reason of a hook that was deleted and may still come back.</summary>
    public const string MayComeBack = "Deleted; it can be restored for a while.";

    /// <summary>Why a stored hook is not there any more.</summary>
    public const string Deleted = Subscription.Deleted;

    /// <summary>The subscription as it is to be stored.</summary>
    /// <remarks>
    /// The file has the first word, a person the second, failure the third: a hook that is not enabled is paused; a subscription that a person paused stays so
    /// until a person resumes it; a disabled one stays so until a person resumes it or the hook leads elsewhere.
    /// </remarks>
    /// <param name="hook">The hook.</param>
    /// <param name="known">What is stored.</param>
    public static Subscription Decide(HookSettings hook, Subscription known)
    {
        var named = known with { Label = hook.Label, Order = hook.Order, Reorders = known.Reorders || (known.Id != 0 && known.Order != hook.Order) };
        // One that somebody paused, or that failed, stays so: it is to come back as it was.
        var isPausedByPerson = known.State == SubscriptionState.Paused && known.StateReason is not (NotEnabled or MayComeBack);
        if (hook.IsDeleted)
            return isPausedByPerson || known.State == SubscriptionState.Disabled ? named : named with { State = SubscriptionState.Paused, StateReason = MayComeBack, DisabledWay = null };
        if (!hook.Enabled)
            return named with { State = SubscriptionState.Paused, StateReason = NotEnabled, DisabledWay = null };
        return known.State switch
        {
            SubscriptionState.Paused when isPausedByPerson => named,
            SubscriptionState.Disabled when known.DisabledWay == WayOf(hook) => named,
            _ => Active(named),
        };
    }

    /// <summary>A subscription that is served, its past failures forgotten.</summary>
    public static Subscription Active(Subscription known) => known.State == SubscriptionState.Active
        ? known with { StateReason = null, DisabledWay = null }
        : known with { State = SubscriptionState.Active, StateReason = null, DisabledWay = null, FailingSince = null };

    /// <summary>A hook's way: address, what it signs with, headers, proxy and certificates. A hash, since these may be secret.</summary>
    public static string WayOf(HookSettings hook)
    {
        var parts = new[] { hook.Url, hook.Secret?.Reveal() ?? "", hook.SigningKey?.PublicText ?? "", hook.Via?.Fingerprint() ?? "" }
            .Concat(hook.Headers.Select(header => $"{header.Name}: {header.Value}"))
            .Concat(hook.Rules.Headers.Select(header => $"{header.Key}: {header.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..32];
    }
}
