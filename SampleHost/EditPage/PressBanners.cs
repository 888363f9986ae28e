using Dam.Hosting;
using SampleHost.Pages.Layout;

namespace SampleHost.EditPage;

/// <summary>Tells the outcome of a press in words.</summary>
internal static class PressBanners
{
    private const int LongestAnswer = 2000;

    /// <summary>The banner for an outcome.</summary>
    /// <param name="label">What the button says.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="pollHref">Where to ask how a running press stands.</param>
    public static BannerView For(string label, PressOutcome outcome, string? pollHref) => outcome switch
    {
        PressOutcome.Succeeded succeeded => new BannerView
        {
            Tone = BannerTone.Good,
            Title = Title(label, outcome, "done"),
            Text = outcome.Message,
            Answer = Cap(succeeded.Answer),
        },
        PressOutcome.Failed failed => new BannerView
        {
            Tone = BannerTone.Bad,
            Title = Title(label, outcome, "failed"),
            Text = outcome.Message,
            Answer = Cap(failed.Answer),
        },
        PressOutcome.StillRunning => new BannerView
        {
            Tone = BannerTone.Info,
            Title = Title(label, outcome, "still running"),
            Text = outcome.Message,
            PollHref = pollHref,
        },
        _ => new BannerView
        {
            Tone = BannerTone.Care,
            Title = Title(label, outcome, "not carried out"),
            Text = $"{outcome.Message} Your input is saved.",
        },
    };

    /// <summary>The banner for an outcome when the record is not there any more, or not for this user.</summary>
    public static BannerView OverGone(string label, PressOutcome outcome)
    {
        var banner = For(label, outcome, null);
        return banner with { Text = $"{banner.Text} The record is not there any more: it was deleted meanwhile, or you may not edit it now. What had been saved stands below." };
    }

    /// <summary>For a press that nobody remembers any more.</summary>
    public static BannerView Unknown { get; } = new()
    {
        Tone = BannerTone.Info,
        Title = "The outcome of this action is not known any more",
        Text = "Your input is saved. Look at the fields below to see whether they were filled.",
    };

    /// <summary>For a button that is not there any more, or not for this user.</summary>
    public static BannerView NoSuchButton { get; } = new()
    {
        Tone = BannerTone.Care,
        Title = "That button is not there any more",
        Text = "Nothing was saved and nothing was sent. What you typed stands below: save it, or use one of the buttons that are there now.",
    };

    /// <summary>The state of a press for the page's script.</summary>
    public static string StateOf(PressOutcome? outcome) => outcome switch
    {
        PressOutcome.Succeeded => "succeeded",
        PressOutcome.Failed => "failed",
        PressOutcome.StillRunning => "running",
        PressOutcome.Refused => "refused",
        _ => "unknown",
    };

    // Says which button it was, unless the message does.
    private static string Title(string label, PressOutcome outcome, string state) =>
        outcome.Message.Contains(label.Trim(), StringComparison.Ordinal) ? char.ToUpperInvariant(state[0]) + state[1..] : $"{label}: {state}";

    // Plugins cap it already; a page must not depend on that.
    private static string? Cap(string? answer)
    {
        if (string.IsNullOrWhiteSpace(answer))
            return null;
        if (answer.Length <= LongestAnswer)
            return answer;
        var end = char.IsHighSurrogate(answer[LongestAnswer - 1]) ? LongestAnswer - 1 : LongestAnswer;
        return answer[..end] + "…";
    }
}
