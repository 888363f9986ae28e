using System.Data.Common;
using Dapper;

namespace SampleHost.Storage;

/// <summary>What it means for a caller that the storage failed.</summary>
internal enum StorageTrouble
{
    /// <summary>Something else: a fault of ours.</summary>
    None,

    /// <summary>There is no room left.</summary>
    Full,

    /// <summary>It cannot be written or reached now, and may be later.</summary>
    Unavailable,
}

/// <summary>
/// The database system below <see cref="Database"/>: how to connect, begin, snapshot and migrate, and which statements differ. All else of the host's SQL is one text
/// for both.
/// </summary>
internal abstract class StorageEngine : IAsyncDisposable
{
    /// <summary>Which database, in words for people; no password.</summary>
    public abstract string Place { get; }

    /// <summary>The embedded folder of its migrations, with points around it.</summary>
    public abstract string MigrationFolder { get; }

    /// <summary>The statements of the change log.</summary>
    public abstract Changes.ChangeLogStatements ChangeLog { get; }

    /// <summary>Makes sure that whoever serves from the database may; null when several may.</summary>
    /// <exception cref="InvalidOperationException">Another host has it; the message is the remedy.</exception>
    public abstract IDisposable? TakeLock();

    /// <summary>A new connection for writing, open.</summary>
    public abstract DbConnection ConnectWriter();

    /// <summary>A connection for reading, open; given back by <see cref="Return"/>.</summary>
    public abstract DbConnection TakeReader();

    /// <summary>Takes a connection back.</summary>
    /// <returns>Whether it was broken: what failed on it may be tried on another.</returns>
    public abstract bool Return(DbConnection reader);

    /// <summary>Begins the transaction of a batch of writing. Whoever else writes waits until it ends.</summary>
    public abstract void Begin(DbConnection writer);

    /// <summary>Whether the transaction goes on, so that one savepoint can be rolled back and the others' work stands.</summary>
    public abstract bool IsInTransaction(DbConnection writer);

    /// <summary>Whether a transaction whose commit failed was committed nevertheless: the answer may have been lost on its way.</summary>
    public virtual bool WasCommitted(ref DbConnection writer) => false;

    /// <summary>A transaction that reads one state of the database, whatever is committed meanwhile.</summary>
    public abstract DbTransaction Snapshot(DbConnection reader);

    /// <summary>Writes what stands there already, to see whether it is possible.</summary>
    public abstract void TryWriting(DbConnection writer);

    /// <summary>Begins the transaction of one migration; whoever else migrates waits.</summary>
    public abstract void BeginMigration(DbConnection connection);

    /// <summary>The number of the last migration that was applied; 0 for none.</summary>
    public abstract long ReadSchema(DbConnection connection);

    public abstract void WriteSchema(DbConnection connection, int number);

    /// <summary>Tells the other hosts that serve from the database of new changes; a hint that may come late or not at all.</summary>
    public virtual void Announce()
    {
    }

    /// <summary>Hears of changes that other hosts wrote; ends when cancelled, or at once where there are no others.</summary>
    /// <param name="heard">Called with the newest position there is; often with one that is known.</param>
    /// <param name="cancellationToken">Ends listening.</param>
    public virtual Task ListenAsync(Action<long> heard, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What an exception of the database means; <see cref="StorageTrouble.None"/> also for exceptions that are none of the database's.</summary>
    public abstract StorageTrouble Judge(Exception exception);

    public abstract ValueTask DisposeAsync();

    protected static void Run(DbConnection connection, string sql) => connection.Execute(sql);
}
