using System.Globalization;
using Dam.Hosting;
using SampleHost.Loading;

namespace SampleHost.Storage.Copy;

/// <summary>Copies everything that host and plugins keep in SQLite files to PostgreSQL. Cut off, it goes on where it was when it is run again.</summary>
/// <remarks>
/// 1. The files are taken: no host serves from them, and nobody writes them. 2. The tables are made in a database that is empty or has this copy's beginning. 3. The keys
/// of the data protection come over, from files. 4. The rows come over, in pieces. 5. What was off while they came is put back. 6. Both sides are read and
/// compared. 7. The marks are removed: hosts may serve.
/// </remarks>
internal sealed class StorageCopy(HostOptions options, RestingPlugins plugins, TimeProvider time, ILogger<StorageCopy> logger, TextWriter output)
{
    private const int MostRows = 1000;
    private const int MostBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(1);

    private readonly List<Part> _parts = [];

    /// <exception cref="InvalidOperationException">It cannot be done or is not right; the message says what to do.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The target failed.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var keys = KeyFile.ReadAll(KeyFile.FolderOf(options.DataDirectory));
        try
        {
            var host = await OpenHostAsync(cancellationToken);
            await host.Target.AddKeysAsync(keys, cancellationToken);
            foreach (var (id, tables) in plugins.Ask<IMovableTables>())
                await OpenPluginAsync(id, tables, cancellationToken);
            foreach (var id in plugins.FindUnknownData())
                await output.WriteLineAsync($"Left as it is: the data of the plugin {id}, which is not in {options.PluginsDirectory}.");

            foreach (var part in _parts)
                await CopyAsync(part, cancellationToken);
            foreach (var part in _parts)
                await part.Target.FinishAsync(part.Tables, part.Source.FindHighestGiven, cancellationToken);
            await output.WriteLineAsync("All rows are copied. Comparing both sides.");
            foreach (var part in _parts)
                await CompareAsync(part, cancellationToken);
            if (!await host.Target.HasKeysAsync(keys, cancellationToken))
                throw new InvalidOperationException($"The keys in {KeyFile.FolderOf(options.DataDirectory)} are not those of the database {host.Target.Place}. {host.Target.BeginAgain}");

            // The host's marks last: while they are there, no host serves.
            for (var i = _parts.Count - 1; i >= 0; i--)
                await _parts[i].Target.ReleaseAsync(cancellationToken);
            await output.WriteLineAsync(
                $"Done: {host.Target.Place} holds what was in {options.DataDirectory}, keys included ({keys.Count}). Start the host with Host:Storage:Provider=postgres. Uploaded files stay in {options.FilesDirectory}.");
        }
        finally
        {
            foreach (var part in _parts)
                await part.DisposeAsync();
        }
    }

    private async Task<Part> OpenHostAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(options.DataDirectory, Database.FileName);
        if (!File.Exists(file))
            throw new InvalidOperationException($"There is no database {file}. Give Host:DataDirectory the folder of the host that moves.");
        var hold = TakeHost(file);
        CopyTarget? target = null;
        try
        {
            target = await CopyTarget.OpenAsync(options.PostgresConnection!, PostgresEngine.Schema, file, cancellationToken);
            await MigrateAsync(new SqliteEngine(file));
            await MigrateAsync(new PostgresEngine(options.PostgresConnection!, time, logger));
            return await OpenAsync(file, target, PostgresEngine.Schema, hold, cancellationToken);
        }
        catch
        {
            hold.Dispose();
            if (target is not null)
                await target.DisposeAsync();
            throw;
        }
    }

    private async Task OpenPluginAsync(string id, IMovableTables tables, CancellationToken cancellationToken)
    {
        if (tables.FindMove() is not { } move)
        {
            await output.WriteLineAsync($"The plugin {id} has nothing to copy.");
            return;
        }

        var target = await CopyTarget.OpenAsync(move.ConnectionString, move.Schema, move.File, cancellationToken);
        IDisposable? hold = null;
        try
        {
            hold = tables.Prepare();
            await OpenAsync(move.File, target, move.Schema, hold, cancellationToken);
        }
        catch
        {
            hold?.Dispose();
            await target.DisposeAsync();
            throw;
        }
    }

    private async Task<Part> OpenAsync(string file, CopyTarget target, string schema, IDisposable hold, CancellationToken cancellationToken)
    {
        var source = new CopySource(file);
        try
        {
            var tables = CopiedTable.Match(source.Tables, await target.ReadColumnsAsync(cancellationToken), schema);
            await target.PrepareAsync(tables, cancellationToken);
            await output.WriteLineAsync($"{file} -> {schema} in {target.Place}: {tables.Count} tables, {Text(tables.Sum(table => table.Source.Rows))} rows");
            var part = new Part(schema, source, target, tables, hold);
            _parts.Add(part);
            return part;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private async Task CopyAsync(Part part, CancellationToken cancellationToken)
    {
        foreach (var table in part.Tables)
        {
            var done = await part.Target.ReadProgressAsync(table, cancellationToken);
            if (done >= table.Source.Rows)
                continue;
            if (done > 0)
                await output.WriteLineAsync($"{part.Schema}.{table.Name}: goes on after {Text(done)} rows");
            long? told = null;
            foreach (var rows in Chunks(part.Source.Read(table.Source, table.Columns, done)))
            {
                await part.Target.AppendAsync(table, rows, cancellationToken);
                done += rows.Count;
                if (done == table.Source.Rows || told is null || time.GetElapsedTime(told.Value) > BetweenLines)
                {
                    told = time.GetTimestamp();
                    await output.WriteLineAsync($"{part.Schema}.{table.Name}: {Text(done)} of {Text(table.Source.Rows)} rows");
                }
            }
        }
    }

    private async Task CompareAsync(Part part, CancellationToken cancellationToken)
    {
        foreach (var table in part.Tables)
        {
            var sum = new RowSum();
            foreach (var row in part.Source.Read(table.Source, table.Columns, skip: 0))
            {
                cancellationToken.ThrowIfCancellationRequested();
                sum.Add(row);
            }

            var copied = await part.Target.SumAsync(table, cancellationToken);
            if (!sum.Equals(copied))
            {
                throw new InvalidOperationException(
                    $"{part.Schema}.{table.Name} is not what it should be: {sum} in {part.Source.File}, {copied} in {part.Target.Place}. One of them was written to meanwhile. {part.Target.BeginAgain}");
            }

            await output.WriteLineAsync($"{part.Schema}.{table.Name}: {sum}, the same on both sides");
        }
    }

    private static DatabaseLock TakeHost(string file)
    {
        try
        {
            return DatabaseLock.Take(file);
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException($"A host serves from {file}, or another copy reads it. Stop the host, then run the command again.", exception);
        }
    }

    private static async Task MigrateAsync(StorageEngine engine)
    {
        await using (engine)
        {
            await using var connection = engine.ConnectMigrator();
            Migrations.Apply(engine, connection);
        }
    }

    // Bounded by rows and by bytes: a piece is in memory at once.
    private static IEnumerable<List<object?[]>> Chunks(IEnumerable<object?[]> rows)
    {
        var (chunk, bytes) = (new List<object?[]>(), 0L);
        foreach (var row in rows)
        {
            chunk.Add(row);
            bytes += row.Sum(value => value switch { byte[] blob => blob.Length, string text => text.Length * sizeof(char), _ => sizeof(long) });
            if (chunk.Count < MostRows && bytes < MostBytes)
                continue;
            yield return chunk;
            (chunk, bytes) = ([], 0);
        }

        if (chunk.Count > 0)
            yield return chunk;
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Part(string Schema, CopySource Source, CopyTarget Target, IReadOnlyList<CopiedTable> Tables, IDisposable Hold) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Source.Dispose();
            await Target.DisposeAsync();
            Hold.Dispose();
        }
    }
}
