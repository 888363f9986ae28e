using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>
/// A statement that runs for every delivery. Values are bound by position straight to SQLite: <see cref="SqliteCommand"/> looks parameters up by name and makes
/// a reader for every run, which costs more than SQLite's own work.
/// </summary>
/// <remarks>
/// Such statements have no RETURNING either: SQLite opens a temporary table for it on every run. What it would return, <see cref="Run"/> and
/// <see cref="LastId"/> tell.
/// </remarks>
internal sealed class HotStatement : IDisposable
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;
    private int _bound;

    /// <summary>Prepares a statement on an open connection.</summary>
    public HotStatement(sqlite3 db, string sql)
    {
        _db = db;
        Check(raw.sqlite3_prepare_v3(db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>The row id given by the last insert.</summary>
    public long LastId => raw.sqlite3_last_insert_rowid(_db);

    /// <summary>Binds the next value.</summary>
    public HotStatement Add(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_bound, value));
        return this;
    }

    /// <summary>Binds the next value.</summary>
    public HotStatement Add(long? value) => value is { } number ? Add(number) : AddNull();

    /// <summary>Binds an instant, as Unix milliseconds.</summary>
    public HotStatement Add(DateTimeOffset value) => Add(value.ToUnixTimeMilliseconds());

    /// <summary>Binds an instant, as Unix milliseconds.</summary>
    public HotStatement Add(DateTimeOffset? value) => value is { } at ? Add(at) : AddNull();

    /// <summary>Binds a text.</summary>
    public HotStatement Add(string? value)
    {
        if (value is null)
            return AddNull();
        const int Short = 256;
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var bytes = most <= Short ? stackalloc byte[Short] : new byte[most];
        Check(raw.sqlite3_bind_text(_statement, ++_bound, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
        return this;
    }

    /// <summary>Binds bytes; none are NULL.</summary>
    public HotStatement AddBlobOrNull(ReadOnlySpan<byte> value) => value.IsEmpty ? AddNull() : AddBlob(value);

    /// <summary>Binds bytes.</summary>
    public HotStatement AddBlob(ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, ++_bound, value));
        return this;
    }

    /// <summary>Runs the statement with the values bound.</summary>
    /// <returns>How many rows it changed.</returns>
    /// <exception cref="SqliteException">It failed.</exception>
    public int Run()
    {
        _bound = 0;
        var result = raw.sqlite3_step(_statement);
        // Tells the same error again, if there was one.
        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, _db);
        return raw.sqlite3_changes(_db);
    }

    /// <summary>Runs the statement with the values bound, row by row. It must be let go of with <see cref="End"/>.</summary>
    /// <returns>Whether there is a row.</returns>
    public bool Read()
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

    /// <summary>Lets go of the rows that were not read.</summary>
    public void End() => raw.sqlite3_reset(_statement);

    /// <summary>A number of the row.</summary>
    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>A number of the row, or null.</summary>
    public long? NumberOrNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL ? null : Number(column);

    /// <summary>An instant of the row, stored as Unix milliseconds, or null.</summary>
    public DateTimeOffset? InstantOrNull(int column) => NumberOrNull(column) is null ? null : Instant(column);

    /// <summary>An instant of the row, stored as Unix milliseconds.</summary>
    public DateTimeOffset Instant(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Number(column));

    /// <summary>A text of the row.</summary>
    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>A text of the row, or null.</summary>
    public string? TextOrNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL ? null : Text(column);

    /// <summary>Bytes of the row, copied.</summary>
    public byte[] Blob(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private HotStatement AddNull()
    {
        Check(raw.sqlite3_bind_null(_statement, ++_bound));
        return this;
    }

    private void Check(int result)
    {
        if (result == raw.SQLITE_OK)
            return;
        _bound = 0;
        SqliteException.ThrowExceptionForRC(result, _db);
    }
}
