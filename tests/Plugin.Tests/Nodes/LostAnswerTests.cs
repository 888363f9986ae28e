using Npgsql;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.Tests.Deliver;
using Tests.Postgres;

namespace Plugin.Tests.Nodes;

/// <summary>A commit reaches the server, its answer is lost, and the server cannot be asked for long: what was claimed in it is in nobody's hands, and is sent all the same.</summary>
[Trait("Storage", "nodes")]
public sealed class LostAnswerTests : IAsyncLifetime
{
    private const string MakeGate = """
        CREATE FUNCTION api_webhooks.wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(77); RETURN NULL; END';
        SELECT pg_advisory_lock(77)
        """;

    private NpgsqlConnection _outside = null!;
    private Relay _way = null!;
    private Receiver _receiver = null!;
    private PipelineFixture _node = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync(TimeProvider.System);
        var connection = PostgresServer.NewDatabase();
        _outside = new NpgsqlConnection(connection);
        await _outside.OpenAsync();
        _way = new Relay(_outside.Port);
        var throughRelay = new NpgsqlConnectionStringBuilder(connection) { Port = _way.Port }.ConnectionString;
        _node = new PipelineFixture
        {
            Time = TimeProvider.System,
            OpenDatabase = () => PluginDatabase.Open(new PostgresEngine(throughRelay) { FatePatience = TimeSpan.Zero }),
            Settings = PluginSettings.Empty with { Delivery = new DeliverySettings { JitterPercent = 0, Gather = TimeSpan.Zero } },
        };
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _way.DisposeAsync();
        await _outside.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [PostgresFact]
    public async Task What_was_detected_is_sent()
    {
        await _node.StartAsync(PipelineFixture.Hook(_receiver.Url));
        Ask(MakeGate);
        Ask("CREATE CONSTRAINT TRIGGER gate AFTER UPDATE ON api_webhooks.reader DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION api_webhooks.wait_at_commit()");
        _node.Log.Append();
        await LoseAnswerAsync(() => Ask("SELECT count(*) FROM api_webhooks.delivery WHERE state = 'in_flight'") == 1);
        await Cluster.UntilAsync(() => Delivered() == 1, "it is delivered");
        Assert.Single(_receiver.All);
    }

    [PostgresFact]
    public async Task The_next_of_a_stream_is_sent()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 204;
            return go.Task;
        };
        await _node.StartAsync(PipelineFixture.Hook(_receiver.Url) with { Order = DeliveryOrder.Strict });
        Ask(MakeGate);
        Ask("CREATE CONSTRAINT TRIGGER gate AFTER UPDATE ON api_webhooks.delivery DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (old.state <> 'in_flight' AND new.state = 'in_flight') EXECUTE FUNCTION api_webhooks.wait_at_commit()");
        _node.Log.Append();
        _node.Log.Append();
        await _receiver.WaitAsync();
        await Cluster.UntilAsync(() => Ask("SELECT count(*) FROM api_webhooks.delivery") == 2, "both are stored");
        go.SetResult();
        await LoseAnswerAsync(() => Delivered() == 1);
        await Cluster.UntilAsync(() => Delivered() == 2, "the second is delivered");
        Assert.Equal(2, _receiver.All.Count);
    }

    // Lets the commit that waits at the gate go, but its answer nowhere, and ends the way to the server until nobody asks any more what became of it.
    private async Task LoseAnswerAsync(Func<bool> isCommitted)
    {
        await Cluster.UntilAsync(() => Ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 77 AND NOT granted") == 1, "the commit is under way");
        _way.FreezeAnswers();
        Ask("SELECT pg_advisory_unlock(77)");
        await Cluster.UntilAsync(isCommitted, "it is committed");
        _way.Cut();
        await Cluster.UntilAsync(() => _node.Pipeline.GetOwnFaults().Any(fault => fault.Place == "storage"), "it is told to have failed");
        _way.Heal();
    }

    private long Delivered() => Ask("SELECT count(*) FROM api_webhooks.delivery WHERE state = 'delivered'");

    private long Ask(string sql)
    {
        using var command = new NpgsqlCommand(sql, _outside);
        return command.ExecuteScalar() is long number ? number : 0;
    }
}
