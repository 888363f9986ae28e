using System.Globalization;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace SampleHost.Storage.Copy;

/// <summary>
/// A schema of PostgreSQL that is being filled. How far it is stands in tables beside the others, moved in the same transaction as the rows: a copy that was cut off
/// goes on from there. They are dropped when all is verified; while they are there no host serves from the schema.
/// </summary>
/// <remarks>
/// Meanwhile references between tables and triggers are off: rows come in the file's order, in which a record may stand before its parent, and values are copied, not
/// made again. What was taken off stands in <c>storage_copy_rule</c> until it is put back, which checks every row.
/// </remarks>
internal sealed class CopyTarget : IAsyncDisposable
{
    /// <summary>The table that says of every table how far it is. A schema that has it is not whole.</summary>
    public const string ProgressTable = "storage_copy";

    // One copy at a time fills a schema. The lock is the connection's, and ends with it.
    private const string TakeTurn = "SET lock_timeout = '10s'; SELECT pg_advisory_lock(hashtextextended('storage copy ' || @schema, 0)); SET lock_timeout = 0";

    private readonly NpgsqlConnection _connection;
    private readonly string _schema;

    private CopyTarget(NpgsqlConnection connection, string schema) => (_connection, _schema) = (connection, schema);

    /// <summary>Which database, in words for people; no password.</summary>
    public string Place => $"{_connection.Database} at {_connection.Host}:{_connection.Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Connects, and marks an empty schema as one that is being filled from a source.</summary>
    /// <param name="connectionString">As Npgsql reads it.</param>
    /// <param name="schema">The schema, which is made if it is not there.</param>
    /// <param name="source">From where; the same each time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">It holds something else; the message is the remedy.</exception>
    public static async Task<CopyTarget> OpenAsync(string connectionString, string schema, string source, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = schema, Pooling = false, CommandTimeout = 0, ApplicationName = "SampleHost storage copy" };
        var target = new CopyTarget(new NpgsqlConnection(settings.ConnectionString), schema);
        try
        {
            await target._connection.OpenAsync(cancellationToken);
            await target.TakeTurnAsync(cancellationToken);
            await target.MarkAsync(source, cancellationToken);
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <summary>The columns of its tables, as they are now.</summary>
    public async Task<ILookup<string, TargetColumn>> ReadColumnsAsync(CancellationToken cancellationToken) =>
        (await _connection.QueryAsync<TargetColumn>(Command(
            """
            SELECT c.relname::text AS "Table", a.attname::text AS "Name", format_type(a.atttypid, NULL) AS "Type", a.attgenerated <> '' AS "IsGenerated",
                   a.attidentity <> '' AS "IsIdentity", a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS "IsNeeded"
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = @schema::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY c.relname, a.attnum
            """,
            new { schema = _schema },
            cancellationToken))).ToLookup(column => column.Table, StringComparer.Ordinal);

    /// <summary>Takes references and triggers off and empties the tables of what their making put into them. Does nothing the second time.</summary>
    public async Task PrepareAsync(IReadOnlyList<CopiedTable> tables, CancellationToken cancellationToken)
    {
        if (await _connection.ExecuteScalarAsync<bool>(Command($"SELECT EXISTS (SELECT 1 FROM {ProgressTable})", null, cancellationToken)))
            return;
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        var off = new List<string>();
        foreach (var rule in await _connection.QueryAsync<(string Off, string On)>(Command(
            """
            SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
                   format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
            FROM pg_constraint WHERE connamespace = @schema::regnamespace AND contype = 'f' AND conparentid = 0
            UNION
            SELECT format('ALTER TABLE %s DISABLE TRIGGER USER', tgrelid::regclass), format('ALTER TABLE %s ENABLE TRIGGER USER', tgrelid::regclass)
            FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE c.relnamespace = @schema::regnamespace AND NOT tgisinternal
            """,
            new { schema = _schema },
            cancellationToken)))
        {
            off.Add(rule.Off);
            await _connection.ExecuteAsync(Command("INSERT INTO storage_copy_rule (statement) VALUES (@On)", new { rule.On }, cancellationToken));
        }

        foreach (var statement in off)
            await _connection.ExecuteAsync(Command(statement, null, cancellationToken));
        foreach (var table in tables)
        {
            await _connection.ExecuteAsync(Command($"DELETE FROM {Quote(table.Name)}", null, cancellationToken));
            await _connection.ExecuteAsync(Command($"INSERT INTO {ProgressTable} (name) VALUES (@Name)", new { table.Name }, cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>How many rows of a table are there.</summary>
    /// <exception cref="InvalidOperationException">The file has a table that it did not have when the copy was begun.</exception>
    public async Task<long> ReadProgressAsync(CopiedTable table, CancellationToken cancellationToken) =>
        await _connection.ExecuteScalarAsync<long?>(Command($"SELECT rows FROM {ProgressTable} WHERE name = @Name", new { table.Name }, cancellationToken))
        ?? throw new InvalidOperationException($"The table {table.Name} was not there when the copy was begun. {BeginAgain}");

    /// <summary>Adds rows and moves the progress, in one transaction.</summary>
    /// <exception cref="InvalidOperationException">A row breaks a rule of the table; the message is the remedy.</exception>
    public async Task AppendAsync(CopiedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await WriteAsync(table, rows, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is ['2', '2' or '3', ..])
        {
            // The detail would repeat values.
            throw new InvalidOperationException(
                $"{_schema}.{table.Name} refuses a row of the file: {exception.MessageText}. Names that differ in case alone are one in PostgreSQL, also in letters beyond A to Z, and its "
                + $"texts hold no NUL. Start the host on SQLite and correct the row. {BeginAgain}",
                exception);
        }

        await _connection.ExecuteAsync(Command(
            $"UPDATE {ProgressTable} SET rows = rows + @added WHERE name = @Name", new { added = rows.Count, table.Name }, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Lets the numbering of rows go on after the highest that the file ever gave, and puts references and triggers back.</summary>
    public async Task FinishAsync(IReadOnlyList<CopiedTable> tables, Func<string, long?> findHighestGiven, CancellationToken cancellationToken)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        foreach (var table in tables.Where(table => table.Identity is not null))
        {
            var highest = await _connection.ExecuteScalarAsync<long?>(Command($"SELECT max({Quote(table.Identity!)}) FROM {Quote(table.Name)}", null, cancellationToken));
            var given = Math.Max(highest ?? 0, findHighestGiven(table.Name) ?? 0);
            if (given > 0)
            {
                await _connection.ExecuteAsync(Command(
                    "SELECT setval(pg_get_serial_sequence(@table, @Identity), @given)", new { table = Quote(table.Name), table.Identity, given }, cancellationToken));
            }
        }

        foreach (var statement in (await _connection.QueryAsync<string>(Command("SELECT statement FROM storage_copy_rule", null, cancellationToken))).ToList())
            await _connection.ExecuteAsync(Command(statement, null, cancellationToken));
        await _connection.ExecuteAsync(Command("DELETE FROM storage_copy_rule", null, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The checksum of what is there.</summary>
    public async Task<RowSum> SumAsync(CopiedTable table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {string.Join(", ", table.Columns.Select(Quote))} FROM {Quote(table.Name)}", _connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (sum, values) = (new RowSum(), new object?[table.Columns.Count]);
        while (await reader.ReadAsync(cancellationToken))
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            sum.Add(values);
        }

        return sum;
    }

    /// <summary>Says that all is there.</summary>
    public Task ReleaseAsync(CancellationToken cancellationToken) =>
        _connection.ExecuteAsync(Command($"DROP TABLE {ProgressTable}, storage_copy_rule, storage_copy_source", null, cancellationToken));

    /// <summary>Keys of cookies, forms and what plugins encrypt; those that are there already are left.</summary>
    public async Task AddKeysAsync(IReadOnlyList<KeyFile> keys, CancellationToken cancellationToken)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        foreach (var key in keys)
        {
            await _connection.ExecuteAsync(Command(
                "INSERT INTO protection_keys (name, xml) SELECT @Name, @Xml WHERE NOT EXISTS (SELECT 1 FROM protection_keys WHERE name = @Name)", key, cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Whether all of these keys are there, as they are.</summary>
    public async Task<bool> HasKeysAsync(IReadOnlyList<KeyFile> keys, CancellationToken cancellationToken) =>
        keys.ToHashSet().IsSubsetOf(await _connection.QueryAsync<KeyFile>(Command("SELECT name AS \"Name\", xml AS \"Xml\" FROM protection_keys", null, cancellationToken)));

    /// <summary>What to do when the copy cannot be gone on with.</summary>
    public string BeginAgain =>
        $"Begin again: drop the schema {_schema} of the database {Place} (DROP SCHEMA {_schema} CASCADE), and run the command once more.";

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // One that was killed a moment ago may still hold it.
    private async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _connection.ExecuteAsync(Command(TakeTurn, new { schema = _schema }, cancellationToken));
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new InvalidOperationException($"Something is being copied to the schema {_schema} of the database {Place} already. Wait until that has ended.", exception);
        }
    }

    private async Task MarkAsync(string source, CancellationToken cancellationToken)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        var tables = (await _connection.QueryAsync<string>(Command(
            "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = @schema AND c.relkind IN ('r', 'p') ORDER BY c.relname",
            new { schema = _schema },
            cancellationToken))).ToList();
        if (tables.Contains(ProgressTable))
        {
            if (await _connection.ExecuteScalarAsync<string>(Command("SELECT source FROM storage_copy_source", null, cancellationToken)) is var begun && begun != source)
                throw new InvalidOperationException($"The schema {_schema} of the database {Place} is being filled from {begun}, and this is {source}. {BeginAgain}");
            return;
        }

        if (tables.Count > 0)
        {
            throw new InvalidOperationException(
                $"The schema {_schema} of the database {Place} has tables already, such as {tables[0]}. Whatever they hold stays as it is: if it was copied before, nothing is left to do. "
                + $"Else name an empty database, or, if it can go, drop the schema (DROP SCHEMA {_schema} CASCADE).");
        }

        await _connection.ExecuteAsync(Command(
            $"""
            CREATE SCHEMA IF NOT EXISTS {_schema};
            CREATE TABLE {ProgressTable} (name text PRIMARY KEY, rows bigint NOT NULL DEFAULT 0);
            CREATE TABLE storage_copy_rule (statement text NOT NULL);
            CREATE TABLE storage_copy_source (source text NOT NULL);
            """,
            null,
            cancellationToken));
        await _connection.ExecuteAsync(Command("INSERT INTO storage_copy_source (source) VALUES (@source)", new { source }, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task WriteAsync(CopiedTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        await using var import = await _connection.BeginBinaryImportAsync(
            $"COPY {Quote(table.Name)} ({string.Join(", ", table.Columns.Select(Quote))}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var row in rows)
        {
            await import.StartRowAsync(cancellationToken);
            for (var i = 0; i < row.Length; i++)
                await WriteAsync(import, row[i], table.Types[i], cancellationToken);
        }

        await import.CompleteAsync(cancellationToken);
    }

    private static Task WriteAsync(NpgsqlBinaryImporter import, object? value, NpgsqlDbType type, CancellationToken cancellationToken) => value switch
    {
        null => import.WriteNullAsync(cancellationToken),
        long number when type == NpgsqlDbType.Integer => import.WriteAsync(checked((int)number), type, cancellationToken),
        long number => import.WriteAsync(number, type, cancellationToken),
        string text => import.WriteAsync(text, type, cancellationToken),
        byte[] bytes => import.WriteAsync(bytes, type, cancellationToken),
        _ => throw new InvalidOperationException($"A value of the type {value.GetType().Name} has no place in PostgreSQL's tables."),
    };

    private static CommandDefinition Command(string sql, object? parameters, CancellationToken cancellationToken) => new(sql, parameters, cancellationToken: cancellationToken);

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
