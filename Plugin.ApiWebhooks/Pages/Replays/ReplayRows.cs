using System.Globalization;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Replay;

namespace Plugin.ApiWebhooks.Pages.Replays;

/// <summary>Puts replays into words.</summary>
internal static class ReplayRows
{
    /// <summary>A replay in words.</summary>
    /// <param name="report">The replay.</param>
    /// <param name="subscription">The label of its subscription.</param>
    /// <param name="texts">The words.</param>
    public static ReplayRow Of(ReplayReport report, string subscription, ReplayTexts texts)
    {
        var (job, counts) = (report.Job, report.Job.Counts);
        return new ReplayRow
        {
            Id = job.Id,
            Href = ReplayPages.HrefOf(job.Id),
            Subscription = subscription,
            Which = texts.Kinds[ReplayNames.Of(job.Which)],
            Window = WindowOf(job.Window, texts),
            State = new MarkView(
                job.State switch { ReplayState.Done => Tone.Good, ReplayState.Cancelled => Tone.Care, _ => report.Wait is null ? Tone.Plain : Tone.Care },
                texts.States[ReplayNames.Of(job.State)]),
            IsRunning = job.State == ReplayState.Running,
            IsCount = job.IsDryRun,
            Percent = job.State == ReplayState.Done ? 100 : ReplayView.PercentOf(job),
            Numbers = new ReplayNumbers(Plain(counts.Seen), Plain(counts.Owed), Plain(counts.Skipped), Plain(counts.Refused)),
            WaitsFor = report.Wait switch
            {
                ReplayWait.Hook => texts.WaitsForHook,
                ReplayWait.Resuming => texts.WaitsForResuming,
                ReplayWait.EarlierReplay => texts.WaitsForEarlier,
                _ => null,
            },
            Notices = [.. NoticesOf(report, texts)],
            CreatedAt = job.CreatedAt,
            CreatedBy = job.CreatedBy ?? texts.HookItself,
            FinishedAt = job.FinishedAt,
        };
    }

    private static IEnumerable<string> NoticesOf(ReplayReport report, ReplayTexts texts)
    {
        if (report.Job.MissingUpTo is { } missing)
            yield return Fill(texts.MissingFromLog, Plain(missing));
        if (report.ForgottenUpTo is { } forgotten)
            yield return Fill(report.Job.Which == ReplayWhich.Failed ? texts.ForgottenFailed : texts.Forgotten, Plain(forgotten));
    }

    private static string WindowOf(ReplayWindow window, ReplayTexts texts) => (window.From, window.Before) switch
    {
        ({ } from, { } before) => Fill(texts.WindowBetween, Time(from), Time(before)),
        ({ } from, null) => Fill(texts.WindowFrom, Time(from)),
        (null, { } before) => Fill(texts.WindowUntil, Time(before)),
        _ when window.After == window.UpTo => texts.WindowEmpty,
        _ => window.After == 0 ? texts.WindowAll : Fill(texts.WindowChanges, Plain(window.After + 1), Plain(window.UpTo)),
    };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(at.Second == 0 ? "yyyy-MM-dd HH:mm 'UTC'" : "yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Plain(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Fill(string text, params object[] values) => string.Format(CultureInfo.InvariantCulture, text, values);
}
