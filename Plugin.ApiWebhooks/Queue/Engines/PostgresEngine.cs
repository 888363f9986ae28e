using System.Diagnostics;
using Npgsql;

namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>PostgreSQL: several nodes may use one database.</summary>
/// <remarks>
/// Each node has one writer, as on SQLite. Its transactions take a lock in one of two ways. Work that touches only rows of this node's own - what it claimed, what
/// it reads from the change log first - takes it shared, and goes on beside that of other nodes. All else takes it alone: so whatever reads before it writes is as
/// right as with one process, and no statement needs locks of its own. The lock ends with the transaction, whatever becomes of the process.
/// </remarks>
internal sealed class PostgresEngine : QueueEngine
{
    /// <summary>Where the plugin's tables are, so that others may share the database.</summary>
    public const string Schema = "api_webhooks";

    // Any number, as long as it is the same in all nodes.
    private const string TakeTurn = "SELECT pg_advisory_xact_lock(4017102002)";

    private const string Alone = "pg_advisory_xact_lock(4017102002)";

    private const string Beside = "pg_advisory_xact_lock_shared(4017102002)";

    private const string InMemory = ", set_config('synchronous_commit', 'off', true)";

    // Only after the lock: what is read with it would be older.
    private const string AnyOrder = "SELECT EXISTS (SELECT 1 FROM subscription WHERE ordering <> 'none' OR reorders = 1)";

    private const string AddWriter = """
        WITH old AS (DELETE FROM writer WHERE opened_at < now_ms() - 2592000000)
        INSERT INTO writer (opened_at) VALUES (now_ms()) RETURNING id
        """;

    private const string CountCommit = "UPDATE writer SET commits = commits + 1 WHERE id = @id RETURNING commits";

    private const string SelectCommits = "SELECT commits FROM writer WHERE id = @id";

    private static readonly string BeginAlone = BeginBy(Alone, "");

    private static readonly string BeginAloneInMemory = BeginBy(Alone, InMemory);

    private static readonly string BeginBeside = BeginBy(Beside, "");

    private static readonly string BeginBesideInMemory = BeginBy(Beside, InMemory);

    private readonly PostgresSource _writing;
    private readonly PostgresSource _reading;
    private volatile bool _mayHaveOrders; // as the last transaction found it

    /// <param name="connectionString">As Npgsql reads it.</param>
    public PostgresEngine(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = Schema, KeepAlive = 5, MaxAutoPrepare = 400, AutoPrepareMinUsages = 2, HostRecheckSeconds = 1 };
        settings.ApplicationName ??= "ApiWebhooks";
        Place = $"{settings.Database ?? settings.Username} at {settings.Host}{(settings.Host?.Contains(',', StringComparison.Ordinal) == true ? "" : $":{settings.Port}")}";
        // Whoever waits for the database longer than this is better told. A node that hangs or is cut off lets go of its locks in a bounded time.
        settings.Timeout = Math.Min(settings.Timeout, 5);
        settings.CommandTimeout = Math.Min(settings.CommandTimeout, 20);
        settings.CancellationTimeout = 1000;
        settings.Options = $"{settings.Options} -c statement_timeout=15000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=15000"
            + " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
            // Every statement asks for few rows by a key, and shall cost the others little: compiling it takes longer than running it, and the planner, who guesses how
            // far it has to look, would sometimes rather merge whole tables, or take all processors.
            + " -c jit=off -c enable_mergejoin=off -c max_parallel_workers_per_gather=0";
        var options = settings.Options;
        // The planner takes tables that it has not counted yet for small, and would go on reading them whole with each batch while they grow. All that the writer
        // does it finds by index.
        settings.Options = $"{options} -c enable_seqscan=off -c enable_hashjoin=off";
        // Batches come in large pieces: each wakes the server.
        _writing = new PostgresSource(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { WriteBufferSize = 65536 }, Place);
        // What pages ask is one text for many questions: each is planned for what it asks.
        settings.Options = $"{options} -c plan_cache_mode=force_custom_plan";
        _reading = new PostgresSource(settings, Place);
    }

    /// <summary>How long is asked for the fate of a transaction whose commit was not answered.</summary>
    public TimeSpan FatePatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public override string Place { get; }

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <inheritdoc/>
    public override T Choose<T>(T sqlite, T postgres) => postgres;

    /// <inheritdoc/>
    public override QueueRows Rows { get; } = new PostgresQueueRows();

    /// <inheritdoc/>
    public override int MostReaders => 16;

    /// <inheritdoc/>
    public override PluginConnection Connect(bool writes) => new PostgresPluginConnection((writes ? _writing : _reading).Open());

    /// <inheritdoc/>
    public override void Migrate(PluginConnection writer, int? upTo = null) => Migrations.RunOnPostgres(writer, Schema, TakeTurn, Place);

    /// <inheritdoc/>
    public override void Begin(PluginConnection writer, bool waitsForDisk, bool isAlone)
    {
        var connection = (PostgresPluginConnection)writer;
        var takesAll = isAlone || _mayHaveOrders;
        var hasOrders = Take(connection, waitsForDisk, takesAll);
        // Streams are kept in order by looking at what else is owed: with one that has an order, nothing is done beside others.
        if (hasOrders && !takesAll)
        {
            writer.Run("ROLLBACK");
            hasOrders = Take(connection, waitsForDisk, isAlone: true);
        }
        _mayHaveOrders = hasOrders;
        // Only who is alone gives a subscription an order.
        connection.ExcludesOrders = !hasOrders && !isAlone;
    }

    /// <inheritdoc/>
    public override void BeginReading(PluginConnection reader) => reader.Run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");

    /// <inheritdoc/>
    public override void RollBack(PluginConnection writer)
    {
        try
        {
            if (IsUsable(writer))
                writer.Run("ROLLBACK");
        }
        catch
        {
            // Whatever it still holds ends with it.
            writer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool IsUsable(PluginConnection connection) => ((PostgresPluginConnection)connection).IsOpen;

    /// <inheritdoc/>
    public override bool? WasCommitted(ref PluginConnection writer)
    {
        if (IsUsable(writer))
            return false;
        if ((PostgresPluginConnection)writer is not { Writer: { } id, Transaction: { } transaction })
            return null;
        for (var began = Stopwatch.GetTimestamp(); ; WaitForServer())
        {
            try
            {
                writer.Dispose();
                writer = Connect(writes: true);
                // The server may not have noticed yet that the connection broke: it has ended when the turn can be taken.
                writer.Run("BEGIN");
                writer.Run(TakeTurn);
                var wasCommitted = writer.Prepared(SelectCommits).Bind("@id", id).ExecuteScalar() as long? >= transaction;
                writer.Run("COMMIT");
                return wasCommitted;
            }
            catch (Exception exception) when (IsTrouble(exception) && Stopwatch.GetElapsedTime(began) < FatePatience)
            {
                // The server is on its way back.
            }
        }
    }

    // On the writer's own thread, which has nothing else to do; there is no signal to wait for.
    private static void WaitForServer() => Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override bool IsTrouble(Exception exception) => IsTroubleOfServer(exception);

    /// <summary>Whether an exception tells of trouble of the server or of the way to it.</summary>
    public static bool IsTroubleOfServer(Exception exception) => exception is NpgsqlException or TimeoutException;

    /// <summary>Opens a connection for what is neither written nor read here.</summary>
    public Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _writing.OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _writing.Dispose();
        _reading.Dispose();
    }

    // All in one round trip, with the number by which the transaction's fate can be asked for.
    private static string BeginBy(string turn, string setting) => $"BEGIN; SELECT 1{setting} FROM (SELECT {turn}) AS turn; {CountCommit}; {AnyOrder}";

    /// <returns>Whether a subscription has an order.</returns>
    private static bool Take(PostgresPluginConnection writer, bool waitsForDisk, bool isAlone)
    {
        writer.Transaction = null;
        writer.Writer ??= (long)writer.Prepared(AddWriter).ExecuteScalar()!;
        var begin = isAlone ? waitsForDisk ? BeginAlone : BeginAloneInMemory : waitsForDisk ? BeginBeside : BeginBesideInMemory;
        using var reader = writer.Prepared(begin).Bind("@id", writer.Writer).ExecuteReader();
        reader.Read();
        reader.NextResult();
        // Forgotten as one of long ago, it is added again with the next.
        if (reader.Read())
            writer.Transaction = reader.GetInt64(0);
        else
            writer.Writer = null;
        reader.NextResult();
        reader.Read();
        return reader.GetBoolean(0);
    }
}
