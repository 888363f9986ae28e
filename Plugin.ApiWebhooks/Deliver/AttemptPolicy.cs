using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>Decides what becomes of a delivery after an attempt.</summary>
internal static class AttemptPolicy
{
    /// <summary>The verdict on an attempt.</summary>
    /// <param name="result">How the attempt went.</param>
    /// <param name="attemptsMade">How many attempts were made, this one included.</param>
    /// <param name="route">The schedule and the jitter.</param>
    /// <param name="random">From 0 up to, but not including, 1.</param>
    public static Verdict Decide(AttemptResult result, int attemptsMade, Route route, double random)
    {
        switch (result.Outcome)
        {
            case AttemptOutcome.Succeeded:
                return new Verdict.Deliver();
            case AttemptOutcome.Interrupted:
                return new Verdict.Release();
            default:
                var endedAt = result.StartedAt + result.Duration;
                return RetrySchedule.NextAttempt(route.Schedule, attemptsMade, route.JitterPercent, random, endedAt, result.RetryAt) is { } at
                    ? new Verdict.Retry(at)
                    : new Verdict.Exhaust();
        }
    }
}
