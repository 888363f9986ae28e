using System.Data;
using System.Data.Common;
using Dapper;
using Npgsql;
using SampleHost.Changes;

namespace SampleHost.Storage;

/// <summary>PostgreSQL: several hosts may serve from one database.</summary>
/// <remarks>
/// Each host has one writer, as on SQLite; the writers take turns by an advisory lock that a batch holds until it has committed. So rules that read before they
/// write hold across hosts without locks of their own, and the change log's sequence is commit order: what commits later has a higher number, and no
/// reader skips anything. A batch is as many saves as waited, so taking turns costs one fsync for many. A host that stops in its turn loses it after a few seconds:
/// see <see cref="PostgresSources"/>.
/// </remarks>
internal sealed class PostgresEngine : StorageEngine
{
    /// <summary>Where the host's tables are, so that others may share the database.</summary>
    public const string Schema = "dam";

    // Any number, as long as it is the same in all hosts.
    private const string TakeTurn = "SELECT pg_advisory_xact_lock(4017102001)";

    // Npgsql has no name for it.
    private const string IdleInTransaction = "25P03";

    private readonly Guid _host = Guid.NewGuid();
    private readonly PostgresSources _sources;
    private readonly PostgresNews _news;
    private readonly PostgresWatch _watch;
    private readonly ReaderGate _gate;
    private long _batch;

    /// <param name="connectionString">As Npgsql reads it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of a server that went away.</param>
    public PostgresEngine(string connectionString, TimeProvider time, ILogger logger)
    {
        _sources = new PostgresSources(connectionString);
        _gate = new ReaderGate(_sources.Most);
        _news = new PostgresNews(_sources, time, logger);
        _watch = new PostgresWatch(_sources, time, logger) { CameBack = OnCameBack };
    }

    public override string Place => _sources.Place;

    public override string MigrationFolder => ".Storage.Migrations.Postgres.";

    public override ChangeLogStatements ChangeLog => ChangeLogStatements.Postgres;

    public override bool IsWatched => true;

    public override StorageFault? Fault => _watch.Fault;

    public override IReadOnlyList<string> Warnings => _watch.Warnings;

    // Several hosts may serve, once all is there.
    public override IDisposable? TakeLock()
    {
        using var connection = _sources.OpenUnlimited();
        return connection.ExecuteScalar<bool>($"SELECT to_regclass('{Schema}.{Copy.CopyTarget.ProgressTable}') IS NOT NULL")
            ? throw new InvalidOperationException(
                $"The database {Place} is being filled by the command \"storage copy\", which has not ended. Wait for it; if it was cut off, run it again to its end.")
            : null;
    }

    public override DbConnection ConnectWriter() => _sources.OpenOwn();

    public override DbConnection ConnectMigrator() => _sources.OpenUnlimited();

    public override DbConnection TakeReader()
    {
        ThrowIfAway();
        _gate.Enter();
        try
        {
            // It may have gone while this one waited.
            ThrowIfAway();
            return _sources.OpenReader();
        }
        catch
        {
            _gate.Leave();
            throw;
        }
    }

    // A server that restarted broke those that wait in the pool too.
    public override bool Return(DbConnection reader)
    {
        var isBroken = reader.State != ConnectionState.Open;
        reader.Dispose();
        _gate.Leave();
        if (isBroken)
            _sources.ForgetReaders();
        return isBroken;
    }

    public override void Begin(DbConnection writer)
    {
        var tidy = _batch == 0 ? ForgetHosts : "";
        writer.Execute($"BEGIN; {TakeTurn}; {tidy}{NoteBatch}", new { host = _host, batch = ++_batch });
    }

    // An error leaves a transaction that can only be rolled back, and to a savepoint it can be; a broken connection leaves none.
    public override bool IsInTransaction(DbConnection writer) => writer.State == ConnectionState.Open;

    // Each of the others would wait for the same lock, and as long.
    public override bool EndsBatch(Exception exception) => Judge(exception) == StorageTrouble.Unavailable;

    // A standby too: another connection may lead to the server that took over.
    public override bool EndsConnection(Exception exception) =>
        exception is not PostgresException || exception is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction };

    // A server that says why it did not commit has not; whatever else happened on the way leaves it open.
    public override bool IsOpenWhetherCommitted(DbConnection writer, Exception exception) =>
        writer.State != ConnectionState.Open || exception is not PostgresException;

    public override bool WasCommitted(ref DbConnection writer)
    {
        writer.Dispose();
        writer = ConnectWriter();
        // The server may not have noticed yet that the connection broke: whoever had the turn has ended when it can be taken.
        writer.Execute($"BEGIN; {TakeTurn}");
        var (batch, canWrite) = writer.QuerySingle<(long Batch, bool CanWrite)>(NotedBatch, new { host = _host });
        writer.Execute("COMMIT");
        // A standby that was not promoted yet may not have heard of it yet.
        return canWrite ? batch == _batch : throw new StorageUnavailableException($"The database {Place} takes no writes.");
    }

    public override DbTransaction Snapshot(DbConnection reader) => reader.BeginTransaction(IsolationLevel.RepeatableRead);

    // With the locks that a save needs: somebody else may hold these alone.
    public override void TryWriting(DbConnection writer) =>
        Run(writer, "LOCK TABLE records, changes IN ROW EXCLUSIVE MODE; UPDATE schema_version SET number = number");

    public override void BeginMigration(DbConnection connection)
    {
        Run(connection, "BEGIN; " + TakeTurn);
        Run(connection, $"CREATE SCHEMA IF NOT EXISTS {Schema}; CREATE TABLE IF NOT EXISTS schema_version (number integer NOT NULL)");
        Run(connection, "INSERT INTO schema_version (number) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version)");
    }

    public override long ReadSchema(DbConnection connection) => connection.ExecuteScalar<long>("SELECT number FROM schema_version");

    public override void WriteSchema(DbConnection connection, int number) => connection.Execute("UPDATE schema_version SET number = @number", new { number });

    public override void Announce() => _news.Announce();

    public override Task ListenAsync(Action<long> heard, CancellationToken cancellationToken) => _news.ListenAsync(heard, cancellationToken);

    public override void Watch() => _watch.Start();

    public override StorageTrouble Judge(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => StorageTrouble.Full,
        // Read-only: a standby that was not promoted yet. Canceled: by the limits of our own.
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled
            or IdleInTransaction } => StorageTrouble.Unavailable,
        // What the client says and not the server: there is no way to it, or none of several servers can be written.
        NpgsqlException { IsTransient: true } or (NpgsqlException and not (PostgresException or NpgsqlOperationInProgressException)) => StorageTrouble.Unavailable,
        StorageUnavailableException => StorageTrouble.Unavailable,
        _ => StorageTrouble.None,
    };

    public override async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _news.DisposeAsync();
        await _sources.DisposeAsync();
        _gate.Dispose();
    }

    private void ThrowIfAway()
    {
        if (_watch.Fault is { CanRead: false } fault)
            throw new StorageUnavailableException(fault.Sentence);
    }

    private void OnCameBack()
    {
        _sources.ForgetReaders();
        CameBack?.Invoke();
    }

    private const string NoteBatch = "INSERT INTO commits (host, batch) VALUES (@host, @batch) ON CONFLICT (host) DO UPDATE SET batch = excluded.batch, at = excluded.at";

    private const string ForgetHosts = "DELETE FROM commits WHERE at < now() - interval '1 day'; ";

    private const string NotedBatch = "SELECT coalesce((SELECT batch FROM commits WHERE host = @host), 0), NOT pg_is_in_recovery()";
}
