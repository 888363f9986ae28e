using Microsoft.Data.Sqlite;

namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>The embedded database: one file, used by one process.</summary>
internal sealed class SqliteEngine : QueueEngine
{
    private readonly string _path;
    private readonly FileLock _lock;
    private bool _waitsForDisk = true; // as the connection is opened

    /// <summary>Takes the file.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <exception cref="InvalidOperationException">Another process uses it.</exception>
    public SqliteEngine(string path) => (_path, _lock) = (path, FileLock.Take(path));

    /// <inheritdoc/>
    public override string Place => _path;

    /// <inheritdoc/>
    public override bool IsShared => false;

    /// <inheritdoc/>
    public override T Choose<T>(T sqlite, T postgres) => sqlite;

    /// <inheritdoc/>
    public override QueueRows Rows { get; } = new(QueueStatements.Sqlite);

    /// <inheritdoc/>
    public override int MostReaders => int.MaxValue;

    /// <inheritdoc/>
    public override PluginConnection Connect(bool writes)
    {
        var connection = new SqlitePluginConnection(_path, writes);
        if (writes)
            SetUp(connection);
        return connection;
    }

    /// <inheritdoc/>
    public override void Migrate(PluginConnection writer, int? upTo = null) => Migrations.RunOnSqlite(writer, _path, upTo);

    // In WAL, FULL synchronises the log at each commit, and so what was committed before; NORMAL leaves that to the next one that does.
    /// <inheritdoc/>
    public override void Begin(PluginConnection writer, bool waitsForDisk, bool isAlone)
    {
        if (waitsForDisk != _waitsForDisk)
        {
            writer.Run(waitsForDisk ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            _waitsForDisk = waitsForDisk;
        }
        writer.Run("BEGIN IMMEDIATE");
    }

    /// <inheritdoc/>
    public override void BeginReading(PluginConnection reader) => reader.Run("BEGIN");

    /// <inheritdoc/>
    public override void RollBack(PluginConnection writer)
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(((SqlitePluginConnection)writer).Handle) == 0)
            writer.Run("ROLLBACK");
    }

    /// <inheritdoc/>
    public override bool IsUsable(PluginConnection connection) => true;

    /// <inheritdoc/>
    public override bool IsTrouble(Exception exception) => exception is SqliteException;

    /// <inheritdoc/>
    public override void Dispose() => _lock.Dispose();

    private static void SetUp(PluginConnection writer)
    {
        // These two have an effect on a new file only. A message of usual size fills a quarter of a page of the usual size; twice the size wastes less.
        writer.Run("PRAGMA page_size = 8192");
        // Room freed by retention can be given back in small steps.
        writer.Run("PRAGMA auto_vacuum = INCREMENTAL");
        writer.Run("PRAGMA journal_mode = WAL");
        // A checkpoint synchronises both files; every 16 MiB instead of every 4 it is not felt, and reopening stays quick.
        writer.Run("PRAGMA wal_autocheckpoint = 2000");
        writer.Run("PRAGMA cache_size = -16000");
        writer.Run("PRAGMA journal_size_limit = 67108864");
    }
}
