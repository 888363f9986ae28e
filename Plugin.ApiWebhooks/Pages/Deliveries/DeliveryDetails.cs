using System.Globalization;
using Plugin.ApiWebhooks.Pages.Subscriptions;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Deliveries;

/// <summary>Puts one delivery into words.</summary>
internal static class DeliveryDetails
{
    // A phase too short to be seen is still there.
    private const double LeastLength = 4;

    /// <summary>Describes a delivery; token and notices are the caller's.</summary>
    public static DeliveryDetailView Of(DeliveryStory story, string language)
    {
        var (texts, words) = (DeliveryTexts.In(language), PageTexts.In(language));
        var delivery = story.Delivery;
        return new DeliveryDetailView
        {
            Texts = texts,
            Words = words,
            Language = language,
            Delivery = DeliveryList.RowOf(delivery, texts, words),
            MessageId = delivery.MessageId,
            ChangeSequence = Plain(delivery.ChangeSequence),
            Subscription = new PageLink($"{PageRequests.Path}/{Uri.EscapeDataString(delivery.SubscriptionKey)}", delivery.SubscriptionLabel),
            ListHref = DeliveryPages.Path,
            WaitsFor = delivery.WaitsFor is { } first ? new PageLink(DeliveryPages.HrefOf(first), Plain(first)) : null,
            FinishedAt = delivery.FinishedAt,
            Refusal = delivery.Refusal is { } refusal ? (refusal.Reason, refusal.Detail) : null,
            ContentType = story.ContentType,
            Body = ShownBody.Of(story.Body.Span),
            BodyHref = DeliveryPages.HrefOf(delivery.Id) + "/body",
            Attempts = [.. story.Attempts.Reverse().Select(attempt => Part(story, attempt, texts))],
            MayResend = delivery.State != DeliveryState.InFlight && delivery.Refusal is null && delivery.WaitsFor is null,
            MayCancel = delivery.State is DeliveryState.Pending or DeliveryState.Waiting or DeliveryState.Held,
            TokenName = "",
            Token = "",
        };
    }

    /// <summary>Under which name the bytes are kept as a file.</summary>
    public static string FileNameOf(DeliveryStory story) =>
        string.Create(CultureInfo.InvariantCulture, $"delivery-{story.Delivery.Id}{(story.ContentType.Contains("json", StringComparison.OrdinalIgnoreCase) ? ".json" : ".txt")}");

    private static AttemptPart Part(DeliveryStory story, AttemptEntry attempt, DeliveryTexts texts)
    {
        var request = SentRequest.Of(story, attempt);
        var (answerHeaders, isCut) = KeptAnswer.HeadersOf(attempt.AnswerHead);
        var isAsking = request is not null && request.Headers.All(header => header.Key != StandardSignature.IdHeader);
        var bars = Bars(attempt.Times, texts);
        return new AttemptPart
        {
            Number = Plain(attempt.Number),
            StartedAt = attempt.StartedAt,
            Duration = TimeText.Of(attempt.Duration),
            Outcome = new MarkView(attempt.Outcome == nameof(AttemptOutcome.Succeeded) ? Tone.Good : attempt.Outcome == nameof(AttemptOutcome.Interrupted) ? Tone.Plain : Tone.Bad, texts.FailureOf(attempt.Outcome)),
            Url = attempt.Url,
            Detail = attempt.Detail,
            Advice = texts.AdviceFor(attempt.Outcome),
            Phases = bars,
            PhaseNote = request is null && bars.Count == 0 ? texts.NotKept : attempt.IsConnectionReused == true ? texts.Reused : null,
            RequestLine = $"{request?.Method ?? "POST"} {attempt.Url}",
            RequestHeaders = request?.Headers,
            AnswerLine = attempt.Status is { } status ? Plain(status) : null,
            AnswerHeaders = attempt.AnswerHead is null ? null : answerHeaders,
            AnswerHeadersCut = isCut,
            Answer = attempt.Status is null ? null : ShownBody.Of(attempt.Answer.Span, attempt.AnswerCut),
            // What only asked for permission had no body.
            Curl = request is null ? null : CurlCommand.Of(request, attempt.Url, isAsking ? [] : story.Body.Span, FileNameOf(story)),
            IsLast = attempt.Number == story.Attempts[^1].Number,
        };
    }

    private static List<PhaseBar> Bars(PhaseTimes times, DeliveryTexts texts)
    {
        (string Key, string Name, TimeSpan? Time)[] phases =
        [
            ("dns", texts.Dns, times.Dns), ("connect", texts.Connect, times.Connect), ("tls", texts.Tls, times.Tls), ("wait", texts.FirstByte, times.FirstByte), ("body", texts.AnswerBody, times.Body),
        ];
        var happened = phases.Where(phase => phase.Time is not null).Select(phase => (phase.Key, phase.Name, Time: phase.Time!.Value)).ToList();
        var whole = Math.Max(1, happened.Sum(phase => (double)phase.Time.Ticks));
        var lengths = happened.Select(phase => Math.Max(LeastLength, phase.Time.Ticks / whole * 1000)).ToList();
        var stretch = 1000 / Math.Max(1, lengths.Sum());
        var bars = new List<PhaseBar>();
        var from = 0.0;
        foreach (var ((key, name, time), length) in happened.Zip(lengths))
        {
            bars.Add(new PhaseBar(key, name, TimeText.Of(time), Tenths(from), Tenths(length * stretch)));
            from += length * stretch;
        }
        return bars;
    }

    private static string Tenths(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Plain(long number) => number.ToString(CultureInfo.InvariantCulture);
}
