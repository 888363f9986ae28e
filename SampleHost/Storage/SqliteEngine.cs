using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using SampleHost.Changes;

namespace SampleHost.Storage;

/// <summary>SQLite: one file, one process that serves from it.</summary>
internal sealed class SqliteEngine(string file) : StorageEngine
{
    private const int Full = 13;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int CannotOpen = 14;

    private readonly ConcurrentBag<DbConnection> _readers = [];
    private bool _disposed;

    public override string Place => file;

    public override string MigrationFolder => ".Storage.Migrations.";

    public override ChangeLogStatements ChangeLog => ChangeLogStatements.Sqlite;

    public override IDisposable TakeLock() => DatabaseLock.Take(file);

    public override DbConnection ConnectWriter() => Connect();

    public override DbConnection TakeReader() => _readers.TryTake(out var reader) ? reader : Connect();

    public override bool Return(DbConnection reader)
    {
        if (_disposed)
            reader.Dispose();
        else
            _readers.Add(reader);
        return false;
    }

    public override void Begin(DbConnection writer) => Run(writer, "BEGIN IMMEDIATE");

    // A full disk makes SQLite roll the whole transaction back by itself; then the batch as a whole has failed.
    public override bool IsInTransaction(DbConnection writer) => SQLitePCL.raw.sqlite3_get_autocommit(((SqliteConnection)writer).Handle) == 0;

    public override DbTransaction Snapshot(DbConnection reader) => ((SqliteConnection)reader).BeginTransaction(deferred: true);

    public override void TryWriting(DbConnection writer) => WriteSchema(writer, (int)ReadSchema(writer));

    public override void BeginMigration(DbConnection connection) => Run(connection, "BEGIN IMMEDIATE");

    public override long ReadSchema(DbConnection connection) => connection.ExecuteScalar<long>("PRAGMA user_version");

    public override void WriteSchema(DbConnection connection, int number) =>
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {number}"));

    public override StorageTrouble Judge(Exception exception) => exception switch
    {
        SqliteException { SqliteErrorCode: Full } => StorageTrouble.Full,
        SqliteException { SqliteErrorCode: ReadOnly or IoError or CannotOpen } => StorageTrouble.Unavailable,
        StorageUnavailableException => StorageTrouble.Unavailable,
        _ => StorageTrouble.None,
    };

    public override async ValueTask DisposeAsync()
    {
        _disposed = true;
        while (_readers.TryTake(out var reader))
            await reader.DisposeAsync();
    }

    private SqliteConnection Connect()
    {
        // No pooling: the connections are kept here, and disposing one really closes the file.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        Run(connection, ConnectionSettings);
        return connection;
    }

    // FULL: what is acknowledged survives a power cut. The busy time-out serves a second process, such as "users add".
    private const string ConnectionSettings = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA busy_timeout = 10000;
        PRAGMA temp_store = MEMORY;
        """;
}
