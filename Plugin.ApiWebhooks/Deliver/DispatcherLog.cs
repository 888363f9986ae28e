using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>What the dispatcher logs: one wide event for each attempt, and its troubles.</summary>
internal sealed partial class Dispatcher
{
    private static AttemptRecord ToRecord(AttemptResult result, Route route) => new()
    {
        StartedAt = result.StartedAt,
        Duration = result.Duration,
        Outcome = result.Outcome.ToString(),
        Status = result.StatusCode,
        Url = route.ShownUrl,
        Detail = result.Detail,
        AnswerType = result.AnswerContentType,
        Answer = result.Answer,
        AnswerCut = result.AnswerTruncated,
    };

    // A success at debug level: on a busy system the history in the database tells the same at less cost.
    private void LogAttempt(AttemptResult result, Verdict verdict, Route route, ClaimedDelivery delivery)
    {
        var level = verdict switch
        {
            Verdict.Deliver => LogLevel.Debug,
            Verdict.Exhaust => LogLevel.Error,
            _ => LogLevel.Warning,
        };
        if (!_logger.IsEnabled(level))
            return;
        LogAttempted(
            level, delivery.MessageId, route.HookKey, delivery.Kind, delivery.ChangeSequence, delivery.Attempts + 1, result.Outcome, result.StatusCode,
            result.Duration.TotalMilliseconds, (result.StartedAt - delivery.OccurredAt).TotalMilliseconds, route.ShownUrl, result.Detail,
            (verdict as Verdict.Retry)?.At);
    }

    [LoggerMessage(
        EventId = 2000, Message =
        "Attempt {Number} of {MessageId} for hook {Hook} ({Kind}, change {Sequence}): {Outcome}, status {Status}, {DurationMs:0.0} ms, "
        + "{LagMs:0.0} ms after the change, to {Url}. {Detail} Next at {NextAt:o}.")]
    private partial void LogAttempted(
        LogLevel level, string messageId, string hook, string kind, long sequence, int number, AttemptOutcome outcome, int? status, double durationMs,
        double lagMs, string url, string? detail, DateTimeOffset? nextAt);

    [LoggerMessage(2001, LogLevel.Error, "The attempt to send {MessageId} for hook {Hook} broke.")]
    private partial void LogAttemptBroke(Exception exception, string messageId, string hook);

    [LoggerMessage(2002, LogLevel.Warning, "The lease of {MessageId} ended before its attempt did; the message may arrive twice, with the same id.")]
    private partial void LogLeaseLapsed(string messageId);

    [LoggerMessage(2003, LogLevel.Error, "The deliveries of subscription {SubscriptionId} could not be read or written.")]
    private partial void LogNotClaimed(Exception exception, long subscriptionId);

    [LoggerMessage(2004, LogLevel.Error, "The leases of {Count} deliveries could not be renewed.")]
    private partial void LogNotRenewed(Exception exception, int count);
}
