using System.Text;
using Dam.Hosting;

namespace Plugin.Tests.Deliver;

/// <summary>What is in the file at the moment of a crash is all there is afterwards. Each test stops the file's writing at one step and starts again on it.</summary>
public sealed class CrashTests : IAsyncLifetime
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
    public async Task Between_the_answer_and_its_settling_costs_one_duplicate_with_the_same_id_and_bytes()
    {
        using var arrived = new SemaphoreSlim(0);
        using var answer = new SemaphoreSlim(0);
        _receiver.Answer = async (_, context) =>
        {
            arrived.Release();
            await answer.WaitAsync();
            context.Response.StatusCode = 200;
        };
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        _f.Log.Append();
        await arrived.WaitAsync();
        await _f.Database.DisposeAsync(); // from here on nothing is stored any more
        answer.Release(100);
        await _f.Pipeline.DisposeAsync();

        var stored = _f.WhenStored(1);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        await stored;
        Assert.Equal(2, _receiver.All.Count);
        Assert.Single(_receiver.All.Select(r => r.Id).Distinct());
        Assert.Single(_receiver.All.Select(r => Encoding.UTF8.GetString(r.Body)).Distinct());
        Assert.Equal("delivered", _f.Query<string>("SELECT state FROM delivery"));
    }

    [Fact]
    public async Task Before_the_batch_is_stored_costs_nothing()
    {
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        await _f.Database.DisposeAsync();
        var changes = Enumerable.Range(0, 20).Select(_ => _f.Log.Append()).ToList();
        await _f.Pipeline.DisposeAsync();
        Assert.Empty(_receiver.All);

        var stored = _f.WhenStored(20);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        await stored;
        Assert.Equal(changes.Select(c => $"msg_{c.Id:N}_1").Order(), _receiver.All.Select(r => r.Id).Order());
    }

    [Fact]
    [Trait("Storage", "sqlite")]
    public async Task When_the_power_takes_what_was_stored_the_changes_are_read_again_and_sent_with_the_same_ids_and_bytes()
    {
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        var powerFails = _f.KeepDisk();
        var stored = _f.WhenStored(20);
        for (var i = 0; i < 20; i++)
            _f.Log.Append();
        await stored;
        await _f.StopAsync();
        powerFails();

        stored = _f.WhenStored(20);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        await stored;
        var arrivals = _receiver.All.ToLookup(r => r.Id, r => Encoding.UTF8.GetString(r.Body));
        Assert.Equal(20, arrivals.Count);
        Assert.All(arrivals, bodies => Assert.Equal(2, bodies.Count()));
        Assert.All(arrivals, bodies => Assert.Single(bodies.Distinct()));
    }

    [Fact]
    public async Task While_the_plugin_is_off_changes_are_not_lost()
    {
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        await _f.StopAsync();
        for (var i = 0; i < 600; i++)
            _f.Log.Append();
        var stored = _f.WhenStored(600);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        await stored;
        Assert.Equal(600, _receiver.All.Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_retry_that_waits_survives_a_restart()
    {
        _receiver.AnswerWith(500);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        await _f.StopAsync();
        _receiver.AnswerWith(200);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        stored = _f.WhenStored(1);
        await AdvanceToNextTimerAsync();
        await stored;
        Assert.Equal(TimeSpan.FromSeconds(5), _receiver.All[1].At - _receiver.All[0].At);
        Assert.Equal("delivered 2", _f.Query<string>("SELECT state || ' ' || attempts FROM delivery"));
    }

    [Fact]
    public async Task Stopping_lets_attempts_end_and_releases_the_rest()
    {
        using var arrived = new SemaphoreSlim(0);
        using var answer = new SemaphoreSlim(0);
        _receiver.Answer = async (_, context) =>
        {
            arrived.Release();
            await answer.WaitAsync();
            context.Response.StatusCode = 200;
        };
        _f.Settings = _f.Settings with { Delivery = _f.Settings.Delivery with { Concurrency = 2 } };
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        for (var i = 0; i < 10; i++)
            _f.Log.Append();
        await arrived.WaitAsync();
        await arrived.WaitAsync();
        while (_f.Query<int>("SELECT count(*) FROM delivery") < 10)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        // The dispatcher itself: it begins nothing from here on, whoever is answered.
        var stopping = _f.Pipeline.Dispatcher!.StopAsync(default);
        answer.Release(100);
        await stopping;
        await _f.Pipeline.StopAsync(default);
        Assert.Equal(2, _receiver.All.Count);
        Assert.Equal("delivered 2, pending 8", _f.Query<string>("SELECT string_agg(s, ', ') FROM (SELECT state || ' ' || count(*) AS s FROM delivery GROUP BY state ORDER BY state) AS states"));
    }

    [Fact]
    public async Task The_drain_deadline_interrupts_what_hangs_and_it_is_sent_after_the_start()
    {
        using var arrived = new SemaphoreSlim(0);
        _receiver.Answer = async (_, context) =>
        {
            arrived.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        _f.Log.Append();
        await arrived.WaitAsync();
        await _f.Pipeline.StopAsync(new CancellationToken(canceled: true));
        Assert.Equal("pending 0", _f.Query<string>("SELECT state || ' ' || attempts FROM delivery"));
        Assert.Equal("Interrupted", _f.Query<string>("SELECT outcome FROM attempt"));
        await _f.StopAsync();
        _receiver.AnswerWith(200);
        var stored = _f.WhenStored(1);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        await stored;
        Assert.Equal("delivered 1", _f.Query<string>("SELECT state || ' ' || attempts FROM delivery"));
    }

    [Fact]
    public async Task Trouble_with_the_log_only_delays()
    {
        _f.Log.IsBroken = true;
        var stored = _f.WhenStored(1);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        _f.Log.Append();
        await WaitForTimerAsync();
        _f.Log.IsBroken = false;
        _f.Clock.Advance(TimeSpan.FromSeconds(1));
        await stored;
        Assert.Single(_receiver.All);
    }

    private async Task AdvanceToNextTimerAsync()
    {
        await WaitForTimerAsync();
        _f.Clock.Advance(_f.Clock.NextTimer()!.Value);
    }

    // Timers are set on other threads.
    private async Task WaitForTimerAsync()
    {
        var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _f.Clock.TimerSet += () => set.TrySetResult();
        if (_f.Clock.NextTimer() is null)
            await set.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
