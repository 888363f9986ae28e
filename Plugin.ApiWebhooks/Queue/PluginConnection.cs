using Microsoft.Data.Sqlite;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>A connection that prepares each statement once.</summary>
internal sealed class PluginConnection : SqliteConnection
{
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HotStatement> _hot = new(ReferenceEqualityComparer.Instance);

    /// <summary>Opens a connection to a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="writes">Whether it may write; only the writer loop's does.</param>
    public PluginConnection(string path, bool writes)
        : base(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString())
    {
        Open();
        // FULL is set on every connection: some builds of SQLite ship NORMAL for WAL, which can lose commits when the power fails.
        Run("PRAGMA busy_timeout = 10000");
        Run("PRAGMA synchronous = FULL");
        Run("PRAGMA foreign_keys = ON");
        Run("PRAGMA temp_store = MEMORY");
        if (!writes)
            Run("PRAGMA query_only = ON");
    }

    /// <summary>
    /// The prepared command of a statement; the same text gives the same command, so a text is not used inside itself. Set its values with
    /// <see cref="SqliteBinding.Bind"/>.
    /// </summary>
    public SqliteCommand Prepared(string sql)
    {
        if (_prepared.TryGetValue(sql, out var command))
            return command;
        command = CreateCommand();
        command.CommandText = sql;
        _prepared.Add(sql, command);
        return command;
    }

    /// <summary>The prepared statement of a text, for work that is done for every delivery. The text is a constant: it is found by reference.</summary>
    public HotStatement Hot(string sql)
    {
        if (!_hot.TryGetValue(sql, out var statement))
            _hot.Add(sql, statement = new HotStatement(Handle!, sql));
        return statement;
    }

    /// <summary>Runs a statement without values.</summary>
    public void Run(string sql) => Prepared(sql).ExecuteNonQuery();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var command in _prepared.Values)
                command.Dispose();
            _prepared.Clear();
            foreach (var statement in _hot.Values)
                statement.Dispose();
            _hot.Clear();
        }
        base.Dispose(disposing);
    }
}

/// <summary>Binding of values to prepared commands.</summary>
internal static class SqliteBinding
{
    /// <summary>Sets a value, the first time adding its parameter.</summary>
    /// <param name="command">The command.</param>
    /// <param name="name">The parameter with its <c>$</c>.</param>
    /// <param name="value">The value; null stores NULL.</param>
    public static SqliteCommand Bind(this SqliteCommand command, string name, object? value)
    {
        var index = command.Parameters.IndexOf(name);
        if (index < 0)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        else
            command.Parameters[index].Value = value ?? DBNull.Value;
        return command;
    }

    /// <summary>Sets an instant, stored as Unix milliseconds.</summary>
    public static SqliteCommand Bind(this SqliteCommand command, string name, DateTimeOffset? value) =>
        command.Bind(name, (object?)value?.ToUnixTimeMilliseconds());

    /// <summary>Reads an instant stored as Unix milliseconds.</summary>
    public static DateTimeOffset GetInstant(this SqliteDataReader reader, int ordinal) =>
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(ordinal));

    /// <summary>Reads an instant stored as Unix milliseconds, or null.</summary>
    public static DateTimeOffset? FindInstant(this SqliteDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetInstant(ordinal);

    /// <summary>Reads a text or null.</summary>
    public static string? FindString(this SqliteDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
}
