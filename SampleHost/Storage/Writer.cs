using System.Data;
using System.Data.Common;
using System.Threading.Channels;
using Dapper;

namespace SampleHost.Storage;

/// <summary>
/// The one loop that writes: it opens a transaction, runs every piece of work that waits, each in a savepoint of its own, and commits once for all of them. So many saves at
/// once share one fsync, and a save that fails undoes only itself.
/// </summary>
/// <remarks>
/// While the database is slow or away, work waits in a queue of limited length for a limited time; what does not fit or has waited too long is refused, and was never begun.
/// Where the answer to a commit was lost, the database is asked whether it was made before anybody is answered.
/// </remarks>
internal sealed class Writer(StorageEngine engine, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>How many pieces of work wait at most.</summary>
    public const int QueueLimit = 1024;

    /// <summary>How long one waits to be begun.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // More than this per commit gains nothing and makes the first one wait.
    private const int BatchLimit = 256;
    private static readonly TimeSpan FatePatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FateRest = TimeSpan.FromMilliseconds(250);

    private readonly Channel<WriteJob> _jobs = Channel.CreateBounded<WriteJob>(new BoundedChannelOptions(QueueLimit) { SingleReader = true });
    private DbConnection _connection = engine.ConnectWriter();
    private Task _loop = Task.CompletedTask;
    private long _beganTimestamp;

    /// <summary>Told of the changes of each commit that appended some.</summary>
    public required Action<IReadOnlyList<AppendedChange>> Committed { get; init; }

    /// <summary>Why the last save could not be written; null when it could.</summary>
    public StorageFault? Fault { get; private set; }

    /// <summary>Whether it takes work.</summary>
    public bool IsRunning => !_loop.IsCompleted;

    /// <summary>For how long the batch that is being written has taken; null when none is.</summary>
    public TimeSpan? BusyFor => Interlocked.Read(ref _beganTimestamp) is not 0 and var began ? TimeProvider.System.GetElapsedTime(began) : null;

    public void Start() => _loop = Task.Run(LoopAsync);

    /// <summary>Has work done. The task completes after the commit, when all is on disk.</summary>
    /// <exception cref="StorageUnavailableException">It was not done, and why.</exception>
    public async Task<T> WriteAsync<T>(WriteJob<T> job)
    {
        if (engine.Fault is { } fault)
            throw new StorageUnavailableException(fault.Sentence);
        if (!_jobs.Writer.TryWrite(job))
            throw new StorageUnavailableException("The database writes more slowly than is saved: too many saves wait for it.");
        // Real time: what waits is a request.
        await ((Task)job.Answer).WaitAsync(Patience, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!job.Answer.IsCompleted && job.TryTake())
            throw new StorageUnavailableException($"The database writes more slowly than is saved: this save's turn has not come within {Patience.TotalSeconds:0} seconds.");
        return await job.Answer;
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _loop;
        await _connection.DisposeAsync();
    }

    private async Task LoopAsync()
    {
        var batch = new List<WriteJob>(BatchLimit);
        while (await _jobs.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < BatchLimit && _jobs.Reader.TryRead(out var job))
            {
                if (job.TryTake())
                    batch.Add(job);
            }

            if (batch.Count == 0)
                continue;
            Interlocked.Exchange(ref _beganTimestamp, TimeProvider.System.GetTimestamp());
            await WriteBatchAsync(batch);
            Interlocked.Exchange(ref _beganTimestamp, 0);
        }
    }

    private async Task WriteBatchAsync(List<WriteJob> batch)
    {
        var succeeded = new List<WriteJob>(batch.Count);
        var appended = new List<AppendedChange>();
        var isCommitting = false;
        try
        {
            Begin();
            foreach (var job in batch)
            {
                if (RunOne(job) is { } changes)
                {
                    succeeded.Add(job);
                    appended.AddRange(changes);
                }
            }

            isCommitting = true;
            _connection.Execute("COMMIT");
        }
        catch (Exception exception)
        {
            if (isCommitting && engine.IsOpenWhetherCommitted(_connection, exception))
                await AnswerOpenAsync(batch, succeeded, appended, exception);
            else
                Refuse(batch, exception);
            return;
        }

        Answer(succeeded, appended);
    }

    private void Answer(List<WriteJob> succeeded, List<AppendedChange> appended)
    {
        Fault = null;
        if (appended.Count > 0)
        {
            Committed(appended);
            engine.Announce();
        }

        foreach (var job in succeeded)
            job.Complete();
    }

    // Nothing of the batch is on disk, so every caller must hear of it; the writer itself goes on with the next batch.
    private void Refuse(List<WriteJob> batch, Exception exception)
    {
        WriterLog.BatchLost(logger, exception, batch.Count);
        NoteFault(exception);
        // A connection that broke meanwhile makes later statements fail in ways that do not tell of it.
        var told = engine.Judge(exception) == StorageTrouble.None && _connection.State != ConnectionState.Open
            ? new StorageUnavailableException("The connection to the database broke.", exception)
            : exception;
        RollBack(exception);
        foreach (var job in batch)
            job.Fail(told);
    }

    private async Task AnswerOpenAsync(List<WriteJob> batch, List<WriteJob> succeeded, List<AppendedChange> appended, Exception exception)
    {
        switch (await FindFateAsync())
        {
            case true:
                WriterLog.AnswerLost(logger, exception, batch.Count);
                Answer(succeeded, appended);
                break;
            case false:
                Refuse(batch, exception);
                break;
            default:
                // Nobody can tell now. What the callers do must bear that it was done; so do those who read the change log, who find it there.
                WriterLog.CommitUnknown(logger, exception, batch.Count);
                NoteFault(exception);
                foreach (var job in batch)
                    job.Fail(new StorageUnavailableException("The answer of the database to the commit was lost.", exception) { MayStand = true });
                break;
        }
    }

    /// <returns>Whether the batch was committed; null when it cannot be told.</returns>
    private async Task<bool?> FindFateAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return engine.WasCommitted(ref _connection);
            }
            catch (Exception exception)
            {
                // A server that starts again, or a standby that takes over: it is worth asking until somebody knows.
                WriterLog.FateNotKnownYet(logger, exception.Message);
                if (TimeProvider.System.GetElapsedTime(began) > FatePatience)
                    return null;
            }

            await Task.Delay(FateRest, TimeProvider.System);
        }
    }

    private void Begin()
    {
        if (engine.Fault is { } fault)
            throw new StorageUnavailableException(fault.Sentence);
        // A database server may have gone and come back since the last batch. Then nothing was begun, and another connection may do it.
        if (_connection.State == ConnectionState.Open)
        {
            try
            {
                engine.Begin(_connection);
                return;
            }
            catch (DbException) when (_connection.State != ConnectionState.Open)
            {
                WriterLog.ConnectionLost(logger);
            }
        }

        _connection.Dispose();
        _connection = engine.ConnectWriter();
        engine.Begin(_connection);
    }

    /// <returns>The changes the job appended, or null when it failed and was answered.</returns>
    private List<AppendedChange>? RunOne(WriteJob job)
    {
        var scope = new WriteScope(_connection, engine.ChangeLog, Database.WholeMilliseconds(time.GetUtcNow()), job.TraceParent);
        _connection.Execute("SAVEPOINT save");
        try
        {
            job.Run(scope);
        }
        catch (Exception exception) when (engine.IsInTransaction(_connection) && !engine.EndsBatch(exception))
        {
            // Whatever went wrong belongs to this one caller, who gets the exception; the others' work stands.
            _connection.Execute("ROLLBACK TO save; RELEASE save");
            job.Fail(exception);
            return null;
        }

        _connection.Execute(scope.IsUndone ? "ROLLBACK TO save; RELEASE save" : "RELEASE save");
        return scope.IsUndone ? [] : scope.Appended;
    }

    private void NoteFault(Exception exception) =>
        Fault = new StorageFault($"{StorageFault.Reason(exception)}.", Fault?.SinceAt ?? time.GetUtcNow(), CanRead: true);

    private void RollBack(Exception exception)
    {
        try
        {
            if (_connection.State == ConnectionState.Open && engine.IsInTransaction(_connection))
                _connection.Execute("ROLLBACK");
            if (engine.EndsConnection(exception))
                _connection.Close();
        }
        catch (Exception ex)
        {
            // The connection is of no use any more; the next batch opens another.
            WriterLog.RollBackFailed(logger, ex);
            _connection.Close();
        }
    }
}

internal static partial class WriterLog
{
    [LoggerMessage(1001, LogLevel.Error, "Could not commit {Count} pieces of writing; all of them were undone and their callers told.")]
    public static partial void BatchLost(ILogger logger, Exception exception, int count);

    [LoggerMessage(1002, LogLevel.Warning, "The answer to a commit was lost, but the commit was made: {Count} pieces of writing stand.")]
    public static partial void AnswerLost(ILogger logger, Exception exception, int count);

    [LoggerMessage(1003, LogLevel.Error, "The answer to a commit of {Count} pieces of writing was lost, and whether it was made cannot be told: so their callers were told.")]
    public static partial void CommitUnknown(ILogger logger, Exception exception, int count);

    [LoggerMessage(1004, LogLevel.Warning, "A transaction could not be rolled back; its connection is closed.")]
    public static partial void RollBackFailed(ILogger logger, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "The answer to a commit was lost; whether it was made is not known yet: {Reason}")]
    public static partial void FateNotKnownYet(ILogger logger, string reason);

    [LoggerMessage(1006, LogLevel.Information, "The writer's connection to the database was lost while nothing was written; it has another.")]
    public static partial void ConnectionLost(ILogger logger);
}
