using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>
/// Values are bound by position straight to SQLite: <see cref="SqliteCommand"/> looks parameters up by name and makes a reader for every run, which costs more
/// than SQLite's own work.
/// </summary>
/// <remarks>
/// Such statements have no RETURNING either: SQLite opens a temporary table for it on every run. What it would return, <see cref="Run"/> and
/// <see cref="LastId"/> tell.
/// </remarks>
internal sealed class SqliteHotStatement : HotStatement
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;
    private int _bound;

    /// <summary>Prepares a statement on an open connection.</summary>
    public SqliteHotStatement(sqlite3 db, string sql)
    {
        _db = db;
        Check(raw.sqlite3_prepare_v3(db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <inheritdoc/>
    public override long LastId => raw.sqlite3_last_insert_rowid(_db);

    /// <inheritdoc/>
    public override void Put(long value) => Check(raw.sqlite3_bind_int64(_statement, ++_bound, value));

    /// <inheritdoc/>
    public override void Put(string value)
    {
        const int Short = 256;
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var bytes = most <= Short ? stackalloc byte[Short] : new byte[most];
        Check(raw.sqlite3_bind_text(_statement, ++_bound, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
    }

    /// <inheritdoc/>
    public override void PutBlob(ReadOnlyMemory<byte> value) => Check(raw.sqlite3_bind_blob(_statement, ++_bound, value.Span));

    /// <inheritdoc/>
    public override void PutNull() => Check(raw.sqlite3_bind_null(_statement, ++_bound));

    /// <inheritdoc/>
    public override int Run()
    {
        _bound = 0;
        var result = raw.sqlite3_step(_statement);
        // Tells the same error again, if there was one.
        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, _db);
        return raw.sqlite3_changes(_db);
    }

    /// <inheritdoc/>
    public override bool Read()
    {
        _bound = 0;
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;
        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, _db);
        return false;
    }

    /// <inheritdoc/>
    public override void End() => raw.sqlite3_reset(_statement);

    /// <inheritdoc/>
    public override bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <inheritdoc/>
    public override long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <inheritdoc/>
    public override string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <inheritdoc/>
    public override byte[] Blob(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    /// <inheritdoc/>
    public override void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result == raw.SQLITE_OK)
            return;
        _bound = 0;
        SqliteException.ThrowExceptionForRC(result, _db);
    }
}
