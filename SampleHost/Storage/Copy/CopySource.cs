using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace SampleHost.Storage.Copy;

/// <summary>A table of the source.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">The columns that hold values; generated ones do not.</param>
/// <param name="Order">The columns by which its rows are read, always in the same order.</param>
/// <param name="Rows">How many it has.</param>
internal sealed record SourceTable(string Name, IReadOnlyList<string> Columns, string Order, long Rows);

/// <summary>The SQLite file that is copied. While it is open nobody else writes it, so all of it is of one state; who reads may.</summary>
internal sealed class CopySource : IDisposable
{
    private readonly SqliteConnection _connection;

    /// <param name="file">The file; its tables are up to date.</param>
    public CopySource(string file)
    {
        File = file;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            // A command such as "users add" may be at work.
            _connection.Execute("PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE");
            Tables = ReadTables();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public string File { get; }

    public IReadOnlyList<SourceTable> Tables { get; }

    /// <summary>The values of rows, in the table's order.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Which values.</param>
    /// <param name="skip">How many rows are passed over.</param>
    public IEnumerable<object?[]> Read(SourceTable table, IReadOnlyList<string> columns, long skip)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture, $"SELECT {string.Join(", ", columns.Select(Quote))} FROM {Quote(table.Name)} ORDER BY {table.Order} LIMIT -1 OFFSET {skip}");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var values = new object?[columns.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            yield return values;
        }
    }

    /// <summary>The highest number that a table ever gave to a row, also one that is gone; null where none is kept.</summary>
    public long? FindHighestGiven(string table) =>
        _connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_sequence'") == 0
            ? null
            : _connection.ExecuteScalar<long?>("SELECT seq FROM sqlite_sequence WHERE name = @table", new { table });

    public void Dispose() => _connection.Dispose();

    private List<SourceTable> ReadTables() =>
        [.. _connection.Query<(string Name, long WithoutRowId)>(
                "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name")
            .Select(table => new SourceTable(
                table.Name,
                [.. _connection.Query<string>("SELECT name FROM pragma_table_xinfo(@Name) WHERE hidden = 0 ORDER BY cid", new { table.Name })],
                table.WithoutRowId == 0
                    ? "rowid"
                    : string.Join(", ", _connection.Query<string>("SELECT name FROM pragma_table_info(@Name) WHERE pk > 0 ORDER BY pk", new { table.Name }).Select(Quote)),
                _connection.ExecuteScalar<long>($"SELECT count(*) FROM {Quote(table.Name)}")))];

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
