using Dam.Hosting;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>Which hooks are late, and why, in words for anybody: what receivers answered, and where they are, is for administrators.</summary>
internal static class Delays
{
    /// <summary>A hook that is well but owed something for longer than this is late.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(1);

    /// <summary>The hooks that are late.</summary>
    /// <param name="backlog">What is owed.</param>
    /// <param name="rests">The subscriptions whose receivers rest, and until when.</param>
    public static IReadOnlyList<PluginDelay> Find(Backlog backlog, IReadOnlyDictionary<long, DateTimeOffset> rests)
    {
        var delays = new List<PluginDelay>();
        foreach (var hook in backlog.Hooks)
        {
            DateTimeOffset? restsUntil = rests.TryGetValue(hook.SubscriptionId, out var until) ? until : null;
            if (ReasonOf(hook, backlog.AgeOf(hook.OldestAt), restsUntil) is { } reason)
                delays.Add(new PluginDelay($"Hook {hook.Key}", hook.Owed, hook.OldestAt, reason));
        }
        return delays;
    }

    /// <summary>Why a hook is late; null when it is not.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="oldestAge">How long ago the oldest that it is owed was stored.</param>
    /// <param name="restsUntil">Until when its receiver is left alone; null when it is not.</param>
    public static string? ReasonOf(HookBacklog hook, TimeSpan oldestAge, DateTimeOffset? restsUntil) => hook switch
    {
        { State: SubscriptionState.Disabled } => $"Disabled{Since(hook)}. What it is owed is held until it is resumed.",
        { Owed: 0 } or { State: SubscriptionState.Removed } => null,
        { State: SubscriptionState.Paused } => "Paused. What it is owed is held until it is resumed.",
        _ when restsUntil is { } until => $"Its receiver is in trouble{Since(hook)} and is called again at {until:yyyy-MM-dd HH:mm:ss} UTC.",
        { FailingSince: not null } => $"Its receiver is in trouble{Since(hook)}; what it is owed is sent again by the schedule.",
        _ when oldestAge >= LateAfter => "More is owed to it than its receiver takes, or single messages wait to be sent again.",
        _ => null,
    };

    private static string Since(HookBacklog hook) => hook.FailingSince is { } since ? $": every attempt failed since {since:yyyy-MM-dd HH:mm:ss} UTC" : "";
}
