using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.Tests.Deliver;

public sealed class RateLimitTests : IAsyncLifetime
{
    private readonly PipelineFixture _f = new();
    private Receiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync(_f.Clock);

    public async Task DisposeAsync()
    {
        await _f.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Theory]
    [InlineData(DeliveryOrder.None)]
    [InlineData(DeliveryOrder.Strict)]
    internal async Task A_limited_hook_goes_at_its_rate_and_another_at_once(DeliveryOrder order)
    {
        await using var other = await Receiver.StartAsync(_f.Clock);
        await _f.StartAsync(Limited(2, burst: 3) with { Order = order }, PipelineFixture.Hook(other.Url, "free"));
        var stored = _f.WhenStored(103);
        for (var i = 0; i < 100; i++)
            _f.Log.Append();
        await stored;
        Assert.Equal((3, 100), (_receiver.All.Count, other.All.Count));
        for (var i = 1; i <= 10; i++)
            await OneMoreAfterAsync(TimeSpan.FromSeconds(0.5));
        Assert.Equal(13, _receiver.All.Count);
    }

    [Fact]
    public async Task Retries_count_too()
    {
        _receiver.AnswerWith(400);
        await _f.StartAsync(Limited(1, burst: 1) with { Schedule = [.. Enumerable.Repeat(TimeSpan.Zero, 3)] });
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        _f.Log.Append();
        await stored;
        for (var i = 1; i < 6; i++)
            await OneMoreAfterAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _f.Query<int>("SELECT count(*) FROM delivery WHERE state = 'exhausted' AND attempts = 3"));
    }

    [Fact]
    public async Task While_the_next_token_is_far_away_nothing_is_in_hand_and_nothing_written()
    {
        await _f.StartAsync(Limited(0.01, burst: 1));
        var stored = _f.WhenStored(1);
        for (var i = 0; i < 5; i++)
            _f.Log.Append();
        await stored;
        for (var i = 0; _f.Query<int>("SELECT count(*) FROM delivery WHERE state = 'pending'") < 4; i++)
        {
            Assert.True(i < 3000, "They did not go back to the database.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
        _f.Clock.Advance(TimeSpan.FromSeconds(30)); // past the renewals of what was in hand
        var version = _f.Database.Commits;
        _f.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(version, _f.Database.Commits);
        Assert.Single(_receiver.All);
        await OneMoreAfterAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_changed_rate_is_in_force_at_once_and_the_same_rate_gives_no_tokens()
    {
        await _f.StartAsync(Limited(0.1, burst: 2));
        var stored = _f.WhenStored(2);
        for (var i = 0; i < 20; i++)
            _f.Log.Append();
        await stored;
        await _f.ChangeHooksAsync(Limited(0.1, burst: 2) with { Timeout = TimeSpan.FromSeconds(3) });
        Assert.Equal(2, _receiver.All.Count);
        stored = _f.WhenStored(18);
        await _f.ChangeHooksAsync(PipelineFixture.Hook(_receiver.Url));
        await stored;
        Assert.Equal(20, _receiver.All.Select(r => r.Id).Distinct().Count());
    }

    private HookSettings Limited(double perSecond, int burst) => PipelineFixture.Hook(_receiver.Url) with { Rate = new RateLimit(perSecond, burst) };

    // Not before, and then at once.
    private async Task OneMoreAfterAsync(TimeSpan wait)
    {
        var (before, at) = (_receiver.All.Count, _f.Clock.GetUtcNow() + wait);
        var stored = _f.WhenStored(1);
        _f.Clock.Advance(wait - TimeSpan.FromMilliseconds(1));
        _f.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await stored;
        Assert.Equal((before + 1, at), (_receiver.All.Count, _receiver.All[^1].At));
    }
}
