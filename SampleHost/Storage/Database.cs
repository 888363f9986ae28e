using System.Collections.Concurrent;
using System.Threading.Channels;
using Dapper;
using Microsoft.Data.Sqlite;
using SampleHost.Start;

namespace SampleHost.Storage;

/// <summary>
/// The host's SQLite database. All writing goes through one loop: it opens a transaction, runs every piece of work that waits, each in a
/// savepoint of its own, and commits once for all of them. So many saves at once share one fsync, and a save that fails undoes only itself.
/// Readers have connections of their own and see what is committed.
/// </summary>
internal sealed class Database(HostOptions options, TimeProvider time, ILogger<Database> logger) : IAsyncDisposable
{
    public const string FileName = "host.db";

    // More than this per commit gains nothing and makes the first one wait.
    private const int BatchLimit = 256;

    private readonly Channel<WriteJob> _jobs = Channel.CreateUnbounded<WriteJob>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private DatabaseLock? _lock;
    private SqliteConnection? _writer;
    private Task _loop = Task.CompletedTask;
    private bool _disposed;

    /// <summary>Told the newest change's sequence after each commit that appended one. Set once, before writing begins.</summary>
    public Action<IReadOnlyList<AppendedChange>>? ChangesCommitted { get; set; }

    /// <summary>Whether the writer is there to take work.</summary>
    public bool IsWriting => _writer is not null && !_disposed && !_loop.IsCompleted;

    /// <summary>Why the last save could not be written; null when it could.</summary>
    public string? WriteFault { get; private set; }

    public string FilePath { get; } = Path.Combine(options.DataDirectory, FileName);

    /// <summary>Creates or upgrades the database and starts the writer. A second call does nothing.</summary>
    /// <param name="toServe">Only one process may serve from it; commands write beside it.</param>
    /// <exception cref="InvalidOperationException">Another host serves from it, or a newer version made it.</exception>
    public void Open(bool toServe = false)
    {
        if (_writer is not null)
            return;
        CreateDataDirectory(options.DataDirectory);
        if (toServe)
            _lock = DatabaseLock.Take(FilePath);
        var writer = Connect();
        var applied = Migrations.Apply(writer);
        if (applied.Count > 0)
            logger.LogInformation("Applied migrations {Migrations} to {Database}.", applied, FilePath);
        _writer = writer;
        _loop = Task.Run(() => WriteLoopAsync(writer));
    }

    /// <summary>Runs work in a savepoint of the writer's transaction. The task completes after the commit, when all is on disk.</summary>
    /// <remarks>The work runs on the writer: it must neither wait for anything nor call <see cref="WriteAsync"/>.</remarks>
    public async Task<T> WriteAsync<T>(Func<WriteScope, T> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var job = new WriteJob<T>(work, cancellationToken);
        await _jobs.Writer.WriteAsync(job, cancellationToken);
        return await job.Answer;
    }

    /// <summary>After a save that could not be written: writes what stands there already, to see whether it is possible again.</summary>
    public Task TryWritingAsync(CancellationToken cancellationToken) => WriteAsync(
        scope => scope.Connection.Execute($"PRAGMA user_version = {scope.Connection.ExecuteScalar<long>("PRAGMA user_version")}"), cancellationToken);

    /// <summary>Runs work on a reading connection.</summary>
    public T Read<T>(Func<SqliteConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_readers.TryTake(out var connection))
            connection = Connect();
        try
        {
            return work(connection);
        }
        finally
        {
            if (_disposed)
                connection.Dispose();
            else
                _readers.Add(connection);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        _jobs.Writer.TryComplete();
        await _loop;
        if (_writer is not null)
            await _writer.DisposeAsync();
        while (_readers.TryTake(out var reader))
            await reader.DisposeAsync();
        _lock?.Dispose();
    }

    private SqliteConnection Connect()
    {
        // No pooling: the connections are kept here, and disposing one really closes the file.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = FilePath, Pooling = false }.ToString());
        connection.Open();
        connection.Execute(ConnectionSettings);
        return connection;
    }

    // Keys, hashes and private files lie here: a folder made by the host is its user's alone.
    private static void CreateDataDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task WriteLoopAsync(SqliteConnection writer)
    {
        var batch = new List<WriteJob>(BatchLimit);
        while (await _jobs.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < BatchLimit && _jobs.Reader.TryRead(out var job))
                batch.Add(job);
            WriteBatch(writer, batch);
        }
    }

    private void WriteBatch(SqliteConnection writer, List<WriteJob> batch)
    {
        var succeeded = new List<WriteJob>(batch.Count);
        var appended = new List<AppendedChange>();
        try
        {
            writer.Execute("BEGIN IMMEDIATE");
            foreach (var job in batch)
            {
                if (RunOne(writer, job) is { } changes)
                {
                    succeeded.Add(job);
                    appended.AddRange(changes);
                }
            }

            writer.Execute("COMMIT");
        }
        catch (Exception exception)
        {
            // Nothing of the batch is on disk, so every caller must hear of it; the writer itself goes on with the next batch.
            DatabaseLog.BatchLost(logger, exception, batch.Count);
            WriteFault = exception.Message;
            RollBack(writer);
            foreach (var job in batch)
                job.Fail(exception);
            return;
        }

        WriteFault = null;
        if (appended.Count > 0)
            ChangesCommitted?.Invoke(appended);
        foreach (var job in succeeded)
            job.Complete();
    }

    /// <returns>The changes the job appended, or null when it failed and was answered.</returns>
    private List<AppendedChange>? RunOne(SqliteConnection writer, WriteJob job)
    {
        var scope = new WriteScope(writer, WholeMilliseconds(time.GetUtcNow()), job.TraceParent);
        writer.Execute("SAVEPOINT save");
        try
        {
            job.Run(scope);
        }
        catch (Exception exception) when (StillInTransaction(writer))
        {
            // Whatever went wrong belongs to this one caller, who gets the exception; the others' work stands.
            writer.Execute("ROLLBACK TO save; RELEASE save");
            job.Fail(exception);
            return null;
        }

        writer.Execute(scope.IsUndone ? "ROLLBACK TO save; RELEASE save" : "RELEASE save");
        return scope.IsUndone ? [] : scope.Appended;
    }

    // A full disk makes SQLite roll the whole transaction back by itself; then the batch as a whole has failed.
    private static bool StillInTransaction(SqliteConnection connection) =>
        SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0;

    private static void RollBack(SqliteConnection writer)
    {
        if (StillInTransaction(writer))
            writer.Execute("ROLLBACK");
    }

    internal static DateTimeOffset WholeMilliseconds(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());

    // FULL: what is acknowledged survives a power cut. The busy time-out serves a second process, such as "users add".
    private const string ConnectionSettings = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA busy_timeout = 10000;
        PRAGMA temp_store = MEMORY;
        """;
}

internal static partial class DatabaseLog
{
    [LoggerMessage(1001, LogLevel.Error, "Could not commit {Count} pieces of writing; all of them were undone and their callers told.")]
    public static partial void BatchLost(ILogger logger, Exception exception, int count);
}
