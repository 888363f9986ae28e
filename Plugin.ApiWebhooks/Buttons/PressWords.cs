using System.Globalization;
using Dam.Hosting;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Buttons;

/// <summary>Tells an editor how a press stands, from what is logged of it: so a page reload and a restart tell the same.</summary>
internal static class PressWords
{
    /// <summary>The outcome of a logged press.</summary>
    /// <param name="entry">The press.</param>
    /// <param name="waited">How long the editor has waited, for a press that still runs.</param>
    public static PressOutcome Tell(PressLogEntry entry, TimeSpan waited)
    {
        var texts = PressTexts.In(entry.Language);
        if (entry.End is not { } end)
            return new PressOutcome.StillRunning { Message = $"{Fill(texts.StillRunning, texts, entry, null, waited)} {texts.FormIsSaved}" };
        var message = Fill(texts.For(end.Outcome), texts, entry, end, end.Duration ?? TimeSpan.Zero);
        return end.Outcome == AttemptOutcome.Succeeded
            ? new PressOutcome.Succeeded { Message = message, Answer = end.Message }
            : new PressOutcome.Failed { Message = $"{message} {texts.FormIsSaved}", Answer = end.Message };
    }

    /// <summary>A refusal in a page's language.</summary>
    public static PressOutcome.Refused Refuse(string language, Func<PressTexts, string> text) => new() { Message = text(PressTexts.In(language)) };

    private static string Fill(string template, PressTexts texts, PressLogEntry entry, PressEnd? end, TimeSpan duration)
    {
        var status = end?.Status is { } code
            ? AnswerMessage.Clean(string.Create(CultureInfo.InvariantCulture, $"{code} {end.Reason}"), 100)
            : "";
        // What came from outside goes in last: it must not be taken for a placeholder.
        return template
            .Replace("{duration}", Duration(duration, texts), StringComparison.Ordinal)
            .Replace("{host}", HostOf(entry.Url), StringComparison.Ordinal)
            .Replace("{status}", status, StringComparison.Ordinal)
            .Replace("{location}", AnswerMessage.Clean(end?.Location ?? "?", 300), StringComparison.Ordinal);
    }

    private static string Duration(TimeSpan duration, PressTexts texts)
    {
        var seconds = duration.TotalSeconds;
        var text = seconds.ToString(seconds < 10 && seconds != Math.Floor(seconds) ? "0.00" : "0", CultureInfo.InvariantCulture);
        return text.Replace(".", texts.DecimalSeparator, StringComparison.Ordinal) + "\u00A0s";
    }

    private static string HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Authority : url;
}
