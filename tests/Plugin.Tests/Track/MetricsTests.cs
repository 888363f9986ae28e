using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;
using Plugin.Tests.Deliver;

namespace Plugin.Tests.Track;

public sealed class MetricsTests : IAsyncLifetime
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
    public async Task Attempts_are_counted_by_hook_and_outcome_and_only_the_first_has_a_lag()
    {
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url, "index"));
        using var measured = new Measurements(_f.Telemetry);
        _receiver.AnswerWith(500);
        var stored = _f.WhenStored(1);
        _f.Log.Append(change => change with { OccurredAt = _f.Clock.GetUtcNow() - TimeSpan.FromSeconds(2) });
        await stored;
        _receiver.AnswerWith(204);
        stored = _f.WhenStored(1);
        _f.Clock.Advance(TimeSpan.FromSeconds(5));
        await stored;

        Assert.Equal(["index,server_error=1", "index,succeeded=1"], measured.Of("webhooks.delivery.attempts"));
        Assert.Equal(["index,server_error=0", "index,succeeded=0"], measured.Of("webhooks.delivery.attempt.duration"));
        Assert.Equal(["index=2"], measured.Of("webhooks.delivery.lag"));
    }

    [Fact]
    public async Task What_is_owed_is_observed_by_state_and_hook_with_its_age()
    {
        _receiver.AnswerWith(500);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url, "failing"), PipelineFixture.Hook(_receiver.Url, "off") with { Enabled = false });
        using var measured = new Measurements(_f.Telemetry);
        var stored = _f.WhenStored(2);
        _f.Log.Append();
        _f.Log.Append();
        await stored;
        await _f.WhenQuietAsync();
        _f.Clock.Advance(TimeSpan.FromSeconds(4));

        measured.Collect();
        Assert.Equal(["pending=0", "in_flight=0", "waiting=2", "held=2"], measured.Of("webhooks.queue.depth"));
        Assert.Equal(["=4"], measured.Of("webhooks.queue.oldest.age"));
        Assert.Equal(["failing=2", "off=2"], measured.Of("webhooks.hook.queue.depth"));
        Assert.Equal(["failing=4", "off=4"], measured.Of("webhooks.hook.queue.oldest.age"));
        Assert.Equal(["active=1", "paused=1", "disabled=0"], measured.Of("webhooks.hook.count"));
        Assert.Equal(["=0"], measured.Of("webhooks.delivery.in_flight"));
        Assert.Equal(["=0"], measured.Of("webhooks.detect.behind"));
    }

    [Fact]
    public async Task Changes_that_cannot_be_read_are_observed_as_unread()
    {
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        using var measured = new Measurements(_f.Telemetry);
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        await _f.WhenQuietAsync();
        _f.Log.IsBroken = true;
        _f.Log.Append();
        _f.Log.Append();
        Assert.Equal(["=2"], measured.Collect().Of("webhooks.detect.behind"));
    }

    [Fact]
    public async Task What_is_owed_is_read_at_most_once_a_second_however_many_ask()
    {
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url) with { Enabled = false });
        var reader = _f.Pipeline.Backlog!;
        var first = reader.Read();
        Assert.Same(first, reader.Read());
        _f.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotSame(first, reader.Read());
    }

    [Fact]
    public async Task What_is_owed_or_failed_is_read_from_indexes_that_hold_nothing_delivered()
    {
        await _f.StartAsync();
        await TestDatabase.FillAsync(_f.Database);
        foreach (var sql in new[] { BacklogReader.SelectOwed, SubscriptionFigures.SelectFailures })
        {
            var plan = _f.Database.Read(c => TestDatabase.PlanOf(c, sql));
            // And the one row of the oldest, by its id.
            Assert.Equal(
                sql == BacklogReader.SelectOwed ? ["delivery_blocked", "delivery_due", "delivery_held"] : ["delivery_failure"],
                TestDatabase.IndexesIn(plan).Where(index => index != "delivery_pkey"));
            Assert.False(TestDatabase.WalksThroughDeliveries(plan), string.Join('\n', plan));
        }
    }
}
