using Npgsql;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.Tests.Deliver;
using Plugin.Tests.Detect;
using Tests.Postgres;

namespace Plugin.Tests.Nodes;

/// <summary>Several nodes on one database and one change log, each with a way of its own to the database, which can be cut.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly string _connection = PostgresServer.NewDatabase();
    private readonly List<PipelineFixture> _nodes = [];
    private readonly List<Relay> _ways = [];

    public MemoryChangeLog Log { get; } = new();

    public IReadOnlyList<PipelineFixture> Nodes => _nodes;

    /// <summary>Settings of the nodes that start from now on.</summary>
    public PluginSettings Settings { get; set; } = PluginSettings.Empty with
    {
        Delivery = new DeliverySettings { JitterPercent = 0, Gather = TimeSpan.Zero, Schedule = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)] },
    };

    /// <summary>The way of a node to the database.</summary>
    public Relay WayOf(int node) => _ways[node];

    /// <summary>Starts one more node.</summary>
    public async Task<PipelineFixture> AddAsync(params HookSettings[] hooks)
    {
        var settings = new NpgsqlConnectionStringBuilder(_connection);
        var way = new Relay(settings.Port);
        _ways.Add(way);
        settings.Port = way.Port;
        var node = new PipelineFixture { Time = TimeProvider.System, Log = Log, OpenDatabase = () => PluginDatabase.Open(new PostgresEngine(settings.ConnectionString)), Settings = Settings };
        await node.StartAsync(hooks);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Waits until something is so on all accounts.</summary>
    public static async Task UntilAsync(Func<bool> isSo, string what, int seconds = 40)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var left = seconds * 20; !isSo(); left--)
        {
            Assert.True(left > 0, $"Waited {seconds} seconds until {what}.");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Which node serves each subscription.</summary>
    public Dictionary<long, long> ReadLanes()
    {
        using var connection = Connect();
        using var command = new NpgsqlCommand("SELECT l.subscription_id, l.node_id FROM api_webhooks.lane l JOIN api_webhooks.node n ON n.id = l.node_id", connection);
        using var row = command.ExecuteReader();
        var lanes = new Dictionary<long, long>();
        while (row.Read())
            lanes.Add(row.GetInt64(0), row.GetInt64(1));
        return lanes;
    }

    /// <summary>A connection of somebody from outside.</summary>
    public NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(_connection);
        connection.Open();
        return connection;
    }

    /// <summary>Runs a statement as somebody from outside.</summary>
    public void Execute(string sql)
    {
        using var connection = Connect();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var way in _ways)
            way.Heal();
        foreach (var node in _nodes)
            await node.DisposeAsync();
        foreach (var way in _ways)
            await way.DisposeAsync();
    }
}
