using Plugin.ApiWebhooks.Deliver;

namespace Plugin.Tests.Deliver;

public sealed class IsolationTests : IAsyncLifetime
{
    private readonly PipelineFixture _f = new();
    private Receiver _healthy = null!;
    private Receiver _sick = null!;

    public async Task InitializeAsync()
    {
        _healthy = await Receiver.StartAsync(_f.Clock);
        _sick = await Receiver.StartAsync(_f.Clock);
    }

    public async Task DisposeAsync()
    {
        await _f.DisposeAsync();
        await _healthy.DisposeAsync();
        await _sick.DisposeAsync();
    }

    [Fact]
    public async Task Receivers_that_hang_cannot_take_all_places()
    {
        _sick.Answer = (_, context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        _f.Settings = _f.Settings with { Delivery = _f.Settings.Delivery with { Concurrency = 16 } };
        // Ten that hang could take 80 places; there are 16.
        var hung = Enumerable.Range(0, 10).Select(i => PipelineFixture.Hook(_sick.Url, $"hung{i}"));
        await _f.StartAsync([.. hung, PipelineFixture.Hook(_healthy.Url, "healthy")]);
        for (var i = 0; i < 100; i++)
            _f.Log.Append();
        await _sick.WaitAsync(10);
        var all = _healthy.WaitAsync(100);
        // No attempt times out within these seconds: the places come from those that are slow.
        for (var i = 0; i < 40 && !all.IsCompleted; i++)
        {
            _f.Clock.Advance(Slots.SlowAfter);
            await Task.WhenAny(all, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        }
        await all;
        Assert.InRange(_sick.All.Count, 10, 10 * ReceiverPace.FirstLimit);
    }

    [Fact]
    public async Task Little_is_claimed_for_a_receiver_that_is_only_probed()
    {
        _sick.AnswerWith(500);
        // No attempt runs out of time while the clock is moved on in steps.
        await _f.StartAsync(PipelineFixture.Hook(_sick.Url, "sick") with { Timeout = TimeSpan.FromDays(9) });
        for (var i = 0; i < 600; i++)
            _f.Log.Append();
        // Some are tried and fail; the others are not claimed, or go back, when the receiver comes to rest.
        while (_f.Query<int>("SELECT count(*) FROM delivery WHERE state <> 'in_flight'") < 600)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);

        _sick.Answer = (_, context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        await _sick.WaitAsync(_sick.All.Count);
        var probe = _sick.WaitAsync();
        // The timer of its rest may not stand yet: the clock goes on until the probe comes.
        while (!probe.IsCompleted)
        {
            _f.Clock.Advance(TimeSpan.FromSeconds(7));
            await Task.WhenAny(probe, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        }
        await probe;
        Assert.InRange(_f.Query<int>("SELECT count(*) FROM delivery WHERE state = 'in_flight'"), 1, 32);
    }

    [Fact]
    public async Task A_receiver_that_is_down_rests_and_its_deliveries_keep_their_attempts()
    {
        _sick.AnswerWith(500);
        await _f.StartAsync(PipelineFixture.Hook(_sick.Url, "sick") with { Schedule = [.. Enumerable.Repeat(TimeSpan.Zero, 5)] });
        var stored = _f.WhenStored(ReceiverPace.FailuresBeforeRest);
        for (var i = 0; i < 200; i++)
            _f.Log.Append();
        await stored;
        await _f.Pipeline.StopAsync(default);
        // 200 deliveries of 5 attempts each could have made 1000 in this moment.
        Assert.InRange(_f.Query<int>("SELECT count(*) FROM attempt"), ReceiverPace.FailuresBeforeRest, ReceiverPace.FailuresBeforeRest + (2 * ReceiverPace.FirstLimit));
        Assert.Equal(0, _f.Query<int>("SELECT count(*) FROM delivery WHERE state = 'exhausted'"));
    }

    [Fact]
    public async Task After_an_outage_everything_arrives()
    {
        _sick.AnswerWith(503);
        await _f.StartAsync(PipelineFixture.Hook(_sick.Url, "sick") with { Timeout = TimeSpan.FromDays(9) });
        for (var i = 0; i < 1000; i++)
            _f.Log.Append();
        await _sick.WaitAsync(1);
        _sick.AnswerWith(200);
        while (_f.Query<int>("SELECT count(*) FROM delivery WHERE state = 'delivered'") < 1000)
        {
            _f.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
        Assert.Equal(1000, _sick.All.Select(r => r.Id).Distinct().Count());
    }
}
