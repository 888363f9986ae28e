using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>
/// Holds a lane to its rate: each attempt takes a token, tokens come back at the rate, and no more than the burst are kept. Counted on the clock that is never
/// set. Used under the dispatcher's gate.
/// </summary>
/// <param name="limit">The rate.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(RateLimit limit, TimeProvider time)
{
    // Rounded up: never faster than the rate.
    private readonly TimeSpan _interval = TimeSpan.FromTicks((long)Math.Ceiling(TimeSpan.TicksPerSecond / limit.PerSecond));
    private readonly long _startedAt = time.GetTimestamp();

    // When all tokens are there, counted from the start.
    private TimeSpan _fullAfter;

    /// <summary>The rate it keeps.</summary>
    public RateLimit Limit => limit;

    /// <summary>How long until there is a token; zero when there is one.</summary>
    public TimeSpan UntilNext
    {
        get
        {
            var wait = _fullAfter - (_interval * (limit.Burst - 1)) - Elapsed;
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    private TimeSpan Elapsed => time.GetElapsedTime(_startedAt);

    /// <summary>Takes a token.</summary>
    public void Take()
    {
        var now = Elapsed;
        _fullAfter = (_fullAfter > now ? _fullAfter : now) + _interval;
    }

    /// <summary>How many tokens there can be within a time, a full bucket included.</summary>
    public int Most(TimeSpan within) => (int)Math.Min(limit.Burst + (limit.PerSecond * within.TotalSeconds), int.MaxValue);
}
