using System.Globalization;
using Plugin.ApiWebhooks.Buttons;

namespace Plugin.ApiWebhooks.Pages.Buttons;

/// <summary>Puts logged presses into words.</summary>
internal static class PressRows
{
    /// <summary>A press in a list.</summary>
    public static PressRow Of(PressLogEntry press, PageTexts texts) => new()
    {
        At = press.PressedAt,
        Href = PressPages.HrefOf(press.PressKey),
        Button = press.ButtonLabel,
        RecordId = press.RecordId < 0 ? null : press.RecordId.ToString(CultureInfo.InvariantCulture),
        User = press.UserName,
        State = new MarkView(press.StateName switch { "succeeded" => Tone.Good, "failed" => Tone.Bad, _ => Tone.Care }, texts.StateOf(press.StateName)),
        Answer = Answer(press),
        Duration = Seconds(press.End?.Duration),
        Words = press.End?.Message ?? press.End?.Detail,
    };

    /// <summary>Status and reason phrase of an answer; empty when none came.</summary>
    public static string Answer(PressLogEntry press) => press.End?.Status is { } status
        ? AnswerMessage.Clean(string.Create(CultureInfo.InvariantCulture, $"{status} {press.End.Reason}"), 100)
        : "";

    /// <summary>A duration in seconds; null for none.</summary>
    public static string? Seconds(TimeSpan? duration) => duration is { } known ? known.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + "\u00A0s" : null;
}
