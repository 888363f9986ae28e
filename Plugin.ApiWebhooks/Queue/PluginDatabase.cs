using System.Collections.Concurrent;
using System.Data.Common;
using System.Threading.Channels;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>The plugin's own database: one writer, many readers, every commit on the disk before it is reported.</summary>
/// <remarks>
/// A commit costs a disk synchronisation, whatever it holds. Hence the one loop: while it commits, work gathers, and all that gathered is committed
/// together (group commit; at 100 rows together that is 40 times the rate of one by one).
/// <para>
/// One kind of work does not wait for the disk: what would be done again from the host's change log, in the same way, if the power failed at that moment
/// (<see cref="WriteRepeatableAsync"/>). It is on the disk with the next commit that does. A process that is killed loses neither.
/// </para>
/// </remarks>
internal sealed class PluginDatabase : IAsyncDisposable
{
    private const int MostTogether = 256;

    // Longer than a statement may take: whoever waits then is better told.
    private static readonly TimeSpan ReaderPatience = TimeSpan.FromSeconds(40);

    private readonly QueueEngine _engine;
    private PluginConnection _writer;
    private readonly Channel<WaitingWork> _waiting = Channel.CreateBounded<WaitingWork>(
        new BoundedChannelOptions(1024) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly ConcurrentBag<PluginConnection> _readers = [];
    private readonly SemaphoreSlim _reading;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _disposed;
    private volatile string? _writeFault;
    private long _commits;

    private PluginDatabase(QueueEngine engine, PluginConnection writer)
    {
        (_engine, _writer, _reading) = (engine, writer, new SemaphoreSlim(engine.MostReaders));
        // A thread of its own: it waits for the disk most of the time, which a pool thread should not.
        new Thread(WriteLoop) { Name = "ApiWebhooks database writer", IsBackground = true }.Start();
    }

    /// <summary>Why the last transaction could not be written, in the engine's words; null when it could. Whoever waits for it tries again.</summary>
    public string? WriteFault => _writeFault;

    /// <summary>How often something was committed since it was opened: whoever shows what it read knows by it when to look again.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Which database, in words for people.</summary>
    public string Place => _engine.Place;

    /// <summary>The database system.</summary>
    public QueueEngine Engine => _engine;

    /// <summary>Learns that others may have written: whoever shows what is read looks again.</summary>
    public void NoteOthers() => Interlocked.Increment(ref _commits);

    /// <summary>The statements of the queue.</summary>
    public QueueStatements Statements => _engine.Statements;

    /// <summary>How the rows of the queue are written.</summary>
    public QueueRows Rows => _engine.Rows;

    /// <summary>What holds for the database's engine, of two things of which each is for one.</summary>
    public T Choose<T>(T sqlite, T postgres) => _engine.Choose(sqlite, postgres);

    /// <summary>Opens or creates an SQLite file and brings its tables up to date.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <exception cref="DbException">The file cannot be opened or is no database.</exception>
    /// <exception cref="InvalidOperationException">The file was made by a newer version of the plugin, or another process uses it.</exception>
    public static PluginDatabase Open(string path) => Open(new SqliteEngine(path));

    /// <summary>Opens a database and brings its tables up to date.</summary>
    /// <param name="engine">The database system; it is disposed of with the database, also when this fails.</param>
    /// <exception cref="DbException">It cannot be opened.</exception>
    /// <exception cref="InvalidOperationException">It was made by a newer version of the plugin.</exception>
    public static PluginDatabase Open(QueueEngine engine)
    {
        PluginConnection? writer = null;
        try
        {
            writer = engine.Connect(writes: true);
            engine.Migrate(writer);
            return new PluginDatabase(engine, writer);
        }
        catch
        {
            writer?.Dispose();
            engine.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs work on the one writing connection, in a transaction that it shares with other work waiting at the same time. Work that throws is
    /// undone alone.
    /// </summary>
    /// <param name="work">The work; it uses the connection synchronously and keeps nothing of it.</param>
    /// <param name="cancellationToken">Gives up waiting for a place; work that was taken in is carried out.</param>
    /// <returns>The work's result, when it is committed and on the disk.</returns>
    public Task<T> WriteAsync<T>(Func<PluginConnection, T> work, CancellationToken cancellationToken = default) =>
        WriteAsync(new WaitingWork<T>(work, isRepeatable: false, isAlone: true), cancellationToken);

    /// <summary>The same for work that other nodes may do at the same time, each on rows of its own; where there are no others, nothing differs.</summary>
    public Task<T> WriteBesideAsync<T>(Func<PluginConnection, T> work) => WriteAsync(new WaitingWork<T>(work, isRepeatable: false, isAlone: false), CancellationToken.None);

    /// <summary>
    /// The same for work that may be undone by a failing power, since it is done again from the start: nobody is told of it before, and what it moves on from
    /// it moves in the same transaction.
    /// </summary>
    /// <returns>The work's result, when it is committed; the disk may have it a little later.</returns>
    public Task<T> WriteRepeatableAsync<T>(Func<PluginConnection, T> work) => WriteAsync(new WaitingWork<T>(work, isRepeatable: true, isAlone: false), CancellationToken.None);

    private async Task<T> WriteAsync<T>(WaitingWork<T> item, CancellationToken cancellationToken)
    {
        try
        {
            await _waiting.Writer.WriteAsync(item, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(PluginDatabase));
        }
        return await item.Task;
    }

    /// <summary>Runs work on a reading connection of its own, on a snapshot of what is committed. Keep it short: a long one lets the log grow.</summary>
    /// <exception cref="TimeoutException">Too many read already.</exception>
    public T Read<T>(Func<PluginConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_reading.Wait(ReaderPatience))
            throw new TimeoutException($"The database {Place} is read by {_engine.MostReaders} at a time, and none of them ended for {ReaderPatience.TotalSeconds} seconds.");
        try
        {
            // A connection that was kept may have been broken meanwhile, by a restart of the server: what reads may be tried again on another.
            while (_readers.TryTake(out var kept))
            {
                if (TryRead(kept, work, out var read))
                    return read;
            }
            return Read(_engine.Connect(writes: false), work);
        }
        finally
        {
            _reading.Release();
        }
    }

    private bool TryRead<T>(PluginConnection kept, Func<PluginConnection, T> work, out T result)
    {
        try
        {
            result = Read(kept, work);
            return true;
        }
        catch (Exception exception) when (_engine.IsTrouble(exception) && !_engine.IsUsable(kept))
        {
            result = default!;
            return false;
        }
    }

    private T Read<T>(PluginConnection connection, Func<PluginConnection, T> work)
    {
        var clean = false;
        try
        {
            _engine.BeginReading(connection);
            var result = work(connection);
            connection.Run("COMMIT");
            clean = true;
            return result;
        }
        finally
        {
            if (clean && !_disposed)
                _readers.Add(connection);
            else
                connection.Dispose();
        }
    }

    /// <summary>Finishes the work taken in, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_waiting.Writer.TryComplete())
        {
            await _ended.Task;
            _disposed = true;
            while (_readers.TryTake(out var reader))
                reader.Dispose();
            // Last: the last connection to close empties the log of SQLite into the file.
            _writer.Dispose();
            _engine.Dispose();
        }
        await _ended.Task;
    }

    private void WriteLoop()
    {
        var together = new List<WaitingWork>(MostTogether);
        // Blocks this thread, which exists for nothing else.
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (together.Count < MostTogether && _waiting.Reader.TryRead(out var item))
                together.Add(item);
            CommitTogether(together);
            together.Clear();
        }
        _ended.SetResult();
    }

    private void CommitTogether(List<WaitingWork> together)
    {
        var commits = false;
        try
        {
            if (!_engine.IsUsable(_writer))
            {
                _writer.Dispose();
                _writer = _engine.Connect(writes: true);
            }
            _engine.Begin(_writer, waitsForDisk: !together.TrueForAll(item => item.IsRepeatable), isAlone: together.Exists(item => item.IsAlone));
            // Alone it needs no savepoint: its transaction is its own. A savepoint makes SQLite keep a copy of every page that is touched.
            if (together.Count == 1)
                together[0].Run(_writer);
            else
                together.ForEach(RunInSavepoint);
            commits = true;
            _writer.Run("COMMIT");
        }
        catch (Exception exception)
        {
            // Unless only the answer was lost, the whole transaction is gone (disk full, server away, file damaged): whoever waits decides whether to try again.
            if (!commits || !WasCommitted())
            {
                RollBackWhole();
                if (_engine.IsTrouble(exception))
                    _writeFault = exception.Message;
                together.ForEach(item => item.Fail(exception));
                return;
            }
        }
        _writeFault = null;
        Interlocked.Increment(ref _commits);
        foreach (var item in together)
            item.Complete();
    }

    private void RunInSavepoint(WaitingWork item)
    {
        _writer.Run("SAVEPOINT work");
        try
        {
            item.Run(_writer);
        }
        catch (Exception exception)
        {
            item.Fail(exception);
            // Throws in turn when SQLite already gave up the whole transaction.
            _writer.Run("ROLLBACK TO work");
        }
        _writer.Run("RELEASE work");
    }

    private bool WasCommitted()
    {
        try
        {
            return _engine.WasCommitted(ref _writer);
        }
        catch (Exception exception) when (_engine.IsTrouble(exception))
        {
            return false;
        }
    }

    private void RollBackWhole()
    {
        try
        {
            _engine.RollBack(_writer);
        }
        catch (Exception exception) when (_engine.IsTrouble(exception))
        {
            // The reason is already told to whoever waits, and the next transaction comes here again before it writes anything.
        }
    }

    private abstract class WaitingWork(bool isRepeatable, bool isAlone)
    {
        public bool IsRepeatable => isRepeatable;

        public bool IsAlone => isAlone;

        public abstract void Run(PluginConnection connection);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class WaitingWork<T>(Func<PluginConnection, T> work, bool isRepeatable, bool isAlone) : WaitingWork(isRepeatable, isAlone)
    {
        private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Task => _source.Task;

        public override void Run(PluginConnection connection) => _result = work(connection);

        // Does nothing to work that failed in its savepoint.
        public override void Complete() => _source.TrySetResult(_result);

        public override void Fail(Exception exception) => _source.TrySetException(exception);
    }
}
