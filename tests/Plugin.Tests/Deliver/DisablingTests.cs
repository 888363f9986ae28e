using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.Tests.Deliver;

public sealed class DisablingTests : IAsyncLifetime
{
    private readonly PipelineFixture _f = new();
    private Receiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync(_f.Clock);

    public async Task DisposeAsync()
    {
        await _f.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_receiver_that_says_410_gets_no_more_and_nothing_is_lost()
    {
        _receiver.AnswerWith(410);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        _f.Log.Append();
        await WaitForStateAsync("disabled", "held");
        _f.Log.Append();
        await WaitForStateAsync("disabled", "held", count: 2);
        Assert.Single(_receiver.All);
        var fault = Assert.Single(_f.Pipeline.GetFaults());
        Assert.Equal((FaultSeverity.Error, "Hook hook"), (fault.Severity, fault.Place));
        Assert.Contains("410 Gone", fault.Message, StringComparison.Ordinal);

        // A restart does not forget it.
        await _f.StopAsync();
        _receiver.AnswerWith(200);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        Assert.Equal("disabled", _f.Query<string>("SELECT state FROM subscription"));
        var stored = _f.WhenStored(2);
        Assert.True(await _f.Pipeline.Subscriptions!.ResumeAsync(1, default));
        await stored;
        Assert.Equal(2, _receiver.All.Skip(1).Select(r => r.Id).Distinct().Count());
        Assert.Empty(_f.Pipeline.GetFaults());
    }

    [Fact]
    public async Task A_hook_that_leads_elsewhere_now_is_tried_again()
    {
        _receiver.AnswerWith(410);
        await using var other = await Receiver.StartAsync(_f.Clock);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        _f.Log.Append();
        await WaitForStateAsync("disabled", "held");
        await _f.ChangeHooksAsync(PipelineFixture.Hook(_receiver.Url) with { Label = "only the label" });
        Assert.Equal("disabled", _f.Query<string>("SELECT state FROM subscription"));
        var stored = _f.WhenStored(1);
        await _f.ChangeHooksAsync(PipelineFixture.Hook(other.Url));
        await stored;
        Assert.Single(other.All);
    }

    [Fact]
    public async Task Failing_for_days_and_nothing_else_disables_and_the_count_survives_a_restart()
    {
        _receiver.AnswerWith(400);
        var hook = PipelineFixture.Hook(_receiver.Url) with { Schedule = [.. Enumerable.Repeat(TimeSpan.FromDays(2), 9).Prepend(TimeSpan.Zero)] };
        await _f.StartAsync(hook);
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        await WaitAsync(() => _f.Query<long>("SELECT coalesce(failing_since, 0) FROM subscription") > 0);
        await FailAgainAsync(); // 2 days
        await _f.StopAsync();
        await _f.StartAsync(hook);
        await WaitForTimerAsync();
        await FailAgainAsync(); // 4 days
        Assert.Equal("active", _f.Query<string>("SELECT state FROM subscription"));
        await FailAgainAsync(); // 6 days
        await WaitForStateAsync("disabled", "held");
        Assert.StartsWith("Every attempt failed since 2026-03-01 12:00 UTC; the last one: ClientError.", _f.Query<string>("SELECT state_reason FROM subscription"), StringComparison.Ordinal);

        async Task FailAgainAsync()
        {
            var again = _f.WhenStored(1);
            // The wait is looked at every half minute, against clocks that are set.
            _f.Clock.Advance(TimeSpan.FromDays(2));
            await again;
        }
    }

    [Fact]
    public async Task One_success_begins_the_count_anew()
    {
        _receiver.AnswerWith(400);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        await WaitAsync(() => _f.Query<long>("SELECT coalesce(failing_since, 0) FROM subscription") == _f.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        _receiver.AnswerWith(200);
        stored = _f.WhenStored(1);
        _f.Clock.Advance(TimeSpan.FromSeconds(5));
        await stored;
        await WaitAsync(() => _f.Query<long>("SELECT coalesce(failing_since, 0) FROM subscription") == 0);
    }

    [Fact]
    public async Task Zero_days_never_disable()
    {
        _receiver.AnswerWith(400);
        _f.Settings = _f.Settings with { Delivery = _f.Settings.Delivery with { DisableAfter = TimeSpan.Zero } };
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url) with { Schedule = [TimeSpan.Zero, TimeSpan.FromDays(30)] });
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        stored = _f.WhenStored(1);
        _f.Clock.Advance(TimeSpan.FromDays(30));
        await stored;
        Assert.Equal("active exhausted", _f.Query<string>("SELECT s.state || ' ' || d.state FROM subscription s, delivery d"));
    }

    [Fact]
    public async Task A_person_pauses_and_resumes_and_the_file_does_not_undo_it()
    {
        var hook = PipelineFixture.Hook(_receiver.Url);
        await _f.StartAsync(hook);
        Assert.True(await _f.Pipeline.Subscriptions!.PauseAsync(1, "Paused by admin.", default));
        _f.Log.Append();
        await WaitForStateAsync("paused", "held");
        await _f.ChangeHooksAsync(hook with { Headers = [new SecretHeader("X", "y")] });
        Assert.Equal("paused", _f.Query<string>("SELECT state FROM subscription"));
        var stored = _f.WhenStored(1);
        Assert.True(await _f.Pipeline.Subscriptions.ResumeAsync(1, default));
        await stored;
        Assert.Single(_receiver.All);
        Assert.False(await _f.Pipeline.Subscriptions.PauseAsync(99, "?", default));
    }

    private Task WaitForStateAsync(string subscription, string deliveries, int count = 1) => WaitAsync(() =>
        _f.Query<string>("SELECT state FROM subscription") == subscription
        && _f.Query<int>($"SELECT count(*) FROM delivery WHERE state = '{deliveries}'") == count);

    private Task WaitForTimerAsync() => WaitAsync(() => _f.Clock.NextTimer() is not null);

    // What follows from a settlement happens in the background and gives no signal.
    private static async Task WaitAsync(Func<bool> condition)
    {
        for (var i = 0; i < 600 && !condition(); i++)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        Assert.True(condition());
    }
}
