using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Nodes;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Replay;
using Plugin.Tests.Deliver;
using Tests.Postgres;

namespace Plugin.Tests.Nodes;

/// <summary>Several nodes share the work of one database: each subscription is served by one of them, and by another when that one is gone.</summary>
[Trait("Storage", "nodes")]
public sealed class NodesTests : IAsyncLifetime
{
    private readonly Cluster _cluster = new();
    private Receiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync(TimeProvider.System);

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [PostgresFact]
    public async Task Each_subscription_is_served_by_one_node_and_every_change_arrives_once_at_each()
    {
        var hooks = Hooks(16);
        var (first, second) = (await _cluster.AddAsync(hooks), await _cluster.AddAsync(hooks));
        await SharedAsync(16, 2);
        var (byFirst, bySecond) = (0, 0);
        first.Stored += ends => Interlocked.Add(ref byFirst, ends.Count);
        second.Stored += ends => Interlocked.Add(ref bySecond, ends.Count);

        for (var i = 0; i < 20; i++)
            _cluster.Log.Append();
        await _receiver.WaitAsync(16 * 20);
        await Cluster.UntilAsync(() => Volatile.Read(ref byFirst) + Volatile.Read(ref bySecond) == 16 * 20, "all ends are stored");

        Assert.Equal(16 * 20, _receiver.All.Select(each => each.Id).Distinct().Count());
        Assert.InRange(Volatile.Read(ref byFirst), 20, 15 * 20);
        Assert.Equal(0L, first.Query<long>("SELECT count(*) FROM delivery WHERE state <> 'delivered'"));
    }

    [PostgresFact]
    public async Task A_node_that_leaves_gives_its_share_at_once()
    {
        var hooks = Hooks(8);
        var first = await _cluster.AddAsync(hooks);
        await _cluster.AddAsync(hooks);
        await SharedAsync(8, 2);

        await first.StopAsync();
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        await SharedAsync(8, 1);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < PostgresShare.Lease, "It was waited for the end of a lease.");
        _cluster.Log.Append();
        await _receiver.WaitAsync(8);
    }

    [PostgresFact]
    public async Task A_share_that_was_taken_in_a_look_that_failed_is_served_all_the_same()
    {
        var hooks = Hooks(8);
        var first = await _cluster.AddAsync(hooks);
        await _cluster.AddAsync(hooks);
        await SharedAsync(8, 2);
        // What a look asks last: by then the share of the node that leaves is taken.
        _cluster.Execute("ALTER TABLE api_webhooks.shared_version RENAME TO hidden_version");
        await first.StopAsync();
        await SharedAsync(8, 1);
        await Cluster.UntilAsync(() => _cluster.Nodes[1].Pipeline.GetOwnFaults().Count > 0, "the fault is told");
        _cluster.Execute("ALTER TABLE api_webhooks.hidden_version RENAME TO shared_version");

        _cluster.Log.Append();
        await _receiver.WaitAsync(8);
    }

    [PostgresFact]
    public async Task A_node_that_is_cut_off_loses_its_share_and_cannot_overwrite_what_others_did()
    {
        var hooks = Hooks(8);
        var (first, second) = (await _cluster.AddAsync(hooks), await _cluster.AddAsync(hooks));
        await SharedAsync(8, 2);
        // Both hold attempts in hand, and the first node cannot store how its own end.
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = async (_, context) =>
        {
            await answer.Task;
            context.Response.StatusCode = 500;
        };
        _cluster.Log.Append();
        await _receiver.WaitAsync(8);
        _cluster.WayOf(0).Cut();
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        await SharedAsync(8, 1);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began), TimeSpan.Zero, PostgresShare.Lease + PostgresShare.Look + TimeSpan.FromSeconds(3));

        // The other node sends what the first had in hand again: a duplicate at worst, and it arrives.
        _receiver.AnswerWith(204);
        await Cluster.UntilAsync(() => second.Query<long>("SELECT count(*) FROM delivery WHERE state = 'delivered'") > 0, "the other node has delivered");
        answer.SetResult();
        await Cluster.UntilAsync(() => second.Query<long>("SELECT count(*) FROM delivery WHERE state <> 'delivered'") == 0, "all is delivered");

        // What failed at the first node, as it saw it, is told and changes nothing.
        _cluster.WayOf(0).Heal();
        await SharedAsync(8, 2);
        await Cluster.UntilAsync(() => second.Query<long>("SELECT count(*) FROM attempt WHERE outcome <> 'Succeeded'") > 0, "the attempts of the first node are recorded");
        Assert.Equal(0L, second.Query<long>("SELECT count(*) FROM delivery WHERE state <> 'delivered'"));
        Assert.Equal(8, _receiver.All.Select(each => each.Id).Distinct().Count());
        _cluster.Log.Append();
        await Cluster.UntilAsync(() => second.Query<long>("SELECT count(*) FROM delivery WHERE state = 'delivered'") == 16, "both go on");
        Assert.Null(first.Pipeline.Nodes.Count == 2 ? null : "The first node is not back.");
    }

    [PostgresFact]
    public async Task Order_holds_across_nodes_while_they_come_and_go()
    {
        HookSettings[] hooks = [.. Hooks(4).Select(hook => hook with { Order = DeliveryOrder.Strict })];
        await _cluster.AddAsync(hooks);
        for (var i = 0; i < 30; i++)
            _cluster.Log.Append();
        var second = await _cluster.AddAsync(hooks);
        for (var i = 0; i < 30; i++)
            _cluster.Log.Append();
        await SharedAsync(4, 2);
        await _cluster.Nodes[0].StopAsync();
        for (var i = 0; i < 30; i++)
            _cluster.Log.Append();
        await Cluster.UntilAsync(() => second.Query<long>("SELECT count(*) FROM delivery WHERE state = 'delivered'") == 4 * 90, "all is delivered");

        foreach (var arrived in _receiver.All.GroupBy(each => each.Path))
        {
            var sequence = arrived.Select(each => each.Id).Distinct().ToList();
            Assert.Equal(_cluster.Log.All.Select(change => change.Id.ToString("N")), sequence.Select(id => id.Split('_')[1]));
        }
    }

    [PostgresFact]
    public async Task A_rate_limit_is_the_subscriptions_whatever_the_number_of_nodes()
    {
        var hook = Hooks(1)[0] with { Rate = new RateLimit(4, 1) };
        var first = await _cluster.AddAsync(hook);
        await _cluster.AddAsync(hook);
        await Cluster.UntilAsync(
            () => first.Pipeline.Nodes is { Count: 2 } nodes && _cluster.ReadLanes().GetValueOrDefault(1) == Preference.Of(1, [.. nodes.Select(node => node.Id)]),
            "the hook is with the node that is to have it");
        // The first connects, and is slow.
        _cluster.Log.Append();
        await _receiver.WaitAsync(1);
        await Cluster.UntilAsync(() => first.Query<long>("SELECT count(*) FROM delivery WHERE state = 'delivered'") == 1, "the first is stored");
        for (var i = 0; i < 12; i++)
            _cluster.Log.Append();
        await _receiver.WaitAsync(12);

        var times = _receiver.All.Select(each => each.At).Order().Skip(1).ToList();
        Assert.True(times[^1] - times[0] > TimeSpan.FromSeconds(2.3), $"12 at 4 a second came within {times[^1] - times[0]}.");
    }

    [PostgresFact]
    public async Task What_is_paused_at_one_node_is_held_by_all_and_resumed_by_any()
    {
        var hooks = Hooks(6);
        var (first, second) = (await _cluster.AddAsync(hooks), await _cluster.AddAsync(hooks));
        await SharedAsync(6, 2);
        foreach (var subscriber in first.Pipeline.Subscriptions!.Current)
            Assert.True(await first.Pipeline.Subscriptions.PauseAsync(subscriber.SubscriptionId, "For a test.", CancellationToken.None));
        await Cluster.UntilAsync(() => second.Pipeline.Subscriptions!.Current.All(each => !each.IsServed), "the other node knows");
        _cluster.Log.Append();
        await Cluster.UntilAsync(() => first.Query<long>("SELECT count(*) FROM delivery WHERE state = 'held'") == 6, "all is held");
        Assert.Empty(_receiver.All);

        foreach (var subscriber in second.Pipeline.Subscriptions!.Current)
            Assert.True(await second.Pipeline.Subscriptions.ResumeAsync(subscriber.SubscriptionId, CancellationToken.None));
        await _receiver.WaitAsync(6);
    }

    [PostgresFact]
    public async Task A_replay_asked_for_at_one_node_is_run_by_the_one_that_serves()
    {
        var hooks = Hooks(4);
        var first = await _cluster.AddAsync(hooks);
        for (var i = 0; i < 5; i++)
            _cluster.Log.Append();
        await _receiver.WaitAsync(20);
        await _cluster.AddAsync(hooks);
        await SharedAsync(4, 2);
        await Cluster.UntilAsync(() => first.Query<long>("SELECT count(*) FROM delivery WHERE state = 'delivered'") == 20, "all is stored");

        foreach (var subscriber in first.Pipeline.Subscriptions!.Current)
            Assert.NotNull(await first.Pipeline.Replays!.BeginAsync(subscriber.SubscriptionId, new ReplayRequest(ReplayWhich.All) { After = 0 }, CancellationToken.None));
        await _receiver.WaitAsync(20);
        await Cluster.UntilAsync(() => first.Query<long>("SELECT count(*) FROM replay WHERE state = 'done'") == 4, "all replays are done");
    }

    [PostgresFact]
    public async Task Nodes_with_different_configurations_tell_so_by_name_until_they_are_equal()
    {
        var (first, second) = (await _cluster.AddAsync(Hooks(1)), await _cluster.AddAsync(Hooks(1)));
        await Cluster.UntilAsync(() => first.Pipeline.Nodes.Count == 2, "both nodes know of each other");
        second.ConfigMark = "another";
        await Cluster.UntilAsync(() => first.Pipeline.GetOwnFaults().Any(fault => fault.Message.Contains("Not all nodes have the same config.json", StringComparison.Ordinal)), "it is told");
        first.ConfigMark = "another";
        await Cluster.UntilAsync(() => first.Pipeline.GetOwnFaults().Count == 0 && second.Pipeline.GetOwnFaults().Count == 0, "it is over");
    }

    [PostgresFact]
    public async Task What_a_node_that_died_had_in_hand_is_taken_over_in_one_write_whatever_the_number_of_subscriptions()
    {
        const int Count = 300;
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = async (_, context) =>
        {
            await answer.Task;
            context.Response.StatusCode = 204;
        };
        var hooks = Hooks(Count);
        var (_, second) = (await _cluster.AddAsync(hooks), await _cluster.AddAsync(hooks));
        await SharedAsync(Count, 2);
        var dies = _cluster.ReadLanes().Values.Min();
        _cluster.Log.Append();
        await Cluster.UntilAsync(() => second.Query<long>("SELECT count(*) FROM delivery WHERE state = 'in_flight'") == Count, "all is in hand");
        var inHand = second.Query<long>($"SELECT count(*) FROM delivery WHERE lease_token >> 32 = {dies}");
        _cluster.Execute("CREATE TABLE api_webhooks.freed (session bigint, written_by text)");
        _cluster.Execute("""
            CREATE FUNCTION api_webhooks.note_freed() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO api_webhooks.freed VALUES (OLD.lease_token >> 32, pg_current_xact_id()::text);
                RETURN NULL;
            END
            $$
            """);
        _cluster.Execute("""
            CREATE TRIGGER note_freed AFTER UPDATE ON api_webhooks.delivery
            FOR EACH ROW WHEN (OLD.state = 'in_flight' AND NEW.state = 'pending') EXECUTE FUNCTION api_webhooks.note_freed()
            """);

        _cluster.WayOf(0).Cut();
        _cluster.Execute($"DELETE FROM api_webhooks.node WHERE id = {dies}");
        await Cluster.UntilAsync(() => second.Query<long>($"SELECT count(*) FROM freed WHERE session = {dies}") == inHand, "all is taken over");
        Assert.InRange(inHand, Count / 4, Count);
        Assert.Equal(1L, second.Query<long>($"SELECT count(DISTINCT written_by) FROM freed WHERE session = {dies}"));
        answer.SetResult();
        await Cluster.UntilAsync(() => second.Query<long>("SELECT count(*) FROM delivery WHERE state = 'delivered'") == Count, "all is delivered");
    }

    private HookSettings[] Hooks(int count) => [.. Enumerable.Range(1, count).Select(number => PipelineFixture.Hook($"{_receiver.Url}/{number}", $"hook{number}"))];

    private Task SharedAsync(int lanes, int nodes) => Cluster.UntilAsync(
        () => _cluster.ReadLanes() is var shared && shared.Count == lanes && shared.Values.Distinct().Count() == nodes, $"{nodes} nodes share {lanes} subscriptions");
}
