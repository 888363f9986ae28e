using Dam.Hosting;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Overview;

/// <summary>Says in one sentence whether anything is wrong, and in a few numbers how much is owed. Decides only.</summary>
internal static class StatusReading
{
    public const string ToFaults = "#overview-faults";
    public const string ToDisabled = "#overview-disabled";
    public const string ToUndelivered = "#overview-undelivered";
    public const string ToSubscriptions = "#overview-subscriptions";

    /// <summary>What is wrong.</summary>
    /// <param name="all">The subscriptions that the reader sees.</param>
    /// <param name="figures">What became of deliveries.</param>
    /// <param name="faults">Faults of the configuration and of the plugin.</param>
    /// <param name="refused">Why the configuration as it stands is not in force, or null.</param>
    /// <param name="texts">The words.</param>
    public static StatusView Status(
        IReadOnlyList<SubscriptionHealth> all, Figures figures, IReadOnlyList<PluginFault> faults, string? refused, OverviewTexts texts)
    {
        var errors = faults.Count(fault => fault.Severity == FaultSeverity.Error);
        var problems = new List<ProblemView>();
        if (refused is not null)
            problems.Add(new ProblemView(Tone.Bad, refused, ToFaults));
        else if (errors > 0)
            problems.Add(new ProblemView(Tone.Bad, texts.Of(texts.ProblemFaults, errors), ToFaults));
        Add(Tone.Bad, texts.ProblemDisabled, each => each.IsDisabled, ToDisabled);
        Add(Tone.Bad, texts.ProblemFailing, each => each.IsFailing, ToUndelivered);
        // What nobody sent again within a day is no emergency any more.
        var served = all.Where(each => !each.IsGone).ToList();
        if (served.Sum(each => each.GivenUp) is > 0 and var givenUp)
        {
            var isNew = served.Exists(each => each.GivenUp > 0 && figures.Day.GetValueOrDefault(each.Summary.Id).GivenUp > 0);
            problems.Add(new ProblemView(isNew ? Tone.Bad : Tone.Care, texts.Of(texts.ProblemGivenUp, givenUp), ToUndelivered));
        }
        Add(Tone.Care, texts.ProblemLate, each => each.IsLate, ToUndelivered);
        Add(Tone.Care, texts.ProblemHeld, each => !each.IsDisabled && !each.IsGone && each.Held > 0, ToUndelivered);
        if (faults.Count - errors is > 0 and var warnings)
            problems.Add(new ProblemView(Tone.Care, texts.Of(texts.ProblemWarnings, warnings), ToFaults));
        return problems.Count > 0
            ? new StatusView(problems.Exists(problem => problem.Tone == Tone.Bad) ? Tone.Bad : Tone.Care, texts.Of(texts.Attention, problems.Count), problems)
            : new StatusView(Tone.Good, Sentence(all, texts), []);

        void Add(Tone tone, string words, Func<SubscriptionHealth, bool> isSo, string href)
        {
            if (all.Where(isSo).ToList() is { Count: > 0 } such)
                problems.Add(new ProblemView(tone, texts.Of(words, such.Count, such[0].Summary.Label), href));
        }
    }

    /// <summary>The numbers.</summary>
    public static IReadOnlyList<FigureView> Figures(IReadOnlyList<SubscriptionHealth> all, Figures figures, OverviewTexts texts)
    {
        var day = all.Aggregate(default(HourSums), (sum, each) => sum + figures.Day.GetValueOrDefault(each.Summary.Id));
        return
        [
            Of(texts.ToBeSent, Tone.Plain, DeliveryState.Pending, DeliveryState.InFlight),
            Of(texts.Waiting, Tone.Care, DeliveryState.Waiting),
            Of(texts.Held, Tone.Care, DeliveryState.Held),
            Of(texts.GivenUp, Tone.Bad, DeliveryState.Exhausted),
            new FigureView(texts.DeliveredDay, texts.Number(day.Delivered), Tone.Plain, DeliveryLinks.Of(DeliveryState.Delivered)),
            new FigureView(texts.SuccessDay, day.SuccessShare is { } share ? texts.Share(share) : texts.NoAttempts, SubscriptionReading.ToneOf(day.SuccessShare), null),
        ];

        FigureView Of(string label, Tone tone, params DeliveryState[] states)
        {
            var count = all.Sum(each => each.Summary.Count(states));
            return new FigureView(label, texts.Number(count), count > 0 ? tone : Tone.Plain, count > 0 ? DeliveryLinks.Of(states[0]) : null);
        }
    }

    private static string Sentence(IReadOnlyList<SubscriptionHealth> all, OverviewTexts texts) => all.Sum(each => each.Owed - each.Held) switch
    {
        > 0 and var owed => texts.Of(texts.OnTheirWay, owed),
        _ when all.Count == 0 => texts.NothingSubscribed,
        _ => texts.AllDelivered,
    };
}
