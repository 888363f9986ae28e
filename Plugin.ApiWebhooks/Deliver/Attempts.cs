using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>Makes one attempt: asks for permission where that is due, posts, decides, tells of it by one wide log event, metrics and a span.</summary>
internal sealed partial class Attempts(
    GuardedSender sender, Handshakes handshakes, TimeProvider time, Random random, Telemetry telemetry, ILogger<Attempts> logger)
{
    /// <summary>Posts a delivery by a route.</summary>
    /// <returns>The settlement to store, and how the attempt went; null when none was made.</returns>
    public async Task<(Settlement Settlement, AttemptResult? Result)> MakeAsync(ClaimedDelivery delivery, Route? route, CancellationToken interrupt)
    {
        if (route is null)
            return (new Settlement(delivery, new Verdict.Release(), null), null);
        try
        {
            using var span = telemetry.Traces.BeginAttempt(delivery, route.HookKey, route.ShownUrl);
            // Permission first: waiting for it must not make the signature old.
            var refusal = await handshakes.AskAsync(route, interrupt);
            var post = route.Post(delivery, time.GetUtcNow());
            var shownUrl = delivery.Values is null ? route.ShownUrl : ShownUrl.Of(post.Url);
            var result = refusal ?? await sender.PostAsync(Traces.Propagate(span, post), interrupt);
            Traces.End(span, result);
            telemetry.Metrics.Count(route.HookKey, delivery, result);
            var verdict = AttemptPolicy.Decide(result, delivery.Attempts + 1, route, NextRandom());
            Log(result, verdict, route, delivery);
            return (new Settlement(delivery, verdict, ToRecord(result, shownUrl)), result);
        }
        catch (Exception exception)
        {
            // A programming error. The delivery must neither be lost nor hold its place for ever: it is tried again by the schedule.
            LogBroke(exception, delivery.MessageId, route.HookKey);
            var at = RetrySchedule.NextAttempt(route.Schedule, delivery.Attempts + 1, route.JitterPercent, 0, time.GetUtcNow(), null);
            return (new Settlement(delivery, at is null ? new Verdict.Exhaust() : new Verdict.Retry(at.Value), null), null);
        }
    }

    /// <summary>From 0 up to, but not including, 1.</summary>
    public double NextRandom()
    {
        lock (random)
            return random.NextDouble();
    }

    private static AttemptRecord ToRecord(AttemptResult result, string shownUrl) => new()
    {
        StartedAt = result.StartedAt,
        Duration = result.Duration,
        Outcome = result.Outcome.ToString(),
        Status = result.StatusCode,
        Url = shownUrl,
        Detail = result.Detail,
        AnswerType = result.AnswerContentType,
        Answer = result.Answer,
        AnswerCut = result.AnswerTruncated,
        RequestHead = result.RequestHead,
        AnswerHead = result.AnswerHead,
        Times = result.Times,
    };

    // A success at debug level: on a busy system the history in the database tells the same at less cost.
    private void Log(AttemptResult result, Verdict verdict, Route route, ClaimedDelivery delivery)
    {
        var level = verdict switch
        {
            Verdict.Deliver => LogLevel.Debug,
            Verdict.Exhaust => LogLevel.Error,
            _ => LogLevel.Warning,
        };
        if (!logger.IsEnabled(level))
            return;
        LogAttempted(
            level, delivery.MessageId, delivery.Id, route.HookKey, delivery.Kind, delivery.ChangeSequence, delivery.Attempts + 1, result.Outcome,
            result.StatusCode, result.Duration.TotalMilliseconds, (result.StartedAt - delivery.OccurredAt).TotalMilliseconds, route.ShownUrl,
            delivery.Body.Length, result.Answer.Length, result.Detail, verdict.GetType().Name, (verdict as Verdict.Retry)?.At);
    }

    [LoggerMessage(
        EventId = 2000, Message =
        "Attempt {Number} of {MessageId} (delivery {DeliveryId}) for hook {Hook} ({Kind}, change {Sequence}): {Outcome}, status {Status}, {DurationMs:0.0} ms, "
        + "{LagMs:0.0} ms after the change, to {Url}; {BodyBytes} bytes sent, {AnswerBytes} kept of the answer. {Detail} {Verdict}, next at {NextAt:o}.")]
    private partial void LogAttempted(
        LogLevel level, string messageId, long deliveryId, string hook, string kind, long sequence, int number, AttemptOutcome outcome, int? status,
        double durationMs, double lagMs, string url, int bodyBytes, int answerBytes, string? detail, string verdict, DateTimeOffset? nextAt);

    [LoggerMessage(2001, LogLevel.Error, "The attempt to send {MessageId} for hook {Hook} broke.")]
    private partial void LogBroke(Exception exception, string messageId, string hook);
}
