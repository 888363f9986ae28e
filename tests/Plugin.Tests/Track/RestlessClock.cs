namespace Plugin.Tests.Track;

/// <summary>A clock on which every rest is over at once; time passes only when it is told to.</summary>
internal sealed class RestlessClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private long _timestamp;

    public event Action? TimerSet;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _timestamp;

    public void Pass(TimeSpan by) => (_now, _timestamp) = (_now + by, _timestamp + by.Ticks);

    /// <summary>Sets the wall clock without time passing.</summary>
    public void Jump(TimeSpan by) => _now += by;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        TimerSet?.Invoke();
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
