using Dam.Hosting;
using Npgsql;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Detect;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Nodes;
using Plugin.Tests.Deliver;
using Tests.Postgres;

namespace Plugin.Tests.Nodes;

/// <summary>What one node changes of subscriptions holds for the others from then on.</summary>
[Trait("Storage", "nodes")]
public sealed class ChangedElsewhereTests : IAsyncLifetime
{
    private readonly Cluster _cluster = new();
    private Receiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync(TimeProvider.System);

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)] // Such a batch would be passed over.
    public async Task A_hook_that_another_node_has_made_is_owed_the_next_change(bool isWantedByOthers)
    {
        var known = Hook("known") with { Rules = new StandardRules(new HashSet<ChangeKind>(isWantedByOthers ? Enum.GetValues<ChangeKind>() : [])) };
        var node = await _cluster.AddAsync(known);
        await Cluster.UntilAsync(() => _cluster.ReadLanes().Count == 1, "the node serves");
        await WhenLooked(node);

        // By this the other node has answered; this one knows nothing of it before its next look.
        node.Settings = node.Settings with { Hooks = [known, Hook("made")] };
        _cluster.Execute("SET search_path TO api_webhooks; INSERT INTO subscription (key, label, state, starts_after, created_at) VALUES ('made', 'made', 'active', 0, 0)");
        _cluster.Log.Append();

        await _receiver.WaitAsync(isWantedByOthers ? 2 : 1);
        Assert.Contains("/made", _receiver.All.Select(each => each.Path));
    }

    [PostgresFact]
    public async Task A_subscription_deleted_at_one_node_is_not_sent_any_more_by_the_one_that_serves_it()
    {
        // One is sent; the others wait in hand.
        _cluster.Settings = _cluster.Settings with { Delivery = _cluster.Settings.Delivery with { ConcurrencyPerHook = 1 } };
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = (_, _) => answer.Task;
        PipelineFixture[] nodes = [await _cluster.AddAsync(Hook("hook")), await _cluster.AddAsync(Hook("hook"))];
        await Cluster.UntilAsync(
            () => nodes[0].Pipeline.Nodes is { Count: 2 } all && _cluster.ReadLanes().GetValueOrDefault(1) == Preference.Of(1, [.. all.Select(node => node.Id)]),
            "the hook is with the node that is to have it");
        for (var i = 0; i < 5; i++)
            _cluster.Log.Append();
        await _receiver.WaitAsync();
        var isFirst = _cluster.ReadLanes()[1] == nodes[0].Pipeline.Nodes[0].Id;
        var (serving, other) = isFirst ? (nodes[0], nodes[1]) : (nodes[1], nodes[0]);
        await Cluster.UntilAsync(() => other.Query<long>("SELECT count(*) FROM delivery WHERE state = 'in_flight'") == 5, "all are in hand");

        serving.Settings = serving.Settings with { Hooks = [] };
        await other.ChangeHooksAsync();
        await other.Pipeline.Subscriptions!.ForgetAsync("hook", CancellationToken.None);
        await Cluster.UntilAsync(() => serving.Pipeline.Subscriptions!.Current.Count == 0, "the serving node knows");
        await serving.ChangeHooksAsync();
        answer.SetResult();

        await Cluster.UntilAsync(() => !serving.Pipeline.Dispatcher!.IsBusyWith(1), "nothing is in hand");
        Assert.Single(_receiver.All);
        await Cluster.UntilAsync(() => other.Query<long>("SELECT count(*) FROM delivery WHERE state NOT IN ('delivered', 'cancelled')") == 0, other.Query<string>("SELECT string_agg(state, ' ') FROM delivery"));
    }

    [PostgresFact]
    public async Task While_a_long_list_is_held_another_node_may_change_subscriptions()
    {
        _cluster.Settings = _cluster.Settings with { Delivery = _cluster.Settings.Delivery with { Schedule = [TimeSpan.Zero, TimeSpan.FromHours(1)] } };
        _receiver.AnswerWith(500);
        var node = await _cluster.AddAsync(Hook("hook"));
        _cluster.Log.Append();
        await Cluster.UntilAsync(() => node.Query<long>("SELECT count(*) FROM delivery WHERE state = 'waiting'") == 1, "one waits");

        // The list is as long as the row is locked.
        await using var outside = _cluster.Connect();
        await using var transaction = await outside.BeginTransactionAsync();
        await RunAsync(outside, "SELECT id FROM api_webhooks.delivery FOR UPDATE");
        var pausing = node.Pipeline.Subscriptions!.PauseAsync(1, "For a test.", CancellationToken.None);
        await using var another = _cluster.Connect();
        await using var asking = _cluster.Connect();
        await Cluster.UntilAsync(
            () => Scalar<long>(asking, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%held%' AND datname = current_database()") > 0, "it is being held");
        Assert.True(Scalar<bool>(another, "SELECT pg_try_advisory_lock(4017102003)"), "The other nodes have to wait.");

        await transaction.RollbackAsync();
        Assert.True(await pausing);
        Assert.Equal(1, node.Query<long>("SELECT count(*) FROM delivery WHERE state = 'held'"));
    }

    [PostgresFact]
    public async Task Of_nodes_with_different_files_the_one_that_read_its_own_last_has_the_word()
    {
        var (old, fresh) = (Hook("old"), Hook("fresh"));
        var former = await _cluster.AddAsync(old);
        await WhenLooked(former);
        var looked = WhenLooked(former);
        var later = await _cluster.AddAsync(old, fresh);
        await looked;
        for (var i = 0; i < 10; i++)
            _cluster.Log.Append();
        await Cluster.UntilAsync(() => later.Query<long>("SELECT count(*) FROM delivery") == 20, "all is owed");
        Assert.Equal(2, later.Query<long>("SELECT count(*) FROM subscription WHERE state = 'active'"));

        await former.ChangeHooksAsync(old, fresh);
        await _receiver.WaitAsync(20);

        await later.ChangeHooksAsync(old);
        await Cluster.UntilAsync(() => former.Pipeline.Subscriptions!.Current.Count == 1, "the other follows");
        Assert.Equal("removed", later.Query<string>("SELECT state FROM subscription WHERE key = 'fresh'"));
        await later.ChangeHooksAsync(old, fresh);
        await Cluster.UntilAsync(() => former.Pipeline.Subscriptions!.Current.Count == 2, "the other follows");
    }

    // Each look that finds something changed brings the subscriptions in step, and so does the first.
    private static Task WhenLooked(PipelineFixture node)
    {
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Pipeline.Subscriptions!.Changed += _ => looked.TrySetResult();
        return looked.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static T Scalar<T>(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return (T)command.ExecuteScalar()!;
    }

    private HookSettings Hook(string key) => PipelineFixture.Hook($"{_receiver.Url}/{key}", key);
}
