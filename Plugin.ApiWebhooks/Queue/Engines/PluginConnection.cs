using System.Data;
using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>A statement that is run for several rows of numbers.</summary>
/// <param name="One">For one row: its values are <c>?1</c>, <c>?2</c>, ...</param>
/// <param name="Many">On PostgreSQL, for all rows at once: each value is the array of a column. Null where it runs on SQLite alone.</param>
internal sealed record RowStatement(string One, string? Many = null);

/// <summary>A connection that keeps the commands it made, prepared.</summary>
internal abstract class PluginConnection : IDisposable
{
    private readonly Dictionary<string, DbCommand> _prepared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HotStatement> _hot = new(ReferenceEqualityComparer.Instance);

    /// <summary>How long a command may take that is prepared from now on; null for as long as the engine gives.</summary>
    public TimeSpan? CommandTimeout { get; set; }

    /// <summary>
    /// The prepared command of a statement; the same text gives the same command, so a text is not used inside itself. Set its values with
    /// <see cref="Binding"/>.
    /// </summary>
    public DbCommand Prepared(string sql)
    {
        if (_prepared.TryGetValue(sql, out var command))
            return command;
        command = CreateCommand();
        command.CommandText = sql;
        if (CommandTimeout is { } longest)
            command.CommandTimeout = (int)longest.TotalSeconds;
        _prepared.Add(sql, command);
        return command;
    }

    /// <summary>The prepared statement of a text, for work that is done for every delivery. The text is a constant: it is found by reference.</summary>
    public HotStatement Hot(string sql)
    {
        if (!_hot.TryGetValue(sql, out var statement))
            _hot.Add(sql, statement = CreateHot(sql));
        return statement;
    }

    /// <summary>Whether it is known, without asking, that no subscription has an order as long as the present transaction goes on.</summary>
    public virtual bool KnowsNoOrders => false;

    /// <summary>Behind the name of a table: the index that must serve, where the engine takes such orders.</summary>
    public virtual string IndexedBy(string index) => "";

    /// <summary>A command for a statement that is used once.</summary>
    public abstract DbCommand CreateCommand();

    /// <summary>Runs a statement without values.</summary>
    public void Run(string sql) => Prepared(sql).ExecuteNonQuery();

    /// <summary>Runs a statement for each of some rows.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="rows">The values of each row.</param>
    public virtual void RunForEach(RowStatement statement, IReadOnlyList<long[]> rows)
    {
        var hot = Hot(statement.One);
        foreach (var row in rows)
        {
            foreach (var value in row)
                hot.Put(value);
            hot.Run();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _prepared.Clear();
        foreach (var statement in _hot.Values)
            statement.Dispose();
        _hot.Clear();
        Close();
    }

    /// <summary>A statement by position.</summary>
    protected abstract HotStatement CreateHot(string sql);

    /// <summary>Closes what is below.</summary>
    protected abstract void Close();
}

/// <summary>Values of commands, and of the rows they give.</summary>
internal static class Binding
{
    /// <summary>Sets a number, the first time adding its parameter. A NULL has its type too: PostgreSQL wants to know.</summary>
    public static DbCommand Bind(this DbCommand command, string name, long? value) => command.Bind(name, DbType.Int64, value);

    /// <summary>Sets a truth value, stored as 0 or 1.</summary>
    public static DbCommand Bind(this DbCommand command, string name, bool value) => command.Bind(name, value ? 1L : 0L);

    /// <summary>Sets an instant, stored as Unix milliseconds.</summary>
    public static DbCommand Bind(this DbCommand command, string name, DateTimeOffset? value) => command.Bind(name, value?.ToUnixTimeMilliseconds());

    /// <summary>Sets a text, as the engine can store it.</summary>
    public static DbCommand Bind(this DbCommand command, string name, string? value) =>
        command.Bind(name, DbType.String, value is not null && command is NpgsqlCommand ? PostgresText.Storable(value) : value);

    /// <summary>Sets bytes.</summary>
    public static DbCommand Bind(this DbCommand command, string name, byte[]? value) => command.Bind(name, DbType.Binary, value);

    private static DbCommand Bind(this DbCommand command, string name, DbType type, object? value)
    {
        var index = command.Parameters.IndexOf(name);
        if (index < 0)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, type, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }
        else
        {
            command.Parameters[index].Value = value ?? DBNull.Value;
        }
        return command;
    }

    /// <summary>Reads all rows.</summary>
    public static List<T> List<T>(this DbCommand command, Func<DbDataReader, T> read)
    {
        using var reader = command.ExecuteReader();
        var list = new List<T>();
        while (reader.Read())
            list.Add(read(reader));
        return list;
    }

    /// <summary>Reads an instant stored as Unix milliseconds.</summary>
    public static DateTimeOffset GetInstant(this DbDataReader reader, int ordinal) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(ordinal));

    /// <summary>Reads an instant stored as Unix milliseconds, or null.</summary>
    public static DateTimeOffset? FindInstant(this DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetInstant(ordinal);

    /// <summary>Reads a text or null.</summary>
    public static string? FindString(this DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    /// <summary>The pattern for texts that contain another: <c>like(pattern, text, '\')</c>. Of letters only A to Z are the same large and small.</summary>
    public static string Containing(string text) =>
        $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";

    /// <summary>Reads a truth value: a condition, which is one on PostgreSQL and a number on SQLite, or a stored number, which is one on both.</summary>
    public static bool GetFlag(this DbDataReader reader, int ordinal) => Convert.ToBoolean(reader.GetValue(ordinal), CultureInfo.InvariantCulture);
}
