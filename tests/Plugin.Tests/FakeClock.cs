namespace Plugin.Tests;

/// <summary>A clock that stands until it is moved. Timers fire inside <see cref="Advance"/>, each at its own moment; one that is set for now fires at once, on a thread of its own.</summary>
internal sealed class FakeClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private TimeSpan _elapsed;

    // Odd on purpose, so that nobody takes timestamps for ticks.
    public override long TimestampFrequency => 3_000_000;

    /// <summary>What happens between somebody's decision to set a timer and the setting of it. Takes the time until it is to fire.</summary>
    public Action<TimeSpan>? BeforeTimerSet { get; set; }

    /// <summary>Raised after a timer was set.</summary>
    public event Action? TimerSet;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp()
    {
        lock (_gate)
            return (long)(_elapsed.TotalSeconds * TimestampFrequency);
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan by)
    {
        DateTimeOffset end;
        lock (_gate)
            end = _now + by;
        while (true)
        {
            FakeTimer? due;
            lock (_gate)
            {
                due = _timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
                var step = (due?.DueAt ?? end) - _now;
                // Another thread may have moved it further.
                if (step > TimeSpan.Zero)
                {
                    _now += step;
                    _elapsed += step;
                }
                due?.Rearm();
            }
            if (due is null)
                return;
            due.Fire();
        }
    }

    /// <summary>Sets the wall clock without time passing, as an administrator or a time server does.</summary>
    public void Jump(TimeSpan by)
    {
        lock (_gate)
        {
            _now += by;
            foreach (var timer in _timers.Where(timer => timer.DueAt < DateTimeOffset.MaxValue))
                timer.DueAt += by;
        }
    }

    /// <summary>How long until the next timer fires; null for none.</summary>
    public TimeSpan? NextTimer()
    {
        lock (_gate)
            return _timers.Where(timer => timer.DueAt < DateTimeOffset.MaxValue).Select(timer => (TimeSpan?)(timer.DueAt - _now)).Min();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset DueAt { get; set; } = DateTimeOffset.MaxValue;

        public void Rearm() => DueAt = _period > TimeSpan.Zero ? DueAt + _period : DateTimeOffset.MaxValue;

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.BeforeTimerSet?.Invoke(dueTime);
            lock (clock._gate)
            {
                if (!clock._timers.Contains(this))
                    clock._timers.Add(this);
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : clock._now + dueTime;
                _period = period;
            }
            if (dueTime != Timeout.InfiniteTimeSpan)
                clock.TimerSet?.Invoke();
            if (dueTime == TimeSpan.Zero)
                ThreadPool.QueueUserWorkItem(static clock => clock.Advance(TimeSpan.Zero), clock, preferLocal: false);
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
