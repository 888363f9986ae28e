namespace Plugin.ApiWebhooks.Send;

/// <summary>When the next attempt is due. Retries never come early: jitter only ever stretches a wait.</summary>
internal static class RetrySchedule
{
    /// <summary>The longest that a <c>Retry-After</c> is obeyed. A receiver cannot park a delivery for a year.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(24);

    /// <summary>When to try again after a failed attempt.</summary>
    /// <param name="schedule">The waits before each attempt, the first one counted from the change.</param>
    /// <param name="attemptsMade">How many attempts were made, the failed one included; at least 1.</param>
    /// <param name="jitterPercent">By how much of the wait it is stretched at most, in percent.</param>
    /// <param name="random">From 0 up to, but not including, 1.</param>
    /// <param name="endedAt">When the failed attempt ended.</param>
    /// <param name="retryAt">The moment before which the receiver asked not to be called, or null.</param>
    /// <returns>The moment, or null when the schedule is at its end.</returns>
    public static DateTimeOffset? NextAttempt(
        IReadOnlyList<TimeSpan> schedule, int attemptsMade, int jitterPercent, double random, DateTimeOffset endedAt, DateTimeOffset? retryAt)
    {
        if (attemptsMade >= schedule.Count)
            return null;
        var scheduled = endedAt + Stretched(schedule[attemptsMade], jitterPercent, random);
        if (retryAt is not { } asked || asked <= scheduled)
            return WholeMilliseconds(scheduled);
        // Many deliveries hear the same Retry-After: they are spread over a tenth of the wait, so that they do not all come at its end.
        var wait = asked - endedAt < LongestRetryAfter ? asked - endedAt : LongestRetryAfter;
        var spread = endedAt + Stretched(wait, Math.Min(10, jitterPercent), random);
        return WholeMilliseconds(spread > scheduled ? spread : scheduled);
    }

    /// <summary>When the first attempt is due.</summary>
    public static DateTimeOffset FirstAttempt(IReadOnlyList<TimeSpan> schedule, DateTimeOffset changedAt) =>
        changedAt + (schedule.Count > 0 ? schedule[0] : TimeSpan.Zero);

    // Instants are stored in milliseconds: rounded up, or the attempt would come early.
    private static DateTimeOffset WholeMilliseconds(DateTimeOffset at) =>
        at.AddTicks((TimeSpan.TicksPerMillisecond - (at.Ticks % TimeSpan.TicksPerMillisecond)) % TimeSpan.TicksPerMillisecond);

    private static TimeSpan Stretched(TimeSpan wait, int jitterPercent, double random) => wait + (wait * (jitterPercent / 100.0 * random));
}
