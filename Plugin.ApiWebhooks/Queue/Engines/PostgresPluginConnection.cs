using System.Data;
using System.Data.Common;
using Npgsql;

namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>A connection to PostgreSQL.</summary>
internal sealed class PostgresPluginConnection(NpgsqlConnection connection) : PluginConnection
{
    /// <summary>Whether it can still be used.</summary>
    public bool IsOpen => connection.State == ConnectionState.Open;

    /// <summary>Its row in the table of the writers; null before its first transaction.</summary>
    public long? Writer { get; set; }

    /// <summary>The number of the transaction that was begun last, as its row has it when it is committed; null for none that could write.</summary>
    public long? Transaction { get; set; }

    /// <summary>Whether the present transaction excludes, by its lock, that a subscription comes to have an order; and none has one.</summary>
    public bool ExcludesOrders { get; set; }

    /// <inheritdoc/>
    public override bool KnowsNoOrders => ExcludesOrders;

    /// <inheritdoc/>
    public override DbCommand CreateCommand() => connection.CreateCommand();

    /// <summary>A command with values by position.</summary>
    public NpgsqlCommand CreateCommand(string sql) => new(sql, connection);

    /// <summary>A command with its values, in the order of <c>$1</c>, <c>$2</c>, ...: numbers, or arrays of numbers or texts.</summary>
    public NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(Parameter(value));
        return command;
    }

    /// <summary>Begins to store many rows.</summary>
    public PostgresCopy Copy(string sql) => new(connection.BeginBinaryImport(sql));

    /// <inheritdoc/>
    public override void RunForEach(RowStatement statement, IReadOnlyList<long[]> rows)
    {
        if (rows.Count == 0)
            return;
        using var command = CreateCommand(statement.Many!);
        for (var column = 0; column < rows[0].Length; column++)
        {
            var values = new long[rows.Count];
            for (var row = 0; row < values.Length; row++)
                values[row] = rows[row][column];
            command.Parameters.Add(Parameter(values));
        }
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    protected override HotStatement CreateHot(string sql) => new PostgresHotStatement(this, sql);

    private static NpgsqlParameter Parameter(object value) => value switch
    {
        int number => new NpgsqlParameter<long> { TypedValue = number },
        long number => new NpgsqlParameter<long> { TypedValue = number },
        long[] numbers => new NpgsqlParameter<long[]> { TypedValue = numbers },
        string[] texts => new NpgsqlParameter<string[]> { TypedValue = texts },
        _ => throw new ArgumentException($"No parameter is made of {value.GetType()}.", nameof(value)),
    };

    /// <inheritdoc/>
    protected override void Close() => connection.Dispose();
}
