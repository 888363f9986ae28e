using Dam.Hosting;

namespace Plugin.ApiWebhooks.Pages.Deliveries;

/// <summary>What the list shows.</summary>
public sealed record DeliveryListView
{
    public required DeliveryTexts Texts { get; init; }
    public required PageTexts Words { get; init; }
    public required string Language { get; init; }
    public required FilterForm Filter { get; init; }
    public required DeliveryRowsView Rows { get; init; }

    /// <summary>Where the newest are, when this page does not show them.</summary>
    public string? NewestHref { get; init; }

    /// <summary>Where new deliveries are told as they come; null where they have no place on this page.</summary>
    public string? TailHref { get; init; }

    /// <summary>This page, to be asked for again.</summary>
    public required string Href { get; init; }
}

/// <summary>The rows, and how it goes on after them: what is sent by itself to a page that is open.</summary>
public sealed record DeliveryRowsView
{
    public required DeliveryTexts Texts { get; init; }
    public required PageTexts Words { get; init; }
    public required IReadOnlyList<ListedDelivery> Rows { get; init; }

    /// <summary>What to say in place of rows.</summary>
    public required string None { get; init; }

    /// <summary>Where the older ones are.</summary>
    public string? OlderHref { get; init; }

    /// <summary>How far back it was looked, when there was no time to look through everything.</summary>
    public DateTimeOffset? LookedBackTo { get; init; }
}

/// <summary>A delivery in the list.</summary>
public sealed record ListedDelivery
{
    public required string Id { get; init; }
    public required string Href { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Event { get; init; }
    public string? RecordId { get; init; }
    public required string Subscription { get; init; }
    public required MarkView State { get; init; }
    public required string Attempts { get; init; }
    public string? Answer { get; init; }
    public string? Duration { get; init; }
    public string? Words { get; init; }
    public DateTimeOffset? NextAttemptAt { get; init; }
}

/// <summary>The form of the filter as it was filled in.</summary>
/// <param name="Values">What was entered, by parameter.</param>
/// <param name="Faults">What is wrong with it, by parameter.</param>
/// <param name="Subscriptions">The subscriptions to choose from.</param>
/// <param name="Events">The names of events, for the browser to propose.</param>
/// <param name="Statuses">The same for answers, with what each means.</param>
public sealed record FilterForm(
    IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, string> Faults, IReadOnlyList<(string Id, string Label)> Subscriptions,
    IReadOnlyList<string> Events, IReadOnlyList<(string Value, string Words)> Statuses)
{
    public bool IsEmpty => Values.Values.All(value => value.Length == 0);

    public string ValueOf(string name) => Values.GetValueOrDefault(name, "");
}

/// <summary>What the page of one delivery shows.</summary>
public sealed record DeliveryDetailView
{
    public required DeliveryTexts Texts { get; init; }
    public required PageTexts Words { get; init; }
    public required string Language { get; init; }
    public required ListedDelivery Delivery { get; init; }
    public required string MessageId { get; init; }
    public required string ChangeSequence { get; init; }
    public required PageLink Subscription { get; init; }
    public required string ListHref { get; init; }
    public PageLink? WaitsFor { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public (string Reason, string Detail)? Refusal { get; init; }
    public required string ContentType { get; init; }
    public required ShownBody Body { get; init; }
    public required string BodyHref { get; init; }
    public required IReadOnlyList<AttemptPart> Attempts { get; init; }
    public required string TokenName { get; init; }
    public required string Token { get; init; }
    public bool MayResend { get; init; }
    public bool MayCancel { get; init; }
    public string? Notice { get; init; }
    public string? Alarm { get; init; }
}

/// <summary>An attempt on that page.</summary>
public sealed record AttemptPart
{
    public required string Number { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required string Duration { get; init; }
    public required MarkView Outcome { get; init; }
    public required string Url { get; init; }
    public string? Detail { get; init; }
    public string? Advice { get; init; }
    public required IReadOnlyList<PhaseBar> Phases { get; init; }

    /// <summary>What is to be said of the phases, such as that the connection was used again.</summary>
    public string? PhaseNote { get; init; }
    public string? RequestLine { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>>? RequestHeaders { get; init; }
    public string? AnswerLine { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>>? AnswerHeaders { get; init; }
    public bool AnswerHeadersCut { get; init; }
    public ShownBody? Answer { get; init; }
    public string? Curl { get; init; }
    public bool IsLast { get; init; }
}

/// <summary>A phase of an attempt: its place on a line of a thousand parts, which is the whole attempt.</summary>
/// <param name="Key">Chooses its colour.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Time">How long it took.</param>
/// <param name="From">Where it begins.</param>
/// <param name="Length">How long it is.</param>
public sealed record PhaseBar(string Key, string Name, string Time, string From, string Length);
