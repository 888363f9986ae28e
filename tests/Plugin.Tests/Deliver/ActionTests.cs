using Dam.Hosting;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.Tests.Deliver;

public sealed class ActionTests : IAsyncLifetime
{
    // What the first subscription is owed for the first change.
    private static readonly long First = DeliveryId.Of(1, 1);

    private readonly PipelineFixture _f = new();
    private Receiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync(_f.Clock);

    public async Task DisposeAsync()
    {
        await _f.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Resending_a_delivered_one_sends_the_same_bytes_under_the_same_id()
    {
        await DeliverOneAsync(200);
        var stored = _f.WhenStored(1);
        Assert.IsType<ActionResult.Done>(await _f.Pipeline.ResendAsync(First));
        await stored;
        Assert.Equal(2, _receiver.All.Count);
        Assert.Equal(_receiver.All[0].Id, _receiver.All[1].Id);
        Assert.Equal(_receiver.All[0].Body, _receiver.All[1].Body);
        Assert.Equal(2, _f.Query<int>("SELECT count(*) FROM attempt"));
    }

    [Fact]
    public async Task Resending_one_that_waits_is_its_next_attempt_and_forks_nothing()
    {
        await DeliverOneAsync(500);
        var stored = _f.WhenStored(1);
        await _f.Pipeline.ResendAsync(First);
        await stored;
        Assert.Equal("waiting 2", _f.Query<string>("SELECT state || ' ' || attempts FROM delivery"));
        Assert.Equal(300_000, _f.Query<long>("SELECT due_at FROM delivery") - _f.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        // The time at which the first retry was due brings nothing.
        _f.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, _receiver.All.Count);
    }

    [Fact]
    public async Task Resending_an_exhausted_one_that_fails_again_goes_on_by_the_schedule()
    {
        _receiver.AnswerWith(500);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url) with { Schedule = [TimeSpan.Zero, TimeSpan.FromSeconds(5)] });
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        stored = _f.WhenStored(1);
        _f.Clock.Advance(TimeSpan.FromSeconds(5));
        await stored;
        Assert.Equal("exhausted", _f.Query<string>("SELECT state FROM delivery"));
        stored = _f.WhenStored(1);
        await _f.Pipeline.ResendAsync(First);
        await stored;
        Assert.Equal("waiting 1", _f.Query<string>("SELECT state || ' ' || attempts FROM delivery"));
        stored = _f.WhenStored(1);
        _f.Clock.Advance(TimeSpan.FromSeconds(5));
        await stored;
        Assert.Equal("exhausted 4", _f.Query<string>("SELECT state || ' ' || (SELECT count(*) FROM attempt) FROM delivery"));
    }

    [Fact]
    public async Task What_is_resent_while_its_subscription_is_paused_is_held()
    {
        await DeliverOneAsync(200);
        await _f.Pipeline.Subscriptions!.PauseAsync(1, "Paused.", default);
        Assert.Equal(new ActionResult.Done(1, IsServed: false), await _f.Pipeline.ResendAsync(First));
        Assert.Equal("held", _f.Query<string>("SELECT state FROM delivery"));
        var stored = _f.WhenStored(1);
        await _f.Pipeline.Subscriptions.ResumeAsync(1, default);
        await stored;
        Assert.Equal(2, _receiver.All.Count);
    }

    [Fact]
    public async Task A_cancelled_one_is_not_sent_any_more()
    {
        await DeliverOneAsync(500);
        Assert.IsType<ActionResult.Done>(await _f.Pipeline.CancelAsync(First));
        _f.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Single(_receiver.All);
        Assert.Equal(new ActionResult.NotNow(DeliveryState.Cancelled), await _f.Pipeline.CancelAsync(First));
        Assert.IsType<ActionResult.NotFound>(await _f.Pipeline.ResendAsync(99));
    }

    [Fact]
    public async Task A_receivers_own_changes_are_not_sent_back_to_it()
    {
        var hook = PipelineFixture.Hook(_receiver.Url) with { ApiKeyName = "cms-sync" };
        await _f.StartAsync(hook, PipelineFixture.Hook(_receiver.Url + "/all", "all") with { ApiKeyName = "cms-sync", SendOwnChanges = true });
        var stored = _f.WhenStored(3);
        var own = _f.Log.Append(c => c with { Via = ChangeOrigin.Api, Actor = new Actor("editor", "cms-sync") });
        var other = _f.Log.Append(c => c with { Via = ChangeOrigin.Api, Actor = new Actor("editor", "another") });
        await stored;
        Assert.Equal([$"msg_{other.Id:N}_1"], _receiver.All.Where(r => r.Path == "/").Select(r => r.Id));
        Assert.Equal(new[] { $"msg_{own.Id:N}_2", $"msg_{other.Id:N}_2" }.Order(), _receiver.All.Where(r => r.Path == "/all").Select(r => r.Id).Order());
    }

    private async Task DeliverOneAsync(int status)
    {
        _receiver.AnswerWith(status);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
    }
}
