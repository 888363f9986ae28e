using System.Globalization;
using Npgsql;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Nodes;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.Tests.Deliver;
using Tests.Postgres;

namespace Plugin.Tests.Nodes;

/// <summary>The plugin while its PostgreSQL restarts, fails over, or cannot be reached: it waits within bounds, says what is wrong, and goes on by itself. Nothing is lost.</summary>
[Trait("Storage", "nodes")]
public sealed class DatabaseAwayTests : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _open = [];
    private PostgresServer? _server;
    private Receiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync(TimeProvider.System);

    public async Task DisposeAsync()
    {
        foreach (var open in _open)
            await open.DisposeAsync();
        await _receiver.DisposeAsync();
        _server?.Dispose();
    }

    [PostgresTheory]
    [InlineData(StopMode.Fast)]
    [InlineData(StopMode.Immediate)]
    public async Task A_restart_of_the_server_costs_a_duplicate_at_worst(StopMode mode)
    {
        _server = new PostgresServer();
        var node = await StartAsync(_server.AddDatabase(), Hooks(3));
        for (var i = 0; i < 200; i++)
            node.Log.Append();
        await _receiver.WaitAsync(50);
        _server.Stop(mode);
        for (var i = 0; i < 100; i++)
            node.Log.Append();
        await Cluster.UntilAsync(() => node.Pipeline.GetOwnFaults().Count > 0, "the fault is told");
        _server.Start();

        await Cluster.UntilAsync(() => Delivered(node) == 900, "all is delivered", 90);
        await Cluster.UntilAsync(() => node.Pipeline.GetOwnFaults().Count == 0, "the fault is over");
        Assert.Equal(900, _receiver.All.Select(each => each.Id).Distinct().Count());
        Assert.Equal(900L, node.Query<long>("SELECT count(*) FROM delivery WHERE state = 'delivered'"));
    }

    [PostgresFact]
    public async Task After_a_failover_the_promoted_standby_goes_on()
    {
        _server = new PostgresServer();
        var connection = _server.AddDatabase();
        using var standby = _server.AddStandby(synchronous: false);
        var way = new Relay(_server.Port);
        _open.Add(way);
        var node = await StartAsync(new NpgsqlConnectionStringBuilder(connection) { Port = way.Port }.ConnectionString, Hooks(3));
        for (var i = 0; i < 50; i++)
            node.Log.Append();
        await Cluster.UntilAsync(() => Delivered(node) == 150, "all is delivered");
        // What is not there yet when the server dies is read again from the host's change log, with the same ids.
        _server.Stop(StopMode.Immediate);
        standby.Promote();
        way.LeadTo(standby.Port);
        for (var i = 0; i < 50; i++)
            node.Log.Append();
        await Cluster.UntilAsync(() => Delivered(node) == 300, "the standby holds what came after it was promoted", 90);
        Assert.Equal(300, _receiver.All.Select(each => each.Id).Distinct().Count());
    }

    [PostgresFact]
    public async Task A_network_that_freezes_is_noticed_in_time_and_work_goes_on_when_it_heals()
    {
        var connection = PostgresServer.NewDatabase();
        var way = new Relay(new NpgsqlConnectionStringBuilder(connection).Port);
        _open.Add(way);
        var node = await StartAsync(new NpgsqlConnectionStringBuilder(connection) { Port = way.Port }.ConnectionString, Hooks(3));
        node.Log.Append();
        await _receiver.WaitAsync(3);
        way.Freeze();
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        await Cluster.UntilAsync(() => node.Pipeline.GetOwnFaults().Any(fault => fault.Place == "Nodes"), "the fault is told");
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < PostgresShare.Lease + TimeSpan.FromSeconds(5), "It was noticed late.");
        for (var i = 0; i < 20; i++)
            node.Log.Append();

        way.Heal();
        await Cluster.UntilAsync(() => Delivered(node) == 63, "all is delivered", 90);
        await Cluster.UntilAsync(() => node.Pipeline.GetOwnFaults().Count == 0, "the fault is over");
    }

    [PostgresFact]
    public async Task A_transaction_from_outside_that_holds_the_lock_is_waited_for_within_bounds()
    {
        var connection = PostgresServer.NewDatabase();
        var node = await StartAsync(connection, Hooks(2));
        node.Log.Append();
        await _receiver.WaitAsync(2);
        await using (var outside = new NpgsqlConnection(connection))
        {
            await outside.OpenAsync();
            await using var transaction = await outside.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("LOCK TABLE api_webhooks.delivery IN ACCESS EXCLUSIVE MODE", outside, transaction);
            await command.ExecuteNonQueryAsync();
            for (var i = 0; i < 20; i++)
                node.Log.Append();
            await Cluster.UntilAsync(() => node.Pipeline.GetOwnFaults().Any(fault => fault.Place == "storage"), "the fault is told");
        }

        await Cluster.UntilAsync(() => Delivered(node) == 42, "all is delivered", 90);
        await Cluster.UntilAsync(() => node.Pipeline.GetOwnFaults().Count == 0, "the fault is over");
        Assert.Equal(42, _receiver.All.Count);
    }

    private HookSettings[] Hooks(int count) => [.. Enumerable.Range(1, count).Select(number => PipelineFixture.Hook(string.Create(CultureInfo.InvariantCulture, $"{_receiver.Url}/{number}"), $"hook{number}"))];

    private async Task<PipelineFixture> StartAsync(string connection, HookSettings[] hooks)
    {
        var node = new PipelineFixture
        {
            Time = TimeProvider.System,
            OpenDatabase = () => PluginDatabase.Open(new PostgresEngine(connection)),
            Settings = PluginSettings.Empty with { Delivery = new DeliverySettings { JitterPercent = 0, Gather = TimeSpan.Zero } },
        };
        await node.StartAsync(hooks);
        // Before the server is: the plugin leaves its node and stores what ended.
        _open.Insert(0, node);
        return node;
    }

    private static long Delivered(PipelineFixture node)
    {
        try
        {
            return node.Query<long>("SELECT count(*) FROM delivery WHERE state = 'delivered'");
        }
        catch (Exception exception) when (PostgresEngine.IsTroubleOfServer(exception))
        {
            return -1;
        }
    }
}
