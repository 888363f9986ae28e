namespace Plugin.ApiWebhooks.Track;

/// <summary>
/// How far into the past clearing may reach. Its limit is what is kept, and besides: an hour of clearing removes at most a day of history. A clock that jumps ahead by
/// years so takes little before somebody notices, while clearing that has to catch up does so in days. Decides only.
/// </summary>
internal sealed class RetentionReach
{
    /// <summary>How much history may go in a span of real time, as a multiple of that.</summary>
    public const int Haste = 24;

    private DateTimeOffset? _reached;

    /// <summary>Whether it is known where clearing stands.</summary>
    public bool IsKnown => _reached is not null;

    /// <summary>Moves on, at each look whether or not there is something to clear.</summary>
    /// <param name="wanted">The time up to which all is old enough, by a clock that may be wrong.</param>
    /// <param name="elapsed">How much time has really passed since the last look.</param>
    /// <returns>The time up to which may be cleared now; <paramref name="wanted"/> while <see cref="IsKnown"/> is false, to find where to begin.</returns>
    public DateTimeOffset Advance(DateTimeOffset wanted, TimeSpan elapsed) => _reached is { } reached ? Begin(wanted, reached, elapsed) : wanted;

    /// <summary>Begins where the oldest thing is that could go.</summary>
    /// <returns>The time up to which may be cleared now.</returns>
    public DateTimeOffset Begin(DateTimeOffset wanted, DateTimeOffset oldest, TimeSpan elapsed)
    {
        var limit = oldest + (elapsed * Haste);
        _reached = wanted < limit ? wanted : limit;
        return _reached.Value;
    }
}
