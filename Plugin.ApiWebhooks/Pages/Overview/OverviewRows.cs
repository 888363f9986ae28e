using System.Globalization;
using Dam.Hosting;
using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Pages.Subscriptions;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Overview;

/// <summary>Puts what is configured and stored into the words of the overview page.</summary>
internal static class OverviewRows
{
    public static ButtonRow Of(ButtonSettings button, PageTexts texts, string language, string defaultLanguage)
    {
        var marks = new List<MarkView>();
        if (button.Secret is not null)
            marks.Add(new MarkView(Tone.Good, texts.Signed));
        if (button.Location != EditPageContext.EditLocation)
            marks.Add(new MarkView(Tone.Care, texts.ShownNowhere));
        var forWhom = new List<string> { button.Roles.Count == 0 ? texts.Everybody : $"{texts.RolesAre} {string.Join(", ", button.Roles)}" };
        if (button.Types.Count > 0)
            forWhom.Add($"{texts.TypesAre} {string.Join(", ", button.Types)}");
        return new ButtonRow(
            ButtonLabel.Choose(button.Text, language, defaultLanguage), button.Key, AddressRules.Shown(button.Url), forWhom, marks);
    }

    public static SubscriptionRow Of(SubscriptionSummary summary, HookSettings? hook, StoredHook? stored, PageTexts texts) => new()
    {
        Label = summary.Label,
        Key = summary.Key,
        Href = $"{SubscriptionPages.Path}/{Uri.EscapeDataString(stored?.Id.ToString("D") ?? summary.Key)}",
        Source = stored is not null ? stored.Owner : SubscriptionAccess.IsStored(summary.Key) ? "–" : $"config.json: {summary.Key}",
        Dialect = hook?.Dialect ?? "–",
        Address = hook is null ? "–" : ShownUrl.Of(hook.Url),
        PublicKeys = hook?.PublicKeys ?? [],
        State = new MarkView(ToneOf(summary), texts.StateOf(StateNames.Of(summary.State))),
        Reason = summary.StateReason,
        Held = summary.Count(DeliveryState.Held) is > 0 and var held ? string.Format(CultureInfo.InvariantCulture, texts.HeldHint, held) : null,
        Owed = Plain(summary.Count(DeliveryState.Pending, DeliveryState.InFlight, DeliveryState.Waiting, DeliveryState.Held)),
        Delivered = Plain(summary.Count(DeliveryState.Delivered)),
        GivenUp = Plain(summary.Count(DeliveryState.Exhausted, DeliveryState.Cancelled)),
        OldestOwedAt = summary.OldestUndeliveredAt,
    };

    /// <summary>What an administrator must know of a disabled subscription.</summary>
    public static string SentenceOfDisabled(SubscriptionSummary summary, PageTexts texts) =>
        string.Format(CultureInfo.InvariantCulture, texts.Disabled, summary.Label, summary.StateReason);

    public static PressRow Of(PressLogEntry press, PageTexts texts)
    {
        var tone = press.StateName switch { "succeeded" => Tone.Good, "failed" => Tone.Bad, _ => Tone.Care };
        return new PressRow
        {
            At = press.PressedAt,
            Button = press.ButtonLabel,
            RecordId = Plain(press.RecordId),
            User = press.UserName,
            State = new MarkView(tone, texts.StateOf(press.StateName)),
            Answer = press.End?.Status is { } status ? AnswerMessage.Clean($"{Plain(status)} {press.End.Reason}", 100) : "",
            Duration = Seconds(press.End?.Duration),
            Words = press.End?.Message ?? press.End?.Detail,
        };
    }

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

    private static Tone ToneOf(SubscriptionSummary summary) => summary.State switch
    {
        SubscriptionState.Active when summary.FailingSince is null => Tone.Good,
        SubscriptionState.Disabled => Tone.Bad,
        _ => Tone.Care,
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
