using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Plugin.ApiWebhooks.Nodes;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;
using Tests.Postgres;

namespace Plugin.Tests.Nodes;

/// <summary>The share of one node beside others, whatever those that follow it do.</summary>
[Trait("Storage", "nodes")]
public sealed class PostgresShareTests : IAsyncLifetime
{
    private static readonly long[] Lanes = [1, 2, 3];

    private readonly string _connection = PostgresServer.NewDatabase();
    private readonly Work _work = new();
    private PostgresEngine _engine = null!;
    private PluginDatabase _database = null!;
    private PostgresShare _share = null!;
    private NodeTable _table = null!;
    private long _node;
    private bool _hasLeft;

    public async Task InitializeAsync()
    {
        _database = PluginDatabase.Open(_engine = new PostgresEngine(_connection));
        _node = (await DeliveryQueue.OpenAsync(_database, TimeProvider.System)).Session;
        _table = new NodeTable(_engine, _node);
        _share = new PostgresShare(_table, new NodeNews(_engine, _node, NullLogger<NodeNews>.Instance), _node, () => "", NullLogger<PostgresShare>.Instance);
    }

    public async Task DisposeAsync()
    {
        _work.Ends.TrySetResult();
        if (!_hasLeft)
            await _share.DisposeAsync();
        await _database.DisposeAsync();
    }

    [PostgresFact]
    public async Task What_follows_a_look_and_hangs_does_not_cost_the_lease()
    {
        await _share.StartAsync(_work);
        await _work.Follows.Task.WaitAsync(TimeSpan.FromSeconds(20));
        for (var times = 0; times < 2; times++)
        {
            var until = Read("SELECT alive_until FROM node");
            await Cluster.UntilAsync(() => Read("SELECT alive_until FROM node") > until, "the lease is renewed", 20);
        }
    }

    [PostgresFact]
    public async Task What_follows_a_look_and_fails_while_the_node_stops_does_not_keep_it_from_leaving()
    {
        await _share.StartAsync(_work);
        await _work.Follows.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var stops = _share.DisposeAsync().AsTask();
        _work.Ends.SetException(new InvalidOperationException("For a test."));
        await stops;
        _hasLeft = true;
        Assert.Equal(0, Read("SELECT count(*) FROM node"));
    }

    [PostgresFact]
    public async Task A_node_that_was_taken_for_dead_does_not_keep_what_another_takes_at_that_moment()
    {
        _work.Ends.SetResult();
        Execute($"INSERT INTO node (id, name, config, started_at, alive_until) VALUES ({_node + 1}, 'other', '', 0, now_ms() + 3600000)");
        var lane = Enumerable.Range(1, 100).Select(id => (long)id).First(id => Preference.Of(id, [_node, _node + 1]) == _node);
        await _share.StartAsync(_work);
        await _share.WantAsync([lane], CancellationToken.None);
        Assert.True(_share.Has(lane));

        await using (var other = await OpenAsync())
        await using (var taking = await other.BeginTransactionAsync())
        {
            await using (var command = new NpgsqlCommand($"UPDATE lane SET node_id = {_node + 1}", other, taking))
                await command.ExecuteNonQueryAsync();
            _work.Served.Clear();
            // The next time it renews its row, that is gone; for this once.
            Execute("CREATE TABLE dies AS SELECT 1 AS once");
            Execute("""
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    DELETE FROM dies;
                    IF NOT FOUND THEN
                        RETURN NEW;
                    END IF;
                    DELETE FROM node WHERE id = OLD.id;
                    RETURN NULL;
                END
                $$
                """);
            Execute("CREATE TRIGGER die BEFORE UPDATE ON node FOR EACH ROW EXECUTE FUNCTION die()");
            await Cluster.UntilAsync(
                () => !_work.Served.IsEmpty || Read("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()") > 0, "the node comes back");
            await taking.CommitAsync();
        }
        await Cluster.UntilAsync(() => Read($"SELECT count(*) FROM node WHERE id = {_node}") == 1 && !_share.Has(lane), "the node knows that it is another's", 15);
        Assert.Equal(_node + 1, Read("SELECT node_id FROM lane"));
    }

    [PostgresFact]
    public async Task What_is_taken_again_while_the_node_still_stops_serving_it_is_served()
    {
        _work.Ends.SetResult();
        await _share.StartAsync(_work);
        await _share.WantAsync(Lanes, CancellationToken.None);
        await Cluster.UntilAsync(() => Read("SELECT count(*) FROM lane") == 3, "the share is taken");
        var (stops, stopped) = (new TaskCompletionSource(), new ManualResetEventSlim());
        _work.Stopping = () =>
        {
            stops.SetResult();
            Assert.True(stopped.Wait(TimeSpan.FromSeconds(60)));
        };
        await using (var outside = await OpenAsync())
        await using (var locking = await outside.BeginTransactionAsync())
        {
            await using (var command = new NpgsqlCommand("LOCK TABLE node IN ACCESS EXCLUSIVE MODE", outside, locking))
                await command.ExecuteNonQueryAsync();
            await stops.Task.WaitAsync(TimeSpan.FromSeconds(30));
            _work.Served.Clear();
        }
        await Cluster.UntilAsync(() => !_work.Served.IsEmpty, "it is served again");
        _work.Served.Clear();
        stopped.Set();
        await Cluster.UntilAsync(() => _work.Served.Any(each => each.Order().SequenceEqual(Lanes)), "it is served after it was stopped", 15);
    }

    [PostgresFact]
    public void Whatever_can_be_claimed_is_found_without_a_hint()
    {
        Execute("INSERT INTO message (change_sequence, change_id, kind, occurred_at, created_at, content_type, body) VALUES (1, '0', 'record.inserted', 0, 0, 't', '')");
        Add(1, "pending", "0", "NULL");
        Add(2, "pending", "NULL", "NULL"); // behind another of its stream
        Add(3, "waiting", "now_ms() - 1", "NULL");
        Add(4, "waiting", "now_ms() + 60000", "NULL");
        Add(5, "in_flight", "now_ms() - 1", $"({_node + 1}::bigint << 32) | 1");
        Add(6, "in_flight", "now_ms() + 60000", $"({_node + 1}::bigint << 32) | 2");
        Add(7, "in_flight", "now_ms() - 1", $"({_node}::bigint << 32) | 1");
        Assert.Equal([1L, 3, 5], _table.FindClaimable([1, 2, 3, 4, 5, 6, 7]).Order());

        void Add(long subscription, string state, string dueAt, string token) => Execute(
            $"INSERT INTO delivery (id, message_id, state, due_at, lease_token, created_at) SELECT (1 << 20) | {subscription}, max(id), '{state}', {dueAt}, {token}, 0 FROM message");
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_connection) { SearchPath = PostgresEngine.Schema }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private void Execute(string sql) => _ = Run(sql);

    private long Read(string sql) => Assert.IsType<long>(Run(sql));

    private object? Run(string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_connection) { SearchPath = PostgresEngine.Schema }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    /// <summary>What follows the share: says what it is asked for, and reads settings again for as long as the test wants.</summary>
    private sealed class Work : INodeWork
    {
        public TaskCompletionSource Follows { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ends { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<IReadOnlyCollection<long>> Served { get; } = [];

        public Action? Stopping { get; set; }

        public Task ServeAgainAsync(IReadOnlyCollection<long> subscriptionIds)
        {
            Served.Enqueue(subscriptionIds);
            return Task.CompletedTask;
        }

        public void StopServing(IReadOnlyCollection<long> subscriptionIds) => Stopping?.Invoke();

        public bool IsBusyWith(long subscriptionId) => false;

        public void Hear(IReadOnlyCollection<long> subscriptionIds)
        {
        }

        public Task ReadAgainAsync()
        {
            Follows.TrySetResult();
            return Ends.Task;
        }

        public void WakeReplays()
        {
        }

        public void CountRefusals()
        {
        }

        public void NoteOthers()
        {
        }
    }
}
