using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>A connection to an SQLite file.</summary>
internal sealed class SqlitePluginConnection : PluginConnection
{
    private readonly SqliteConnection _connection;

    /// <summary>Opens a connection to a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="writes">Whether it may write; only the writer loop's does.</param>
    public SqlitePluginConnection(string path, bool writes)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            // FULL is set on every connection: some builds of SQLite ship NORMAL for WAL, which can lose commits when the power fails.
            Run("PRAGMA busy_timeout = 10000");
            Run("PRAGMA synchronous = FULL");
            Run("PRAGMA foreign_keys = ON");
            Run("PRAGMA temp_store = MEMORY");
            if (!writes)
                Run("PRAGMA query_only = ON");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>SQLite's own connection.</summary>
    public SQLitePCL.sqlite3 Handle => _connection.Handle!;

    /// <inheritdoc/>
    public override string IndexedBy(string index) => $"INDEXED BY {index}";

    /// <inheritdoc/>
    public override DbCommand CreateCommand() => _connection.CreateCommand();

    /// <inheritdoc/>
    protected override HotStatement CreateHot(string sql) => new SqliteHotStatement(Handle, sql);

    /// <inheritdoc/>
    protected override void Close() => _connection.Dispose();
}
