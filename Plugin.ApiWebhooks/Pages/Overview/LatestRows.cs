using System.Globalization;
using Dam.Hosting;
using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Overview;

/// <summary>Puts deliveries into words.</summary>
internal static class LatestRows
{
    public static DeliveryRow Of(DeliveryEntry delivery, PageTexts texts) => new()
    {
        At = delivery.OccurredAt,
        Event = delivery.Kind,
        RecordId = delivery.RecordId is { } record ? Plain(record) : null,
        Subscription = delivery.SubscriptionLabel,
        State = new MarkView(ToneOf(delivery.State), texts.StateOf(StateNames.Of(delivery.State))),
        Attempts = Plain(delivery.Attempts),
        Answer = delivery.LastAttempt is { } attempt ? attempt.Status is { } status ? Plain(status) : attempt.Outcome : delivery.Refusal?.Reason,
        Duration = Seconds(delivery.LastAttempt?.Duration),
        Words = delivery.Refusal?.Detail ?? delivery.LastAttempt?.Detail,
        NextAttemptAt = delivery.NextAttemptAt,
    };

    private static Tone ToneOf(DeliveryState state) => state switch
    {
        DeliveryState.Delivered => Tone.Good,
        DeliveryState.Exhausted or DeliveryState.Cancelled => Tone.Bad,
        DeliveryState.Waiting or DeliveryState.Held => Tone.Care,
        _ => Tone.Plain,
    };

    private static string? Seconds(TimeSpan? duration) => duration?.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + (duration is null ? null : "\u00A0s");

    private static string Plain(long number) => number.ToString(CultureInfo.InvariantCulture);
}
