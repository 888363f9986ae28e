using System.Globalization;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Deliver;

public sealed class OrderTests : IAsyncLifetime
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
    public async Task Strict_everything_arrives_one_after_the_other()
    {
        var concurrent = new Concurrent(_receiver);
        await _f.StartAsync(Hook(DeliveryOrder.Strict));
        var stored = _f.WhenStored(150);
        var changes = Append(150);
        await stored;
        Assert.Equal(Ids(changes), _receiver.All.Select(r => r.Id));
        Assert.Equal(1, concurrent.Most);
    }

    [Fact]
    public async Task By_record_the_changes_of_each_arrive_in_order_and_records_do_not_wait_for_each_other()
    {
        var concurrent = new Concurrent(_receiver);
        await _f.StartAsync(Hook(DeliveryOrder.Record));
        var stored = _f.WhenStored(500);
        var changes = Append(500, record: i => (i * 7 % 20) + 1);
        await stored;
        foreach (var record in changes.GroupBy(change => change.Record!.Id))
            Assert.Equal(Ids(record), _receiver.All.Select(r => r.Id).Where(Ids(record).Contains));
        Assert.True(concurrent.Most > 1, "Nothing went at the same time.");
    }

    [Fact]
    public async Task A_failing_head_holds_its_stream_and_nothing_else()
    {
        await using var other = await Receiver.StartAsync(_f.Clock);
        Refuse(Changed(1));
        await _f.StartAsync(Hook(DeliveryOrder.Record), Hook(DeliveryOrder.Strict) with { Key = "strict", Label = "strict", Url = other.Url });
        // The first of record 1 fails; its second waits, record 2 does not, and neither does another hook.
        var stored = _f.WhenStored(5);
        var changes = Append(3, record: i => i == 1 ? 2 : 1);
        await stored;
        Assert.Equal(Ids([changes[0], changes[1]]).Order(), _receiver.All.Select(r => r.Id).Order());
        Assert.Equal(Ids(changes, subscription: 2), other.All.Select(r => r.Id));
        // What is blocked is not among what can be claimed.
        Assert.Equal("pending 0, waiting 1", _f.Query<string>(
            "SELECT string_agg(s, ', ') FROM (SELECT state || ' ' || count(due_at) AS s FROM delivery WHERE finished_at IS NULL GROUP BY state ORDER BY state) AS states"));
        _receiver.AnswerWith(204);
        stored = _f.WhenStored(2);
        _f.Clock.Advance(TimeSpan.FromSeconds(5));
        await stored;
        Assert.Equal(Ids([changes[0], changes[2]]), _receiver.All.Skip(2).Select(r => r.Id));
    }

    [Fact]
    public async Task After_an_exhausted_one_the_stream_goes_on_with_the_next()
    {
        Refuse(Changed(1));
        await _f.StartAsync(Hook(DeliveryOrder.Strict) with { Schedule = [TimeSpan.Zero, TimeSpan.FromSeconds(5)] });
        var stored = _f.WhenStored(1);
        var changes = Append(3);
        await stored;
        stored = _f.WhenStored(3);
        _f.Clock.Advance(TimeSpan.FromSeconds(5));
        await stored;
        Assert.Equal(Ids([changes[0], .. changes]), _receiver.All.Select(r => r.Id));
        Assert.Equal("exhausted delivered delivered", States());
    }

    [Fact]
    public async Task A_cancelled_head_lets_the_next_go()
    {
        Refuse(Changed(1));
        await _f.StartAsync(Hook(DeliveryOrder.Strict));
        var stored = _f.WhenStored(1);
        var changes = Append(3);
        await stored;
        stored = _f.WhenStored(2);
        Assert.IsType<ActionResult.Done>(await _f.Pipeline.CancelAsync(IdOf(1)));
        await stored;
        Assert.Equal(Ids(changes), _receiver.All.Select(r => r.Id));
        Assert.Equal("cancelled delivered delivered", States());
    }

    [Fact]
    public async Task A_resent_one_goes_before_what_waits_and_a_blocked_one_is_not_resent()
    {
        var stored = _f.WhenStored(2);
        Refuse(Changed(2));
        await _f.StartAsync(Hook(DeliveryOrder.Strict));
        var changes = Append(3);
        await stored;
        var history = new DeliveryHistory(_f.Database);
        Assert.Equal([null, null, IdOf(2)], history.ReadDeliveries(new DeliveryFilter { Limit = 10 }).Select(each => each.WaitsFor));
        Assert.Equal(new ActionResult.Blocked(IdOf(2)), await _f.Pipeline.ResendAsync(IdOf(3)));
        // Delivered already: it joins its stream again, blocked by the one that is open, and comes before the rest.
        Assert.IsType<ActionResult.Done>(await _f.Pipeline.ResendAsync(IdOf(1)));
        Assert.Equal("pending waiting pending", States());
        _receiver.AnswerWith(204);
        stored = _f.WhenStored(3);
        // The head again, now: as it is not the oldest any more, that one goes first.
        Assert.IsType<ActionResult.Done>(await _f.Pipeline.ResendAsync(IdOf(2)));
        await stored;
        Assert.Equal(Ids([changes[0], changes[1], changes[2]]), _receiver.All.Skip(2).Select(r => r.Id));
    }

    [Fact]
    public async Task What_came_while_it_was_paused_arrives_in_order_after_what_waited()
    {
        _receiver.AnswerWith(500);
        await _f.StartAsync(Hook(DeliveryOrder.Strict));
        var stored = _f.WhenStored(1);
        var changes = Append(10);
        await stored;
        await _f.WhenQuietAsync();
        await _f.Pipeline.Subscriptions!.PauseAsync(1, "Paused.", default);
        Assert.Equal(10, _f.Query<int>("SELECT count(*) FROM delivery WHERE state = 'held'"));
        changes.AddRange(Append(10));
        await _f.WhenQuietAsync();
        await _f.StopAsync();
        _receiver.AnswerWith(204);
        await _f.StartAsync(Hook(DeliveryOrder.Strict));
        stored = _f.WhenStored(25);
        await _f.Pipeline.Subscriptions!.ResumeAsync(1, default);
        changes.AddRange(Append(5));
        await stored;
        Assert.Equal(Ids(changes), _receiver.All.Skip(1).Select(r => r.Id));
    }

    [Fact]
    public async Task A_crash_repeats_the_head_alone()
    {
        using var arrived = new SemaphoreSlim(0);
        using var answer = new SemaphoreSlim(0);
        _receiver.Answer = async (_, context) =>
        {
            arrived.Release();
            await answer.WaitAsync();
            context.Response.StatusCode = 204;
        };
        await _f.StartAsync(Hook(DeliveryOrder.Strict));
        var changes = Append(20);
        await arrived.WaitAsync();
        await _f.Database.DisposeAsync(); // from here on nothing is stored any more
        answer.Release(100);
        await _f.Pipeline.DisposeAsync();
        Assert.Single(_receiver.All);

        var stored = _f.WhenStored(20);
        await _f.StartAsync(Hook(DeliveryOrder.Strict));
        await stored;
        Assert.Equal(Ids([changes[0], .. changes]), _receiver.All.Select(r => r.Id));
    }

    [Fact]
    public async Task Stopping_hands_nothing_on()
    {
        using var arrived = new SemaphoreSlim(0);
        using var answer = new SemaphoreSlim(0);
        _receiver.Answer = async (_, context) =>
        {
            arrived.Release();
            await answer.WaitAsync();
            context.Response.StatusCode = 204;
        };
        await _f.StartAsync(Hook(DeliveryOrder.Strict));
        Append(3);
        await arrived.WaitAsync();
        await UntilAsync(() => _f.Query<int>("SELECT count(*) FROM delivery") == 3);
        var stopping = _f.Pipeline.StopAsync(default);
        answer.Release(100);
        await stopping;
        Assert.Equal("delivered pending pending", States());
        Assert.Equal(1, _f.Query<int>("SELECT count(*) FROM delivery WHERE due_at IS NOT NULL"));
    }

    [Theory]
    [InlineData(DeliveryOrder.None, DeliveryOrder.Strict)]
    [InlineData(DeliveryOrder.None, DeliveryOrder.Record)]
    [InlineData(DeliveryOrder.Record, DeliveryOrder.Strict)]
    [InlineData(DeliveryOrder.Strict, DeliveryOrder.Record)]
    [InlineData(DeliveryOrder.Strict, DeliveryOrder.None)]
    internal async Task What_is_owed_already_is_put_into_a_new_order(DeliveryOrder former, DeliveryOrder order)
    {
        // Throttled: some were tried and wait, the rest lies in the lane or in the database.
        _receiver.AnswerWith(503);
        await _f.StartAsync(Hook(former));
        var changes = Append(200, record: i => (i % 5) + 1);
        await _receiver.WaitAsync();
        await UntilAsync(() => _f.Query<int>("SELECT count(*) FROM delivery") == 200 && _f.Query<int>("SELECT count(*) FROM attempt") == _receiver.All.Count && _f.Pipeline.Dispatcher!.InFlight == 0);
        var before = _receiver.All.Count;
        _receiver.AnswerWith(204);
        var concurrent = new Concurrent(_receiver);
        await _f.ChangeHooksAsync(Hook(order));
        await UntilAsync(() => _f.Query<int>("SELECT count(*) FROM delivery WHERE state = 'delivered'") == 200, TimeSpan.FromSeconds(1));
        var got = _receiver.All.Skip(before).Select(r => r.Id).ToList();
        Assert.Equal(200, got.Count);
        if (order == DeliveryOrder.Strict)
            Assert.Equal(Ids(changes), got);
        if (order == DeliveryOrder.Record)
            Assert.All(changes.GroupBy(change => change.Record!.Id), record => Assert.Equal(Ids(record), got.Where(Ids(record).Contains)));
        if (order == DeliveryOrder.Strict)
            Assert.Equal(1, concurrent.Most);
        Assert.Equal(0, _f.Query<int>("SELECT reorders FROM subscription"));
    }

    [Fact]
    public async Task A_blocked_one_is_not_sent_before_its_first_wait_is_over()
    {
        await _f.StartAsync(Hook(DeliveryOrder.Strict) with { Schedule = [TimeSpan.FromMinutes(1)] });
        var at = _f.Clock.GetUtcNow();
        _f.Log.Append(change => change with { OccurredAt = at });
        _f.Log.Append(change => change with { OccurredAt = at.AddSeconds(30) });
        await UntilAsync(() => _f.Query<int>("SELECT count(*) FROM delivery") == 2);
        await UntilAsync(() => _receiver.All.Count == 2, TimeSpan.FromSeconds(0.5));
        Assert.True(_receiver.All[0].At >= at.AddSeconds(60), "The first came early.");
        Assert.True(_receiver.All[1].At >= at.AddSeconds(90), "The second came early.");
    }

    // No attempt runs out of time while the clock is moved on in steps.
    private HookSettings Hook(DeliveryOrder order) => PipelineFixture.Hook(_receiver.Url) with { Order = order, Timeout = TimeSpan.FromDays(9) };

    private List<Change> Append(int count, Func<int, long>? record = null) =>
        [.. Enumerable.Range(0, count).Select(i => _f.Log.Append(change => record is null ? change : change with { Record = Changes.Record(record(i)) }))];

    private static string[] Ids(IEnumerable<Change> changes, int subscription = 1) => [.. changes.Select(change => $"msg_{change.Id:N}_{subscription}")];

    private static string Changed(long sequence) => string.Create(CultureInfo.InvariantCulture, $"\"sequence\":{sequence},");

    // Answers 400 to the message of one change: the receiver is well, and does not want it.
    private void Refuse(string words) => _receiver.Answer = (received, context) =>
    {
        context.Response.StatusCode = System.Text.Encoding.UTF8.GetString(received.Body).Contains(words, StringComparison.Ordinal) ? 400 : 204;
        return Task.CompletedTask;
    };

    // For what has no signal.
    private async Task UntilAsync(Func<bool> condition, TimeSpan step = default)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 3000, "It took too long.");
            _f.Clock.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private string States() => _f.Query<string>("SELECT string_agg(state, ' ' ORDER BY change_sequence) FROM delivery");

    private long IdOf(long sequence) => _f.Query<long>($"SELECT id FROM delivery WHERE change_sequence = {sequence}");

    // Counts how many requests there are at the same time.
    private sealed class Concurrent
    {
        private int _now;
        private int _most;

        public Concurrent(Receiver receiver)
        {
            var answer = receiver.Answer;
            receiver.Answer = async (received, context) =>
            {
                var now = Interlocked.Increment(ref _now);
                InterlockedMax(now);
                await Task.Yield();
                await answer(received, context);
                Interlocked.Decrement(ref _now);
            };
        }

        public int Most => _most;

        private void InterlockedMax(int value)
        {
            for (var seen = _most; seen < value; seen = _most)
                Interlocked.CompareExchange(ref _most, value, seen);
        }
    }
}
