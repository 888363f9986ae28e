using System.Globalization;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Api;

/// <summary>What a subscription has missed, and the ways to make up for it.</summary>
internal sealed record MissedView
{
    /// <summary>Deliveries held back while it is paused, disabled or removed.</summary>
    public required long Held { get; init; }

    /// <summary>When the first of their changes was made.</summary>
    public DateTimeOffset? HeldFrom { get; init; }

    /// <summary>When the last of them was.</summary>
    public DateTimeOffset? HeldTo { get; init; }

    /// <summary>Whether they stay held although the subscription is served, by an earlier resuming with <c>keep</c>.</summary>
    public required bool IsKept { get; init; }

    /// <summary>Deliveries given up: exhausted, refused or cancelled.</summary>
    public required long GivenUp { get; init; }

    /// <summary>What can be done.</summary>
    public required IReadOnlyList<WayView> Ways { get; init; }

    /// <summary>Describes it; null when nothing was missed and all goes on.</summary>
    public static MissedView? Of(SubscriptionSummary summary, HeldSummary? held, bool isConfigured, bool isOrdered)
    {
        var givenUp = summary.Count(DeliveryState.Exhausted, DeliveryState.Cancelled);
        if (summary.State == SubscriptionState.Active && held is null && givenUp == 0)
            return null;
        return new MissedView
        {
            Held = held?.Count ?? 0,
            HeldFrom = held?.From,
            HeldTo = held?.To,
            IsKept = held?.IsKept ?? false,
            GivenUp = givenUp,
            Ways = isConfigured ? [.. FindWays(summary, held, givenUp, isOrdered)] : [],
        };
    }

    private static IEnumerable<WayView> FindWays(SubscriptionSummary summary, HeldSummary? held, long givenUp, bool isOrdered)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{ManagementApi.Root}/subscriptions/{summary.Id}");
        if (held is not null || summary.State != SubscriptionState.Active)
            yield return new WayView("Serve it, and send what is held.", $"{path}/resume", """{"held":"deliver"}""");
        if (held is not null)
            yield return new WayView("Serve it, and give up what is held.", $"{path}/resume", """{"held":"cancel"}""");
        if (held is not null && !isOrdered)
            yield return new WayView("Serve it for what comes, and keep what is held.", $"{path}/resume", """{"held":"keep"}""");
        if (givenUp > 0)
            yield return new WayView("Send what was given up.", $"{path}/replay", """{"which":"failed"}""");
    }
}

/// <summary>A call that helps.</summary>
/// <param name="Does">What it does, for people.</param>
/// <param name="Post">Where to send the POST.</param>
/// <param name="Body">Its body.</param>
internal sealed record WayView(string Does, string Post, string Body);
