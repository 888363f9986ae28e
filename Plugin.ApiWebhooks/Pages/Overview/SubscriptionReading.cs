using System.Globalization;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Overview;

/// <summary>Puts subscriptions into rows: those in trouble first, then by name; filtered, and page by page.</summary>
/// <param name="language">The reader's.</param>
/// <param name="figures">What became of deliveries.</param>
/// <param name="hooks">The hooks by their keys.</param>
/// <param name="now">The present time.</param>
internal sealed class SubscriptionReading(string language, Figures figures, IReadOnlyDictionary<string, HookSettings> hooks, DateTimeOffset now)
{
    private const int OnePage = 25;

    private readonly OverviewTexts _texts = OverviewTexts.In(language);

    /// <summary>How good a share of success is.</summary>
    public static Tone ToneOf(double? share) => share switch
    {
        null or >= 0.99 => Tone.Plain,
        >= 0.9 => Tone.Care,
        _ => Tone.Bad,
    };

    /// <summary>A page of them.</summary>
    /// <param name="all">The subscriptions that the reader sees.</param>
    /// <param name="query">What was asked for.</param>
    /// <param name="hrefOf">The page of a subscription.</param>
    /// <param name="hoursOf">The last 24 hours of those on the page.</param>
    public SubscriptionList Read(
        IReadOnlyList<SubscriptionHealth> all, OverviewQuery query, Func<SubscriptionSummary, string> hrefOf,
        Func<IReadOnlyCollection<long>, IReadOnlyDictionary<long, IReadOnlyList<HourSums>>> hoursOf)
    {
        var found = all.Where(each => each.IsShown && Matches(each, query)).OrderByDescending(each => each.Trouble)
            .ThenBy(each => each.Summary.Label, StringComparer.InvariantCultureIgnoreCase).ThenBy(each => each.Summary.Id).ToList();
        var pages = Math.Max(1, (found.Count + OnePage - 1) / OnePage);
        var page = Math.Clamp(query.Page, 1, pages);
        var shown = found.Skip((page - 1) * OnePage).Take(OnePage).ToList();
        var hours = hoursOf([.. shown.Select(each => each.Summary.Id)]);
        var place = string.Format(
            CultureInfo.InvariantCulture, _texts.Place, _texts.Number(((page - 1) * OnePage) + 1), _texts.Number(((page - 1) * OnePage) + shown.Count), _texts.Number(found.Count));
        return new SubscriptionList
        {
            Rows = [.. shown.Select(each => RowOf(each, hrefOf(each.Summary), hours[each.Summary.Id]))],
            Empty = found.Count > 0 ? null : query.IsFiltered ? _texts.NoneMatches : _texts.NoSubscriptions,
            Text = query.Text,
            TroubledOnly = query.TroubledOnly,
            Place = found.Count > OnePage || query.IsFiltered ? place : null,
            PreviousHref = page > 1 ? query.HrefOf(page - 1) : null,
            NextHref = page < pages ? query.HrefOf(page + 1) : null,
        };
    }

    private bool Matches(SubscriptionHealth health, OverviewQuery query) =>
        (!query.TroubledOnly || health.Trouble > Trouble.Resting)
        && (query.Text.Length == 0 || new[] { health.Summary.Label, health.Summary.Key, AddressOf(health.Summary) }
            .Any(text => text.Contains(query.Text, StringComparison.InvariantCultureIgnoreCase)));

    private string AddressOf(SubscriptionSummary summary) => hooks.TryGetValue(summary.Key, out var hook) ? ShownUrl.Of(hook.Url) : "–";

    private SubscriptionRow RowOf(SubscriptionHealth health, string href, IReadOnlyList<HourSums> hours)
    {
        var summary = health.Summary;
        var (day, recent) = (figures.Day.GetValueOrDefault(summary.Id), figures.Recent.GetValueOrDefault(summary.Id));
        return new SubscriptionRow
        {
            Label = summary.Label,
            Href = href,
            Address = AddressOf(summary),
            State = health.IsFailing ? new MarkView(Tone.Bad, _texts.Failing) : new MarkView(ToneOf(summary.State), PageTexts.In(language).StateOf(StateNames.Of(summary.State))),
            Note = health.IsFailing ? FailureOf(summary) : summary.State == SubscriptionState.Active ? null : StateReasons.In(language, summary.StateReason),
            Bars = HourBars.Of(hours, _texts),
            Success = day.SuccessShare is { } share ? _texts.Share(share) : null,
            SuccessTone = ToneOf(day.SuccessShare),
            Lag = (recent.MeanLag ?? day.MeanLag) is { } lag ? _texts.Span(lag) : null,
            LongestLag = day.LongestLag is { } longest ? string.Format(CultureInfo.InvariantCulture, _texts.LongestLag, _texts.Span(longest)) : null,
            Oldest = summary.OldestUndeliveredAt is { } at ? new AgeView(at, _texts.Span(now > at ? now - at : TimeSpan.Zero)) : null,
            Owed = _texts.Number(health.Owed),
            OwedHref = DeliveryLinks.Of(summary.Id),
            GivenUp = health.GivenUp > 0 ? string.Format(CultureInfo.InvariantCulture, _texts.GivenUpCount, _texts.Number(health.GivenUp)) : null,
            GivenUpHref = DeliveryLinks.Of(summary.Id, DeliveryState.Exhausted),
        };
    }

    private string? FailureOf(SubscriptionSummary summary) =>
        summary.Figures.Failures.Where(failed => failed.State == DeliveryState.Waiting).MaxBy(failed => failed.Count) is { } most ? FailureTexts.In(language).TitleOf(most.Failure) : null;

    private static Tone ToneOf(SubscriptionState state) => state switch
    {
        SubscriptionState.Active => Tone.Good,
        SubscriptionState.Disabled => Tone.Bad,
        _ => Tone.Care,
    };
}
