namespace Plugin.Tests.Deliver;

/// <summary>
/// Somebody sets the machine's clock, forth or back. Deliveries are neither sent twice nor left standing, and come no earlier than the clock's own jump
/// makes them.
/// </summary>
public sealed class ClockTests : IAsyncLifetime
{
    private static readonly TimeSpan s_year = TimeSpan.FromDays(365);

    private readonly PipelineFixture _f = new();
    private Receiver _receiver = null!;

    public static TheoryData<TimeSpan> Jumps =>
        [TimeSpan.FromMinutes(1), TimeSpan.FromDays(1), s_year, TimeSpan.FromMinutes(-1), TimeSpan.FromDays(-1), -s_year];

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync(_f.Clock);

    public async Task DisposeAsync()
    {
        await _f.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task An_attempt_under_way_ends_once_and_its_lease_is_not_taken_for_lapsed(TimeSpan jump)
    {
        using var arrived = new SemaphoreSlim(0);
        using var answer = new SemaphoreSlim(0);
        _receiver.Answer = async (_, context) =>
        {
            arrived.Release();
            await answer.WaitAsync();
            context.Response.StatusCode = 204;
        };
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url) with { Timeout = TimeSpan.FromMinutes(5) });
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await arrived.WaitAsync();
        _f.Clock.Jump(jump);
        _f.Clock.Advance(TimeSpan.FromMinutes(2)); // Leases are renewed meanwhile; they are 60 s long.
        answer.Release(10);
        await stored;
        Assert.Single(_receiver.All);
        Assert.Equal("delivered 1", _f.Query<string>("SELECT state || ' ' || attempts FROM delivery"));
        Assert.Equal(TimeSpan.FromMinutes(2), Assert.Single(_f.History.Find(_f.Query<long>("SELECT id FROM delivery"))!.Attempts).Duration);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task A_retry_comes_within_its_wait_and_the_length_of_the_jump_and_no_earlier(TimeSpan jump)
    {
        var wait = TimeSpan.FromMinutes(5);
        _receiver.AnswerWith(500);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url) with { Schedule = [TimeSpan.Zero, wait], Timeout = TimeSpan.FromDays(9) });
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        await _f.WhenQuietAsync();
        _receiver.AnswerWith(204);
        stored = _f.WhenStored(1);
        var due = _f.Clock.GetUtcNow() + wait;
        _f.Clock.Jump(jump);
        var jumped = _f.Clock.GetUtcNow();

        // Its moment by the clock, where that is not out of all reason; then its wait.
        _f.Clock.Advance(wait);
        if (due > _f.Clock.GetUtcNow() && jump > -s_year)
        {
            Assert.False(stored.IsCompleted);
            _f.Clock.Advance(due - _f.Clock.GetUtcNow());
        }

        await stored;
        Assert.Equal(2, _receiver.All.Count);
        Assert.True(jump == -s_year ? _receiver.All[1].At - jumped >= wait : _receiver.All[1].At >= due, $"At {_receiver.All[1].At}, due {due}.");
        Assert.Equal("delivered 2", _f.Query<string>("SELECT state || ' ' || attempts FROM delivery"));
    }

    [Fact]
    public async Task A_thread_that_is_held_up_while_it_sets_the_timer_does_not_oversleep()
    {
        var wait = TimeSpan.FromSeconds(17);
        _receiver.AnswerWith(500);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url) with { Schedule = [TimeSpan.Zero, wait], Timeout = TimeSpan.FromDays(9) });
        var heldUp = false;
        _f.Clock.BeforeTimerSet = until =>
        {
            if (until != wait || heldUp)
                return;
            heldUp = true;
            _f.Clock.Advance(wait / 2);
        };
        var due = _f.Clock.GetUtcNow() + wait;
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        await _f.WhenQuietAsync();
        Assert.True(heldUp);

        stored = _f.WhenStored(1);
        _f.Clock.Advance(due - _f.Clock.GetUtcNow());
        await stored;
        Assert.Equal(due, _receiver.All[1].At);
    }

    [Fact]
    public async Task What_was_stored_by_a_clock_that_was_a_year_ahead_is_sent_after_a_restart()
    {
        _f.Clock.Jump(s_year);
        _receiver.AnswerWith(500);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        await _f.StopAsync();

        _f.Clock.Jump(-s_year);
        _receiver.AnswerWith(204);
        stored = _f.WhenStored(2);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        _f.Log.Append();
        await stored;
        Assert.Equal(2, _f.Query<int>("SELECT count(*) FROM delivery WHERE state = 'delivered'"));
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task A_receiver_that_rests_is_called_again_and_new_changes_are_never_left_standing(TimeSpan jump)
    {
        _receiver.AnswerWith(503, retryAfter: "60");
        // No attempt runs out of time while the clock is moved on in steps.
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url) with { Timeout = TimeSpan.FromDays(9) });
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        _f.Clock.Jump(jump);
        _receiver.AnswerWith(204);
        _f.Log.Append();
        // Two minutes are more than the rest can be; a clock that was set back adds what it was set back by, and no more than the longest rest.
        await AdvanceUntilDeliveredAsync(2, TimeSpan.FromMinutes(2) + (jump < TimeSpan.Zero ? TimeSpan.FromDays(2) : TimeSpan.Zero));
    }

    // In steps, so that each timer finds the clock where it should be. Once the time is over the clock stands, and what is under way may end.
    private async Task AdvanceUntilDeliveredAsync(int count, TimeSpan most)
    {
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var passed = TimeSpan.Zero; _f.Query<int>("SELECT count(*) FROM delivery WHERE state = 'delivered'") < count;)
        {
            Assert.False(over.IsCancellationRequested, $"Left standing for {passed}.");
            if (passed < most)
            {
                var step = passed < TimeSpan.FromMinutes(5) ? TimeSpan.FromSeconds(20) : TimeSpan.FromMinutes(10);
                passed += step;
                _f.Clock.Advance(step);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
