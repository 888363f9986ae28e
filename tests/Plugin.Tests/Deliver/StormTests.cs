using Plugin.ApiWebhooks.Deliver;

namespace Plugin.Tests.Deliver;

/// <summary>After an outage much is owed at once. It does not come down on the receivers at once.</summary>
public sealed class StormTests : IAsyncLifetime
{
    // No attempt runs out of time while the clock is moved on in steps.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(9);

    private readonly PipelineFixture _f = new();
    private Receiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync(_f.Clock);

    public async Task DisposeAsync()
    {
        await _f.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_receiver_that_comes_back_is_given_what_waits_step_by_step()
    {
        const int Owed = 2000;
        _receiver.AnswerWith(503);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url) with { Timeout = s_longest });
        for (var i = 0; i < Owed; i++)
            _f.Log.Append();
        await UntilAsync(() => _f.Query<int>("SELECT count(*) FROM delivery") == Owed && IsEveryAttemptStored(), default);

        var (gate, now, most, answered, tooMany) = (new Lock(), 0, 0, 0, "");
        _receiver.Answer = async (_, context) =>
        {
            lock (gate)
            {
                now++;
                most = Math.Max(most, now);
                if (now > Allowed(answered))
                    tooMany = $"{now} at the same time after {answered} answers.";
            }
            // As long as a receiver takes: those that are sent at the same time are there at the same time.
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            lock (gate)
            {
                now--;
                answered++;
            }
            context.Response.StatusCode = 204;
        };
        await UntilAsync(() => _f.Query<int>("SELECT count(*) FROM delivery WHERE state = 'delivered'") == Owed, TimeSpan.FromSeconds(1));
        Assert.Equal("", tooMany);
        Assert.InRange(most, 2, _f.Settings.Delivery.ConcurrencyPerHook);

        // One probe, and after 1, 3, 6, 10 answers and so on one more.
        int Allowed(int answers)
        {
            var allowed = 1;
            while (allowed * (allowed + 1) / 2 <= answers)
                allowed++;
            return Math.Min(allowed, _f.Settings.Delivery.ConcurrencyPerHook);
        }
    }

    [Fact]
    public async Task Hooks_that_failed_together_are_not_tried_again_together()
    {
        const int Hooks = 40;
        _receiver.AnswerWith(500);
        await _f.StartAsync([.. Enumerable.Range(0, Hooks).Select(i => PipelineFixture.Hook($"{_receiver.Url}/{i}", $"hook{i}") with { Timeout = s_longest })]);
        for (var i = 0; i < 20; i++)
            _f.Log.Append();
        // Everything fails for a minute.
        for (var i = 0; i < 120; i++)
            await PassAsync(TimeSpan.FromSeconds(0.5), allEnd: true);
        await UntilAsync(IsEveryAttemptStored, default);
        var before = _receiver.All.Count;
        _receiver.AnswerWith(204);
        await UntilAsync(() => _f.Query<int>("SELECT count(*) FROM delivery WHERE state <> 'delivered'") == 0, TimeSpan.FromSeconds(0.5), allEnd: true);
        var firsts = _receiver.All.Skip(before).DistinctBy(r => r.Path).CountBy(r => r.At).Select(each => each.Value).ToList();
        Assert.Equal(Hooks, firsts.Sum());
        Assert.True(firsts.Max() <= Hooks / 2, $"{firsts.Max()} of {Hooks} hooks were tried at the same moment.");
        Assert.True(firsts.Count >= 5, $"They were tried at {firsts.Count} moments.");
    }

    [Fact]
    public async Task Receivers_that_hang_hold_a_bounded_number_of_sockets()
    {
        const int Places = 32;
        // So many that none is asked for more connections than there may be to one, whichever subscriptions come first.
        await using var second = await Receiver.StartAsync(_f.Clock);
        await using var third = await Receiver.StartAsync(_f.Clock);
        await using var fourth = await Receiver.StartAsync(_f.Clock);
        Receiver[] receivers = [_receiver, second, third, fourth];
        foreach (var receiver in receivers)
            receiver.Answer = (_, context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        _f.Settings = _f.Settings with { Delivery = _f.Settings.Delivery with { Concurrency = Places, Timeout = TimeSpan.FromMinutes(5) } };
        // They would take 800.
        await _f.StartAsync([.. Enumerable.Range(0, 100).Select(i => PipelineFixture.Hook(receivers[i % 4].Url, $"hung{i}"))]);
        for (var i = 0; i < ReceiverPace.FirstLimit; i++)
            _f.Log.Append();
        await UntilAsync(() => receivers.Sum(each => each.All.Count) >= Slots.MostSlow + Places, TimeSpan.FromMilliseconds(50));
        for (var i = 0; i < 50; i++)
        {
            _f.Clock.Advance(Slots.SlowAfter);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
        Assert.Equal(Slots.MostSlow + Places, receivers.Sum(each => each.All.Count));
        Assert.Equal(Slots.MostSlow + Places, _f.Pipeline.Dispatcher!.InFlight);
        // Before the receivers, which would wait for them.
        await _f.Pipeline.StopAsync(new CancellationToken(canceled: true));
    }

    private bool IsEveryAttemptStored() => _f.Query<int>("SELECT count(*) FROM attempt") == _receiver.All.Count && _f.Pipeline.Dispatcher!.InFlight == 0;

    // For what has no signal.
    private async Task UntilAsync(Func<bool> condition, TimeSpan step, bool allEnd = false)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 3000, "It took too long.");
            await PassAsync(step, allEnd);
        }
    }

    // No faster than the database, and than the attempts where all of them end, however slow those are: what gathers meanwhile would be tried at one moment.
    private async Task PassAsync(TimeSpan step, bool allEnd = false)
    {
        _f.Clock.Advance(step);
        await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        await _f.Database.WriteAsync(_ => 0);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (allEnd && _f.Pipeline.Dispatcher!.InFlight > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, patience.Token);
    }
}
