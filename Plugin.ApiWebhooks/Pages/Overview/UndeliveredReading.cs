using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Overview;

/// <summary>Says what is undelivered and why, as one list: a row for each reason of each subscription, the worst first. Decides only.</summary>
/// <param name="texts">The words.</param>
/// <param name="failures">The words for failures.</param>
/// <param name="pageTexts">The words for states.</param>
/// <param name="now">The present time.</param>
internal sealed class UndeliveredReading(OverviewTexts texts, FailureTexts failures, PageTexts pageTexts, DateTimeOffset now)
{
    private const int MostShown = 40;

    /// <summary>The list.</summary>
    /// <param name="all">The subscriptions that the reader sees.</param>
    /// <param name="hrefOf">The page of a subscription.</param>
    public ReasonList Read(IReadOnlyList<SubscriptionHealth> all, Func<SubscriptionSummary, string> hrefOf)
    {
        var reasons = all.SelectMany(each => ReasonsOf(each).Select(reason => (Health: each, Reason: reason)))
            .OrderByDescending(each => each.Health.Trouble).ThenBy(each => each.Health.Summary.Label, StringComparer.InvariantCultureIgnoreCase)
            .ThenByDescending(each => each.Reason.Tone).ThenByDescending(each => each.Reason.Count).ToList();
        return new ReasonList(
            [.. reasons.Take(MostShown).Select(each => RowOf(each.Health.Summary, each.Reason, hrefOf(each.Health.Summary)))],
            reasons.Count > MostShown ? texts.Of(texts.MoreReasons, reasons.Count - MostShown) : null);
    }

    private IEnumerable<Reason> ReasonsOf(SubscriptionHealth health)
    {
        var (summary, oldest) = (health.Summary, health.Summary.Figures.OldestAt);
        foreach (var failed in summary.Figures.Failures.Where(failed => failed.State == DeliveryState.Exhausted))
        {
            var reason = Failed(failed, Tone.Bad);
            // Of what was refused the advice says so itself.
            yield return failed.Failure is Refusal.TooLarge or Refusal.NotRendered ? reason : reason with { Advice = $"{reason.Advice} {texts.AfterMending}".Trim() };
        }
        foreach (var failed in summary.Figures.Failures.Where(failed => failed.State == DeliveryState.Waiting))
            yield return Failed(failed, health.IsFailing ? Tone.Bad : Tone.Care);
        if (health.Held > 0)
            yield return HeldOf(health, oldest.GetValueOrDefault(DeliveryState.Held));
        // What is on its way is no trouble until it is late.
        foreach (var state in new[] { DeliveryState.Pending, DeliveryState.Waiting })
        {
            var count = summary.Count(state) - summary.Figures.Failures.Where(failed => failed.State == state && state == DeliveryState.Waiting).Sum(failed => failed.Count);
            if (count > 0 && summary.State == SubscriptionState.Active && oldest.TryGetValue(state, out var at) && now - at >= Delays.LateAfter)
            {
                yield return health.IsFailing
                    ? new Reason(Tone.Care, state, count, texts.IsBehindWhy, at) { Advice = texts.IsBehindAdvice }
                    : new Reason(Tone.Care, state, count, texts.IsLateWhy, at) { Advice = texts.IsLateAdvice };
            }
        }
    }

    private Reason Failed(FailureCount failed, Tone tone) =>
        new(tone, failed.State, failed.Count, failures.TitleOf(failed.Failure), failed.OldestAt) { Advice = failures.AdviceOn(failed.Failure) };

    private Reason HeldOf(SubscriptionHealth health, DateTimeOffset oldestAt)
    {
        var (tone, why, advice) = health.Summary.State switch
        {
            SubscriptionState.Disabled => (Tone.Bad, texts.IsDisabledWhy, texts.IsDisabledAdvice),
            SubscriptionState.Paused => (Tone.Care, texts.IsPausedWhy, texts.IsPausedAdvice),
            SubscriptionState.Removed => (Tone.Plain, texts.IsRemovedWhy, texts.IsRemovedAdvice),
            _ => (Tone.Care, texts.IsKeptWhy, texts.IsKeptAdvice),
        };
        var failed = health.Summary.Figures.Failures.Where(each => each.State == DeliveryState.Held).MaxBy(each => each.Count);
        return new Reason(tone, DeliveryState.Held, health.Held, why, oldestAt)
        {
            Advice = tone == Tone.Bad && failed is not null && failures.AdviceOn(failed.Failure) is { } first ? $"{first} {texts.ThenResume}" : advice,
            Detail = failed is null ? null : $"{texts.LastFailure} {failures.TitleOf(failed.Failure)}",
        };
    }

    private ReasonRow RowOf(SubscriptionSummary summary, Reason reason, string href) => new()
    {
        Subscription = summary.Label,
        SubscriptionHref = href,
        State = new MarkView(reason.Tone, pageTexts.StateOf(StateNames.Of(reason.State))),
        Why = reason.Why,
        Detail = reason.Detail,
        Count = texts.Number(reason.Count),
        Href = DeliveryLinks.Of(summary.Id, reason.State),
        Oldest = new AgeView(reason.OldestAt, texts.Span(now > reason.OldestAt ? now - reason.OldestAt : TimeSpan.Zero)),
        Advice = reason.Advice,
    };

    private sealed record Reason(Tone Tone, DeliveryState State, long Count, string Why, DateTimeOffset OldestAt)
    {
        public string? Detail { get; init; }

        public string? Advice { get; init; }
    }
}
