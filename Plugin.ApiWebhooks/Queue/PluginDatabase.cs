using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>The plugin's own SQLite file: one writer, many readers, every commit on the disk before it is reported.</summary>
/// <remarks>
/// A commit costs a disk synchronisation, whatever it holds. Hence the one loop: while it commits, work gathers, and all that gathered is committed
/// together (group commit; at 100 rows together that is 40 times the rate of one by one). One process uses the file at a time.
/// <para>
/// One kind of work does not wait for the disk: what would be done again from the host's change log, in the same way, if the power failed at that moment
/// (<see cref="WriteRepeatableAsync"/>). It is on the disk with the next commit that does. A process that is killed loses neither.
/// </para>
/// </remarks>
internal sealed class PluginDatabase : IAsyncDisposable
{
    private const int MostTogether = 256;

    private readonly string _path;
    private readonly FileLock _lock;
    private readonly PluginConnection _writer;
    private readonly Channel<WaitingWork> _waiting = Channel.CreateBounded<WaitingWork>(
        new BoundedChannelOptions(1024) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly ConcurrentBag<PluginConnection> _readers = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _waitsForDisk = true; // as the connection is opened; the writer loop's own
    private volatile bool _disposed;
    private volatile string? _writeFault;
    private long _commits;

    private PluginDatabase(string path, FileLock fileLock, PluginConnection writer)
    {
        (_path, _lock, _writer) = (path, fileLock, writer);
        // A thread of its own: it waits for the disk most of the time, which a pool thread should not.
        new Thread(WriteLoop) { Name = "ApiWebhooks database writer", IsBackground = true }.Start();
    }

    /// <summary>Why the last transaction could not be written, in SQLite's words; null when it could. Whoever waits for it tries again.</summary>
    public string? WriteFault => _writeFault;

    /// <summary>How often something was committed since it was opened: whoever shows what it read knows by it when to look again.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>The file.</summary>
    public string FilePath => _path;

    /// <summary>Opens or creates the file and brings its tables up to date.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <exception cref="SqliteException">The file cannot be opened or is no database.</exception>
    /// <exception cref="InvalidOperationException">The file was made by a newer version of the plugin, or another process uses it.</exception>
    public static PluginDatabase Open(string path)
    {
        var fileLock = FileLock.Take(path);
        PluginConnection? writer = null;
        try
        {
            writer = new PluginConnection(path, writes: true);
            // These two have an effect on a new file only. A message of usual size fills a quarter of a page of the usual size; twice the size wastes less.
            writer.Run("PRAGMA page_size = 8192");
            // Room freed by retention can be given back in small steps.
            writer.Run("PRAGMA auto_vacuum = INCREMENTAL");
            writer.Run("PRAGMA journal_mode = WAL");
            // A checkpoint synchronises both files; every 16 MiB instead of every 4 it is not felt, and reopening stays quick.
            writer.Run("PRAGMA wal_autocheckpoint = 2000");
            writer.Run("PRAGMA cache_size = -16000");
            writer.Run("PRAGMA journal_size_limit = 67108864");
            Migrations.Run(writer);
            return new PluginDatabase(path, fileLock, writer);
        }
        catch
        {
            writer?.Dispose();
            fileLock.Dispose();
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
        WriteAsync(new WaitingWork<T>(work, isRepeatable: false), cancellationToken);

    /// <summary>
    /// The same for work that may be undone by a failing power, since it is done again from the start: nobody is told of it before, and what it moves on from
    /// it moves in the same transaction.
    /// </summary>
    /// <returns>The work's result, when it is committed; the disk may have it a little later.</returns>
    public Task<T> WriteRepeatableAsync<T>(Func<PluginConnection, T> work) => WriteAsync(new WaitingWork<T>(work, isRepeatable: true), CancellationToken.None);

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
    public T Read<T>(Func<PluginConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_readers.TryTake(out var connection))
            connection = new PluginConnection(_path, writes: false);
        var clean = false;
        try
        {
            connection.Run("BEGIN");
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
                await reader.DisposeAsync();
            // Last: the last connection to close empties the log into the database.
            await _writer.DisposeAsync();
            _lock.Dispose();
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
        try
        {
            WaitForDisk(!together.TrueForAll(item => item.IsRepeatable));
            _writer.Run("BEGIN IMMEDIATE");
            // Alone it needs no savepoint: its transaction is its own. A savepoint makes SQLite keep a copy of every page that is touched.
            if (together.Count == 1)
                together[0].Run(_writer);
            else
                together.ForEach(RunInSavepoint);
            _writer.Run("COMMIT");
        }
        catch (Exception exception)
        {
            // The whole transaction is gone (disk full, file locked or damaged): whoever waits decides whether to try again.
            RollBackWhole();
            if (exception is SqliteException)
                _writeFault = exception.Message;
            foreach (var item in together)
                item.Fail(exception);
            return;
        }
        _writeFault = null;
        Interlocked.Increment(ref _commits);
        foreach (var item in together)
            item.Complete();
    }

    // In WAL, FULL synchronises the log at each commit, and so what was committed before; NORMAL leaves that to the next one that does.
    private void WaitForDisk(bool waits)
    {
        if (waits == _waitsForDisk)
            return;
        _writer.Run(waits ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        _waitsForDisk = waits;
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

    private void RollBackWhole()
    {
        try
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(_writer.Handle) == 0)
                _writer.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // The reason is already told to whoever waits, and the next transaction comes here again before it writes anything.
        }
    }

    private abstract class WaitingWork(bool isRepeatable)
    {
        public bool IsRepeatable => isRepeatable;

        public abstract void Run(PluginConnection connection);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class WaitingWork<T>(Func<PluginConnection, T> work, bool isRepeatable) : WaitingWork(isRepeatable)
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
