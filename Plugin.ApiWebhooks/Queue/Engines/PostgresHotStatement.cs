using System.Globalization;
using Npgsql;

namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>
/// The rows are read whole at the first <see cref="Read"/>: a connection does one thing at a time, and what is done between two rows uses the same. The statements
/// that are read have a limit.
/// </summary>
internal sealed class PostgresHotStatement : HotStatement
{
    private readonly NpgsqlCommand _command;
    private List<object[]>? _rows;
    private int _row;
    private long _lastId;

    public PostgresHotStatement(PostgresPluginConnection connection, string sql) => _command = connection.CreateCommand(sql.Replace('?', '$'));

    /// <inheritdoc/>
    public override long LastId => _lastId;

    /// <inheritdoc/>
    public override void Put(long value) => _command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });

    /// <inheritdoc/>
    public override void Put(string value) => _command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = PostgresText.Storable(value) });

    /// <inheritdoc/>
    public override void PutBlob(ReadOnlyMemory<byte> value) => _command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = value });

    /// <inheritdoc/>
    public override void PutNull() => _command.Parameters.Add(new NpgsqlParameter { Value = DBNull.Value });

    /// <inheritdoc/>
    public override int Run()
    {
        try
        {
            using var reader = _command.ExecuteReader();
            if (reader.Read())
                _lastId = reader.GetInt64(0);
            reader.Close();
            return reader.RecordsAffected;
        }
        finally
        {
            _command.Parameters.Clear();
        }
    }

    /// <inheritdoc/>
    public override bool Read()
    {
        _rows ??= ReadAll();
        if (_row < _rows.Count)
        {
            _row++;
            return true;
        }
        End();
        return false;
    }

    /// <inheritdoc/>
    public override void End() => (_rows, _row) = (null, 0);

    /// <inheritdoc/>
    public override bool IsNull(int column) => ValueOf(column) is DBNull;

    /// <inheritdoc/>
    public override long Number(int column) => Convert.ToInt64(ValueOf(column), CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string Text(int column) => (string)ValueOf(column);

    /// <inheritdoc/>
    public override byte[] Blob(int column) => (byte[])ValueOf(column);

    /// <inheritdoc/>
    public override void Dispose() => _command.Dispose();

    private object ValueOf(int column) => _rows![_row - 1][column];

    private List<object[]> ReadAll()
    {
        try
        {
            var rows = new List<object[]>();
            using var reader = _command.ExecuteReader();
            while (reader.Read())
            {
                var row = new object[reader.FieldCount];
                reader.GetValues(row);
                rows.Add(row);
            }
            return rows;
        }
        finally
        {
            _command.Parameters.Clear();
        }
    }
}
