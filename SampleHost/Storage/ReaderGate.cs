namespace SampleHost.Storage;

/// <summary>
/// Lets only so many readers at a database server at once, and only so many wait for it. A reader blocks a thread, for as long as the server does not answer; without
/// a limit a server that is slow would take all threads from requests that need no server.
/// </summary>
internal sealed class ReaderGate : IDisposable
{
    /// <summary>How many wait at most; one more is refused at once.</summary>
    public const int MostWaiting = 64;

    /// <summary>How long one waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly int MostReading = Math.Max(16, Environment.ProcessorCount * 4);

    // The writer blocks one too, and so does each connection whose question has to be given up.
    private const int OtherThreads = 16;

    // Of the process: the threads are.
    private static readonly Lock Threads = new();
    private static int _blocked;
    private static int _mostBlocked;

    private readonly SemaphoreSlim _free;
    private int _waiting;

    /// <param name="connections">How many connections there are.</param>
    public ReaderGate(int connections) => _free = new SemaphoreSlim(Math.Min(connections, MostReading));

    /// <summary>Waits for its turn.</summary>
    /// <exception cref="StorageUnavailableException">Too many wait, or it came not in time.</exception>
    public void Enter()
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new StorageUnavailableException("The database answers more slowly than it is asked: too many wait for it.");
        }

        Block();
        var isFree = _free.Wait(Patience);
        Interlocked.Decrement(ref _waiting);
        if (isFree)
            return;
        Unblock();
        throw new StorageUnavailableException($"The database answers more slowly than it is asked: none of its connections came free within {Patience.TotalSeconds:0} seconds.");
    }

    /// <summary>Lets the next one in.</summary>
    public void Leave()
    {
        Unblock();
        _free.Release();
    }

    public void Dispose() => _free.Dispose();

    // The pool makes a new thread at once up to its minimum, and beyond it only one or two in a second: too late for those that need no database, such as /healthz.
    // So the minimum grows by as many threads as were blocked here at the same time.
    private static void Block()
    {
        lock (Threads)
        {
            if (++_blocked <= _mostBlocked)
                return;
            ThreadPool.GetMinThreads(out var threads, out var ports);
            ThreadPool.SetMinThreads(threads + (_mostBlocked == 0 ? OtherThreads : 0) + 1, ports);
            _mostBlocked = _blocked;
        }
    }

    private static void Unblock()
    {
        lock (Threads)
            _blocked--;
    }
}
