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
/// reader skips anything. A batch is as many saves as waited, so taking turns costs one fsync for many.
/// </remarks>
internal sealed class PostgresEngine : StorageEngine
{
    /// <summary>Where the host's tables are, so that others may share the database.</summary>
    public const string Schema = "dam";

    // Any number, as long as it is the same in all hosts.
    private const string TakeTurn = "SELECT pg_advisory_xact_lock(4017102001)";

    private readonly NpgsqlDataSource _source;
    private readonly PostgresNews _news;
    private string? _transaction;

    /// <param name="connectionString">As Npgsql reads it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of a server that went away.</param>
    public PostgresEngine(string connectionString, TimeProvider time, ILogger logger)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = Schema };
        settings.ApplicationName ??= "SampleHost";
        _source = NpgsqlDataSource.Create(settings);
        _news = new PostgresNews(_source, time, logger);
        Place = $"{settings.Database ?? settings.Username} at {settings.Host}:{settings.Port}";
    }

    public override string Place { get; }

    public override string MigrationFolder => ".Storage.Migrations.Postgres.";

    public override ChangeLogStatements ChangeLog => ChangeLogStatements.Postgres;

    // Several hosts may serve, once all is there.
    public override IDisposable? TakeLock()
    {
        using var connection = _source.OpenConnection();
        return connection.ExecuteScalar<bool>($"SELECT to_regclass('{Schema}.{Copy.CopyTarget.ProgressTable}') IS NOT NULL")
            ? throw new InvalidOperationException(
                $"The database {Place} is being filled by the command \"storage copy\", which has not ended. Wait for it; if it was cut off, run it again to its end.")
            : null;
    }

    public override DbConnection ConnectWriter() => _source.OpenConnection();

    public override DbConnection TakeReader() => _source.OpenConnection();

    // A server that restarted broke those that wait in the pool too.
    public override bool Return(DbConnection reader)
    {
        var isBroken = reader.State != ConnectionState.Open;
        reader.Dispose();
        if (isBroken)
            _source.Clear();
        return isBroken;
    }

    public override void Begin(DbConnection writer)
    {
        _transaction = null;
        Run(writer, "BEGIN; " + TakeTurn);
        _transaction = writer.ExecuteScalar<string>("SELECT pg_current_xact_id()::text");
    }

    // An error leaves a transaction that can only be rolled back, and to a savepoint it can be; a broken connection leaves none.
    public override bool IsInTransaction(DbConnection writer) => writer.State == ConnectionState.Open;

    public override bool WasCommitted(ref DbConnection writer)
    {
        if (_transaction is not { } transaction || writer.State == ConnectionState.Open)
            return false;
        writer.Dispose();
        writer = ConnectWriter();
        // The server may not have noticed yet that the connection broke: whoever had the turn has ended when it can be taken.
        Run(writer, TakeTurn);
        return writer.ExecuteScalar<string?>("SELECT pg_xact_status(@transaction::xid8)", new { transaction }) == "committed";
    }

    public override DbTransaction Snapshot(DbConnection reader) => reader.BeginTransaction(IsolationLevel.RepeatableRead);

    public override void TryWriting(DbConnection writer) => Run(writer, "UPDATE schema_version SET number = number");

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

    public override StorageTrouble Judge(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => StorageTrouble.Full,
        // Read-only: a standby that was not promoted yet.
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections } => StorageTrouble.Unavailable,
        NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException or TimeoutException or System.Net.Sockets.SocketException } => StorageTrouble.Unavailable,
        _ => StorageTrouble.None,
    };

    public override async ValueTask DisposeAsync()
    {
        await _news.DisposeAsync();
        await _source.DisposeAsync();
    }
}
