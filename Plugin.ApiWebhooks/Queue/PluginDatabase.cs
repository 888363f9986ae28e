using System.Collections.Concurrent;
using System.Data.Common;
using System.Threading.Channels;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>The plugin's own database: one writer, many readers, every commit on the disk before it is reported.</summary>
/// <remarks>
/// A commit costs a disk synchronisation, whatever it holds. Hence the one loop (<see cref="WriteLoop"/>): while it commits, work gathers, and all that gathered
/// is committed together (group commit; at 100 rows together that is 40 times the rate of one by one).
/// <para>
/// Where the engine lets several nodes write, there is a second loop, for what may be done beside the work of others: what is detected is stored while the disk
/// is waited for that takes how attempts ended.
/// </para>
/// <para>
/// One kind of work does not wait for the disk: what would be done again from the host's change log, in the same way, if the power failed at that moment
/// (<see cref="WriteRepeatableAsync"/>). It is on the disk with the next commit that does. A process that is killed loses neither.
/// </para>
/// </remarks>
internal sealed class PluginDatabase : IAsyncDisposable
{
    // Longer than a statement may take: whoever waits then is better told.
    private static readonly TimeSpan ReaderPatience = TimeSpan.FromSeconds(40);

    private readonly QueueEngine _engine;
    private readonly WriteLoop _loop;
    private readonly WriteLoop _besideLoop;
    private readonly ConcurrentBag<PluginConnection> _readers = [];
    private readonly SemaphoreSlim _reading;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ending;
    private volatile bool _disposed;
    private long _commits;

    private PluginDatabase(QueueEngine engine, PluginConnection writer, PluginConnection? beside)
    {
        (_engine, _reading) = (engine, new SemaphoreSlim(engine.MostReaders));
        _loop = new WriteLoop(engine, writer, NoteOthers);
        _besideLoop = beside is null ? _loop : new WriteLoop(engine, beside, NoteOthers);
    }

    /// <summary>Why the last transaction could not be written, in the engine's words; null when it could. Whoever waits for it tries again.</summary>
    public string? WriteFault => _loop.Fault ?? _besideLoop.Fault;

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
        PluginConnection? beside = null;
        try
        {
            writer = engine.Connect(writes: true);
            engine.Migrate(writer);
            beside = engine.IsShared ? engine.Connect(writes: true) : null;
            return new PluginDatabase(engine, writer, beside);
        }
        catch
        {
            beside?.Dispose();
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
        WriteAsync(_loop, new WriteWork<T>(work, isRepeatable: false, isAlone: true), cancellationToken);

    /// <summary>The same for work that other nodes may do at the same time, each on rows of its own; where there are no others, nothing differs.</summary>
    /// <param name="work">The work.</param>
    /// <param name="lost">Called, on the writer's thread, when it fails and yet nobody knows whether what it wrote is there.</param>
    public Task<T> WriteBesideAsync<T>(Func<PluginConnection, T> work, Action? lost = null) =>
        WriteAsync(_besideLoop, new WriteWork<T>(work, isRepeatable: false, isAlone: false, lost), CancellationToken.None);

    /// <summary>
    /// The same for work that may be undone by a failing power, since it is done again from the start: nobody is told of it before, and what it moves on from
    /// it moves in the same transaction.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="lost">Called, on the writer's thread, when it fails and yet nobody knows whether what it wrote is there.</param>
    /// <returns>The work's result, when it is committed; the disk may have it a little later.</returns>
    public Task<T> WriteRepeatableAsync<T>(Func<PluginConnection, T> work, Action? lost = null) =>
        WriteAsync(_loop, new WriteWork<T>(work, isRepeatable: true, isAlone: false, lost), CancellationToken.None);

    private static async Task<T> WriteAsync<T>(WriteLoop loop, WriteWork<T> item, CancellationToken cancellationToken)
    {
        try
        {
            await loop.AddAsync(item, cancellationToken);
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
                // Found broken while it was idle, it says so without being asked.
                if (!_engine.IsUsable(kept))
                    kept.Dispose();
                else if (TryRead(kept, work, out var read))
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
        if (Interlocked.Exchange(ref _ending, 1) == 0)
        {
            await Task.WhenAll(_loop.EndAsync(), _besideLoop.EndAsync());
            _disposed = true;
            while (_readers.TryTake(out var reader))
                reader.Dispose();
            // Last: the last connection to close empties the log of SQLite into the file.
            _besideLoop.Close();
            _loop.Close();
            _engine.Dispose();
            _ended.SetResult();
        }
        await _ended.Task;
    }
}
