using Plugin.ApiWebhooks.Configure;

namespace Plugin.Tests.Deliver;

public sealed class HookChangeTests : IAsyncLifetime
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
    public async Task A_new_hook_is_owed_what_comes_after_it()
    {
        _f.Log.Append();
        await _f.StartAsync();
        _f.Log.Append();
        await _f.ChangeHooksAsync(PipelineFixture.Hook(_receiver.Url));
        var third = _f.Log.Append();
        await _receiver.WaitAsync();
        Assert.Equal($"msg_{third.Id:N}_1", Assert.Single(_receiver.All).Id);
    }

    [Fact]
    public async Task What_is_read_again_after_a_restart_is_not_owed_to_a_hook_that_was_not_there()
    {
        await _f.StartAsync();
        _f.Log.Append(); // wanted by nobody, so its position is not stored
        await _f.StopAsync();
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        var second = _f.Log.Append();
        await _receiver.WaitAsync();
        await _f.Pipeline.StopAsync(default);
        Assert.Equal($"msg_{second.Id:N}_1", Assert.Single(_receiver.All).Id);
    }

    [Fact]
    public async Task A_corrected_address_and_secret_help_what_already_waits_with_the_same_bytes()
    {
        _receiver.AnswerWith(404);
        await using var right = await Receiver.StartAsync(_f.Clock);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        await _f.ChangeHooksAsync(PipelineFixture.Hook(right.Url) with { Headers = [new SecretHeader("X-Key", "k")] });
        stored = _f.WhenStored(1);
        _f.Clock.Advance(TimeSpan.FromSeconds(5));
        await stored;
        var second = Assert.Single(right.All);
        Assert.Equal("k", second.Headers["X-Key"].ToString());
        Assert.Equal(_receiver.All[0].Body, second.Body);
        Assert.Equal(_receiver.All[0].Id, second.Id);
    }

    [Fact]
    public async Task A_disabled_hook_holds_old_and_new_and_sends_them_when_enabled_again()
    {
        _receiver.AnswerWith(500);
        var hook = PipelineFixture.Hook(_receiver.Url);
        await _f.StartAsync(hook);
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        await _f.ChangeHooksAsync(hook with { Enabled = false });
        Assert.Equal("held", _f.Query<string>("SELECT state FROM delivery"));
        Assert.Equal("paused", _f.Query<string>("SELECT state FROM subscription"));
        _f.Log.Append();
        _f.Log.Append();
        await _f.StopAsync();
        _receiver.AnswerWith(200);
        await _f.StartAsync(hook with { Enabled = false });
        _f.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Single(_receiver.All);
        stored = _f.WhenStored(3);
        await _f.ChangeHooksAsync(hook);
        await stored;
        Assert.Equal(3, _receiver.All.Skip(1).Select(r => r.Id).Distinct().Count());
        Assert.Equal(3, _f.Query<int>("SELECT count(*) FROM delivery WHERE state = 'delivered'"));
    }

    [Fact]
    public async Task A_removed_hook_keeps_what_it_was_owed_and_goes_on_from_its_return()
    {
        _receiver.AnswerWith(500);
        var hook = PipelineFixture.Hook(_receiver.Url);
        await _f.StartAsync(hook);
        var stored = _f.WhenStored(1);
        var owed = _f.Log.Append();
        await stored;
        await _f.ChangeHooksAsync();
        Assert.Equal("held removed", _f.Query<string>("SELECT d.state || ' ' || s.state FROM delivery d, subscription s"));
        _f.Log.Append(); // while it is away: not its
        _receiver.AnswerWith(200);
        stored = _f.WhenStored(1);
        await _f.ChangeHooksAsync(hook);
        await stored;
        stored = _f.WhenStored(1);
        var after = _f.Log.Append();
        await stored;
        Assert.Equal([$"msg_{owed.Id:N}_1", $"msg_{after.Id:N}_1"], _receiver.All.Skip(1).Select(r => r.Id));
    }

    [Fact]
    public async Task One_hook_that_hangs_does_not_stop_another()
    {
        using var hung = new SemaphoreSlim(0);
        _receiver.Answer = async (_, context) =>
        {
            hung.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        await using var healthy = await Receiver.StartAsync(_f.Clock);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url, "hung"), PipelineFixture.Hook(healthy.Url, "healthy"));
        for (var i = 0; i < 1500; i++)
            _f.Log.Append();
        await healthy.WaitAsync(1500);
        await hung.WaitAsync();
        Assert.InRange(_receiver.All.Count, 1, _f.Settings.Delivery.ConcurrencyPerHook);
        Assert.Equal(1500, healthy.All.Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_hook_without_work_costs_no_timer_and_no_write()
    {
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        await _f.WhenQuietAsync();
        _f.Clock.Advance(TimeSpan.FromMinutes(5)); // past the renewals
        var version = Version();
        var reads = _f.Log.Reads;
        for (var i = 0; i < 60; i++)
            _f.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(_f.Clock.NextTimer());
        Assert.Equal(version, Version());
        Assert.Equal(reads, _f.Log.Reads);
    }

    private long Version() => _f.Database.Commits;
}
