using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>
/// How fast one receiver is sent to. A receiver that answers is given more attempts at the same time, one that is in trouble fewer, and one that
/// stays in trouble a rest, after which a single attempt probes it. What rests is not attempted: no attempt of its schedule is used up.
/// </summary>
/// <remarks>
/// A receiver that comes back has everything that was owed meanwhile before it, and may fall again under it. So after trouble it is given one attempt more at a
/// time only when it has answered as many as it is given: 1, 2, 3 and so on, where one that was never in trouble is given one more with each answer.
/// </remarks>
internal sealed class ReceiverPace
{
    /// <summary>Attempts at the same time for a receiver of which nothing is known.</summary>
    public const int FirstLimit = 8;

    /// <summary>So many failures in a row, with no success between, bring a rest.</summary>
    public const int FailuresBeforeRest = 8;

    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstThrottleRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);
    private const double MostStretch = 1.2;

    private int _failuresInRow;
    private int _rests;
    private bool _recovers;
    private int _answersAtLimit;

    /// <summary>Attempts at the same time.</summary>
    public int Limit { get; private set; } = FirstLimit;

    /// <summary>Until when it rests; null when it does not, or did not since its last success.</summary>
    public DateTimeOffset? RestsUntil { get; private set; }

    /// <summary>Whether it failed since its last success.</summary>
    public bool IsInTrouble => _failuresInRow > 0;

    /// <summary>Whether it rests.</summary>
    /// <remarks>A rest that seems longer than any was made by a clock that has been set back since: it is over.</remarks>
    public bool Rests(DateTimeOffset now) => RestsUntil > now && RestsUntil - now <= LongestRetryAfter * MostStretch;

    /// <summary>Learns how an attempt went.</summary>
    /// <param name="result">The attempt.</param>
    /// <param name="most">The most attempts at the same time that the settings allow.</param>
    /// <param name="random">From 0 up to, but not including, 1: rests are stretched by up to a fifth, so that many do not end at once.</param>
    public void Learn(AttemptResult result, int most, double random)
    {
        var endedAt = result.StartedAt + result.Duration;
        switch (result.Outcome)
        {
            case AttemptOutcome.Succeeded:
                (_failuresInRow, _rests, RestsUntil) = (0, 0, null);
                Quicken(most);
                break;
            case AttemptOutcome.Throttled:
                Slow();
                Rest(endedAt, Asked(result, endedAt) ?? Doubled(FirstThrottleRest), random);
                break;
            case AttemptOutcome.ServerError or AttemptOutcome.ConnectFailed or AttemptOutcome.DnsFailed or AttemptOutcome.TlsFailed
                or AttemptOutcome.TimedOut or AttemptOutcome.Reset:
                Slow();
                if (_failuresInRow >= FailuresBeforeRest)
                    Rest(endedAt, Doubled(FirstRest), random);
                break;
            default:
                // The receiver is well; it does not want this message.
                break;
        }
    }

    private void Quicken(int most)
    {
        if (Limit >= most)
        {
            // Up there again, or the settings allow fewer now.
            (Limit, _recovers) = (most, false);
            return;
        }
        _answersAtLimit++;
        if (_recovers && _answersAtLimit < Limit)
            return;
        (Limit, _answersAtLimit) = (Limit + 1, 0);
    }

    private void Slow()
    {
        _failuresInRow++;
        (Limit, _recovers, _answersAtLimit) = (Math.Max(1, Limit / 2), true, 0);
    }

    private void Rest(DateTimeOffset endedAt, TimeSpan length, double random)
    {
        // Attempts that were under way together fail together: they bring one rest, not one each.
        if (Rests(endedAt))
            return;
        _rests++;
        Limit = 1;
        RestsUntil = endedAt + (length * (1 + ((MostStretch - 1) * random)));
    }

    private static TimeSpan? Asked(AttemptResult result, DateTimeOffset endedAt)
    {
        if (result.RetryAt is not { } at || at <= endedAt)
            return null;
        return at - endedAt < LongestRetryAfter ? at - endedAt : LongestRetryAfter;
    }

    private TimeSpan Doubled(TimeSpan first)
    {
        var length = first * Math.Pow(2, Math.Min(_rests, 16));
        return length < LongestRest ? length : LongestRest;
    }
}
