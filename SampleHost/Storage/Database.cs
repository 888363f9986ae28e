using System.Data;
using System.Data.Common;
using System.Threading.Channels;
using Dapper;
using SampleHost.Start;

namespace SampleHost.Storage;

/// <summary>
/// The host's database, on SQLite or PostgreSQL. All writing goes through one loop: it opens a transaction, runs every piece of work that waits, each in a
/// savepoint of its own, and commits once for all of them. So many saves at once share one fsync, and a save that fails undoes only itself.
/// Readers have connections of their own and see what is committed.
/// </summary>
internal sealed class Database(HostOptions options, TimeProvider time, ILogger<Database> logger) : IAsyncDisposable
{
    public const string FileName = "host.db";

    // More than this per commit gains nothing and makes the first one wait.
    private const int BatchLimit = 256;

    private readonly Channel<WriteJob> _jobs = Channel.CreateUnbounded<WriteJob>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _opening = new();
    private IDisposable? _lock;
    private DbConnection? _writer;
    private Task _loop = Task.CompletedTask;
    private bool _disposed;

    /// <summary>Told the newest change's sequence after each commit that appended one. Set once, before writing begins.</summary>
    public Action<IReadOnlyList<AppendedChange>>? ChangesCommitted { get; set; }

    /// <summary>Whether the writer is there to take work.</summary>
    public bool IsWriting => _writer is not null && !_disposed && !_loop.IsCompleted;

    /// <summary>Why the last save could not be written; null when it could.</summary>
    public string? WriteFault { get; private set; }

    /// <summary>The database system.</summary>
    public StorageEngine Engine { get; } = options.PostgresConnection is { } connection
        ? new PostgresEngine(connection, time, logger)
        : new SqliteEngine(Path.Combine(options.DataDirectory, FileName));

    /// <summary>Creates or upgrades the database and starts the writer. A second call does nothing.</summary>
    /// <param name="toServe">Only one process may serve from it; commands write beside it.</param>
    /// <exception cref="InvalidOperationException">Another host serves from it, or a newer version made it.</exception>
    public void Open(bool toServe = false)
    {
        lock (_opening)
            OpenOnce(toServe);
    }

    private void OpenOnce(bool toServe)
    {
        if (_writer is not null)
            return;
        OwnFolder.Create(options.DataDirectory);
        if (toServe)
            _lock = Engine.TakeLock();
        var writer = Engine.ConnectWriter();
        var applied = Migrations.Apply(Engine, writer);
        if (applied.Count > 0)
            logger.LogInformation("Applied migrations {Migrations} to {Database}.", applied, Engine.Place);
        _writer = writer;
        _loop = Task.Run(WriteLoopAsync);
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
        scope =>
        {
            Engine.TryWriting(scope.Connection);
            return 0;
        },
        cancellationToken);

    /// <summary>Runs work on a reading connection.</summary>
    public T Read<T>(Func<DbConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        for (var isFirst = true; ; isFirst = false)
        {
            var connection = Engine.TakeReader();
            T result;
            try
            {
                result = work(connection);
            }
            catch (Exception)
            {
                // Broken when it was taken, as after a restart of the server: reading twice does no harm.
                if (Engine.Return(connection) && isFirst)
                    continue;
                throw;
            }

            Engine.Return(connection);
            return result;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        _jobs.Writer.TryComplete();
        await _loop;
        if (_writer is not null)
            await _writer.DisposeAsync();
        await Engine.DisposeAsync();
        _lock?.Dispose();
    }

    private async Task WriteLoopAsync()
    {
        var batch = new List<WriteJob>(BatchLimit);
        while (await _jobs.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < BatchLimit && _jobs.Reader.TryRead(out var job))
                batch.Add(job);
            WriteBatch(batch);
        }
    }

    private void WriteBatch(List<WriteJob> batch)
    {
        var succeeded = new List<WriteJob>(batch.Count);
        var appended = new List<AppendedChange>();
        var isCommitting = false;
        try
        {
            var writer = OpenWriter();
            Engine.Begin(writer);
            foreach (var job in batch)
            {
                if (RunOne(writer, job) is { } changes)
                {
                    succeeded.Add(job);
                    appended.AddRange(changes);
                }
            }

            isCommitting = true;
            writer.Execute("COMMIT");
        }
        catch (Exception exception)
        {
            if (isCommitting && WasCommitted())
            {
                DatabaseLog.AnswerLost(logger, exception, batch.Count);
                Answer(succeeded, appended);
                return;
            }

            // Nothing of the batch is on disk, so every caller must hear of it; the writer itself goes on with the next batch.
            DatabaseLog.BatchLost(logger, exception, batch.Count);
            WriteFault = exception.Message;
            RollBack();
            foreach (var job in batch)
                job.Fail(exception);
            return;
        }

        Answer(succeeded, appended);
    }

    private void Answer(List<WriteJob> succeeded, List<AppendedChange> appended)
    {
        WriteFault = null;
        if (appended.Count > 0)
        {
            ChangesCommitted?.Invoke(appended);
            Engine.Announce();
        }

        foreach (var job in succeeded)
            job.Complete();
    }

    // A database server may have gone and come back since the last batch.
    private DbConnection OpenWriter()
    {
        if (_writer!.State != ConnectionState.Open)
        {
            _writer.Dispose();
            _writer = Engine.ConnectWriter();
        }
        return _writer;
    }

    private bool WasCommitted()
    {
        try
        {
            return Engine.WasCommitted(ref _writer!);
        }
        catch (Exception exception)
        {
            // Nobody can tell now. The callers hear that it failed; what they do then must bear that it was done.
            DatabaseLog.CommitUnknown(logger, exception);
            return false;
        }
    }

    /// <returns>The changes the job appended, or null when it failed and was answered.</returns>
    private List<AppendedChange>? RunOne(DbConnection writer, WriteJob job)
    {
        var scope = new WriteScope(writer, Engine.ChangeLog, WholeMilliseconds(time.GetUtcNow()), job.TraceParent);
        writer.Execute("SAVEPOINT save");
        try
        {
            job.Run(scope);
        }
        catch (Exception exception) when (Engine.IsInTransaction(writer))
        {
            // Whatever went wrong belongs to this one caller, who gets the exception; the others' work stands.
            writer.Execute("ROLLBACK TO save; RELEASE save");
            job.Fail(exception);
            return null;
        }

        writer.Execute(scope.IsUndone ? "ROLLBACK TO save; RELEASE save" : "RELEASE save");
        return scope.IsUndone ? [] : scope.Appended;
    }

    private void RollBack()
    {
        try
        {
            if (_writer is { State: ConnectionState.Open } writer && Engine.IsInTransaction(writer))
                writer.Execute("ROLLBACK");
        }
        catch (Exception exception)
        {
            // The connection is of no use any more; the next batch opens another.
            DatabaseLog.RollBackFailed(logger, exception);
            _writer!.Close();
        }
    }

    internal static DateTimeOffset WholeMilliseconds(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}

internal static partial class DatabaseLog
{
    [LoggerMessage(1001, LogLevel.Error, "Could not commit {Count} pieces of writing; all of them were undone and their callers told.")]
    public static partial void BatchLost(ILogger logger, Exception exception, int count);

    [LoggerMessage(1002, LogLevel.Warning, "The answer to a commit was lost, but the commit was made: {Count} pieces of writing stand.")]
    public static partial void AnswerLost(ILogger logger, Exception exception, int count);

    [LoggerMessage(1003, LogLevel.Error, "The answer to a commit was lost, and whether it was made cannot be told: its callers were told that it failed.")]
    public static partial void CommitUnknown(ILogger logger, Exception exception);

    [LoggerMessage(1004, LogLevel.Warning, "A transaction could not be rolled back; its connection is closed.")]
    public static partial void RollBackFailed(ILogger logger, Exception exception);
}
