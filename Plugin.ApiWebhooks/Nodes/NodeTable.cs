using System.Data.Common;
using Npgsql;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Nodes;

/// <summary>The tables <c>node</c> and <c>lane</c>, on a connection of its own: a node must not seem dead because its writer waits.</summary>
/// <param name="engine">PostgreSQL.</param>
/// <param name="id">This node.</param>
internal sealed class NodeTable(PostgresEngine engine, long id) : IDisposable
{
    private const string Register = """
        INSERT INTO node (id, name, config, started_at, alive_until) VALUES (@id, @name, @config, now_ms(), now_ms() + @lease) ON CONFLICT (id) DO NOTHING
        """;

    private const string Renew = "UPDATE node SET alive_until = now_ms() + @lease, config = @config WHERE id = @id";

    private const string Select = """
        SELECT id, name, config, started_at, alive_until < now_ms(), (SELECT count(*) FROM lane WHERE node_id = node.id) FROM node ORDER BY id
        """;

    // A node that renews its time just now is seen to live: the condition is looked at again when its row is free.
    private const string RemoveLapsed = "DELETE FROM node WHERE alive_until < now_ms()";

    private const string SelectLanes = "SELECT subscription_id, node_id FROM lane";

    // Only what nobody has, or whose node is gone. Of two that take the same, the second finds the first there.
    private const string Take = """
        INSERT INTO lane (subscription_id, node_id) SELECT value, @id FROM json_each(@wanted) ORDER BY value
        ON CONFLICT (subscription_id) DO UPDATE SET node_id = @id WHERE NOT EXISTS (SELECT 1 FROM node WHERE node.id = lane.node_id)
        RETURNING subscription_id
        """;

    private const string Give = "DELETE FROM lane WHERE node_id = @id AND subscription_id IN (SELECT value FROM json_each(@given))";

    private const string GiveAll = "DELETE FROM lane WHERE node_id = @id";

    private const string Leave = "DELETE FROM node WHERE id = @id";

    private const string SelectVersions = "SELECT name, number FROM shared_version";

    // A look at the head of each: an index finds it, however much lies there. The clock is asked once: by one that is asked for each row no index looks.
    private const string SelectClaimable = """
        SELECT value FROM json_each(@ids)
        WHERE EXISTS (
            SELECT 1 FROM delivery WHERE due_at IS NOT NULL AND subscription_id = value AND state = 'pending'
            UNION ALL
            SELECT 1 FROM delivery WHERE due_at IS NOT NULL AND subscription_id = value AND state = 'waiting' AND due_at <= (SELECT now_ms())
            UNION ALL
            SELECT 1 FROM delivery WHERE due_at IS NOT NULL AND subscription_id = value AND state = 'in_flight' AND due_at <= (SELECT now_ms()) AND lease_token >> 32 <> @id)
        """;

    private static readonly string Name = $"{Environment.MachineName} ({Environment.ProcessId})";

    private PluginConnection? _connection;

    /// <summary>Enters this node, or moves its time on.</summary>
    /// <param name="lease">How long it is taken to live without a word.</param>
    /// <param name="config">A hash of its configuration.</param>
    /// <returns>False when it was not there any more: the others took it for dead, and what it had is not its own.</returns>
    public bool TryRenew(TimeSpan lease, string config)
    {
        var c = Connect();
        if (Bind(c.Prepared(Renew)).ExecuteNonQuery() == 1)
            return true;
        // A lane that still names this node may be on its way to another, which found the node gone.
        c.Prepared(GiveAll).Bind("@id", id).ExecuteNonQuery();
        Bind(c.Prepared(Register)).Bind("@name", Name).ExecuteNonQuery();
        return false;

        DbCommand Bind(DbCommand command) => command.Bind("@id", id).Bind("@lease", (long)lease.TotalMilliseconds).Bind("@config", config);
    }

    /// <summary>The nodes that live. Those that do not are removed.</summary>
    public List<NodeEntry> ReadNodes()
    {
        var (nodes, hasLapsed) = (new List<NodeEntry>(), false);
        using (var row = Connect().Prepared(Select).ExecuteReader())
        {
            while (row.Read())
            {
                if (row.GetFlag(4) && row.GetInt64(0) != id)
                    hasLapsed = true;
                else
                    nodes.Add(new NodeEntry(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInstant(3), row.GetInt64(5)));
            }
        }
        if (hasLapsed)
            Connect().Run(RemoveLapsed);
        return nodes;
    }

    /// <summary>Which node has which subscription; also of nodes that are gone.</summary>
    public Dictionary<long, long> ReadLanes()
    {
        var lanes = new Dictionary<long, long>();
        using var row = Connect().Prepared(SelectLanes).ExecuteReader();
        while (row.Read())
            lanes.Add(row.GetInt64(0), row.GetInt64(1));
        return lanes;
    }

    /// <summary>Takes subscriptions that nobody serves.</summary>
    /// <returns>Those that are this node's now.</returns>
    public List<long> TakeLanes(IReadOnlyCollection<long> subscriptionIds) => List(Connect().Prepared(Take).Bind("@id", id).Bind("@wanted", Json(subscriptionIds)));

    /// <summary>Lets others take subscriptions.</summary>
    public void GiveLanes(IReadOnlyCollection<long> subscriptionIds) => Connect().Prepared(Give).Bind("@id", id).Bind("@given", Json(subscriptionIds)).ExecuteNonQuery();

    /// <summary>Which of some subscriptions have deliveries that can be claimed at once: pending, due, or left in flight by a node whose lease of them is over.</summary>
    public List<long> FindClaimable(IReadOnlyCollection<long> subscriptionIds) =>
        List(Connect().Prepared(SelectClaimable).Bind("@ids", Json(subscriptionIds)).Bind("@id", id));

    /// <summary>How often each of what is kept in memory was changed.</summary>
    public Dictionary<string, long> ReadVersions()
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        using var row = Connect().Prepared(SelectVersions).ExecuteReader();
        while (row.Read())
            versions.Add(row.GetString(0), row.GetInt64(1));
        return versions;
    }

    /// <summary>Waits until no other node changes subscriptions, and keeps them from it.</summary>
    public async ValueTask<IAsyncDisposable> TakeTurnAsync(CancellationToken cancellationToken)
    {
        var connection = await engine.OpenAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(4017102003)", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return new Turn(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Leaves: what this node had may be taken at once.</summary>
    public void LeaveAll()
    {
        Connect().Prepared(GiveAll).Bind("@id", id).ExecuteNonQuery();
        Connect().Prepared(Leave).Bind("@id", id).ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public void Dispose() => _connection?.Dispose();

    private static string Json(IReadOnlyCollection<long> ids) => $"[{string.Join(',', ids)}]";

    private static List<long> List(DbCommand command)
    {
        var ids = new List<long>();
        using var row = command.ExecuteReader();
        while (row.Read())
            ids.Add(row.GetInt64(0));
        return ids;
    }

    // One that broke is replaced: whoever asks is told of the trouble once, and asks again.
    private PluginConnection Connect()
    {
        if (_connection is not null && engine.IsUsable(_connection))
            return _connection;
        _connection?.Dispose();
        _connection = null;
        var connection = engine.Connect(writes: true);
        try
        {
            // A node must know soon that it is cut off.
            connection.Run("SET statement_timeout = 2000");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        connection.CommandTimeout = TimeSpan.FromSeconds(3);
        return _connection = connection;
    }

    // The lock is the connection's, and ends with it, however that ends.
    private sealed class Turn(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock(4017102003)", connection);
                await command.ExecuteNonQueryAsync();
            }
            catch (Exception exception) when (PostgresEngine.IsTroubleOfServer(exception))
            {
                // A connection that broke holds no lock.
            }
            await connection.DisposeAsync();
        }
    }
}
