using System.Threading.Channels;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>A connection that writes, and the one thread that uses it: while it commits, work gathers, and all that gathered is committed together.</summary>
internal sealed class WriteLoop
{
    private const int MostTogether = 256;

    private readonly QueueEngine _engine;
    private readonly Action _committed;
    private readonly Channel<WriteWork> _waiting = Channel.CreateBounded<WriteWork>(
        new BoundedChannelOptions(1024) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PluginConnection _writer;
    private volatile string? _fault;

    /// <summary>Starts.</summary>
    /// <param name="engine">The database system.</param>
    /// <param name="writer">The connection; it is disposed of at the end.</param>
    /// <param name="committed">Told after each commit.</param>
    public WriteLoop(QueueEngine engine, PluginConnection writer, Action committed)
    {
        (_engine, _writer, _committed) = (engine, writer, committed);
        // A thread of its own: it waits for the disk most of the time, which a pool thread should not.
        new Thread(Run) { Name = "ApiWebhooks database writer", IsBackground = true }.Start();
    }

    /// <summary>Why the last transaction could not be written; null when it could.</summary>
    public string? Fault => _fault;

    /// <summary>Takes in work; waits while there is too much.</summary>
    /// <exception cref="ChannelClosedException">It was ended.</exception>
    public ValueTask AddAsync(WriteWork work, CancellationToken cancellationToken) => _waiting.Writer.WriteAsync(work, cancellationToken);

    /// <summary>Finishes the work taken in.</summary>
    public Task EndAsync()
    {
        _waiting.Writer.TryComplete();
        return _ended.Task;
    }

    /// <summary>Closes the connection, when ended.</summary>
    public void Close() => _writer.Dispose();

    private void Run()
    {
        var together = new List<WriteWork>(MostTogether);
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

    private void CommitTogether(List<WriteWork> together)
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
            var isCommitted = commits ? WasCommitted() : false;
            if (isCommitted != true)
            {
                RollBackWhole();
                if (_engine.IsTrouble(exception))
                    _fault = exception.Message;
                together.ForEach(item => item.Fail(exception, mayBeCommitted: isCommitted is null));
                return;
            }
        }
        _fault = null;
        _committed();
        foreach (var item in together)
            item.Complete();
    }

    private void RunInSavepoint(WriteWork item)
    {
        _writer.Run("SAVEPOINT work");
        try
        {
            item.Run(_writer);
        }
        catch (Exception exception)
        {
            item.Fail(exception, mayBeCommitted: false);
            // Throws in turn when SQLite already gave up the whole transaction.
            _writer.Run("ROLLBACK TO work");
        }
        _writer.Run("RELEASE work");
    }

    // What is not known is done again, or told to have failed. Whatever goes wrong here ends in the work that waits, never in this thread.
    private bool? WasCommitted()
    {
        try
        {
            return _engine.WasCommitted(ref _writer);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private void RollBackWhole()
    {
        try
        {
            _engine.RollBack(_writer);
        }
        catch (Exception)
        {
            // The reason is already told to whoever waits, and the next transaction comes here again before it writes anything.
        }
    }
}

/// <summary>Work that waits for a writer.</summary>
/// <param name="isRepeatable">Whether it is done again from the start when the power fails.</param>
/// <param name="isAlone">Whether nobody else may write meanwhile.</param>
internal abstract class WriteWork(bool isRepeatable, bool isAlone)
{
    public bool IsRepeatable => isRepeatable;

    public bool IsAlone => isAlone;

    public abstract void Run(PluginConnection connection);

    public abstract void Complete();

    /// <summary>Tells whoever waits.</summary>
    /// <param name="exception">What went wrong.</param>
    /// <param name="mayBeCommitted">Whether what it wrote may be there all the same: the answer was lost, and nothing else could be learnt.</param>
    public abstract void Fail(Exception exception, bool mayBeCommitted);
}

/// <summary>Work with a result.</summary>
/// <param name="work">The work.</param>
/// <param name="isRepeatable">Whether it is done again from the start when the power fails.</param>
/// <param name="isAlone">Whether nobody else may write meanwhile.</param>
/// <param name="lost">Called before it fails when what it wrote may be there all the same.</param>
internal sealed class WriteWork<T>(Func<PluginConnection, T> work, bool isRepeatable, bool isAlone, Action? lost = null) : WriteWork(isRepeatable, isAlone)
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Task => _source.Task;

    public override void Run(PluginConnection connection) => _result = work(connection);

    // Does nothing to work that failed in its savepoint.
    public override void Complete() => _source.TrySetResult(_result);

    public override void Fail(Exception exception, bool mayBeCommitted)
    {
        if (mayBeCommitted)
            lost?.Invoke();
        _source.TrySetException(exception);
    }
}
