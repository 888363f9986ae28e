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

    /// <summary>Whether <see cref="Fault"/> is kept up to date, so that nobody need ask the database itself.</summary>
    public virtual bool IsWatched => false;

    /// <summary>What is wrong with the database as far as watching it tells; null when nothing is known to be.</summary>
    public virtual StorageFault? Fault => null;

    /// <summary>What is worth knowing and keeps nobody from working, a sentence each.</summary>
    public virtual IReadOnlyList<string> Warnings => [];

    /// <summary>Called when a database that was away is back; it may be another one, such as a standby that took over. Set once, before watching begins.</summary>
    public Action? CameBack { get; set; }

    /// <summary>The statements of the change log.</summary>
    public abstract Changes.ChangeLogStatements ChangeLog { get; }

    /// <summary>Makes sure that whoever serves from the database may; null when several may.</summary>
    /// <exception cref="InvalidOperationException">Another host has it; the message is the remedy.</exception>
    public abstract IDisposable? TakeLock();

    /// <summary>A new connection for writing, open.</summary>
    public abstract DbConnection ConnectWriter();

    /// <summary>A new connection for migrations, open; they may take their time.</summary>
    public virtual DbConnection ConnectMigrator() => ConnectWriter();

    /// <summary>A connection for reading, open; given back by <see cref="Return"/>.</summary>
    public abstract DbConnection TakeReader();

    /// <summary>Takes a connection back.</summary>
    /// <returns>Whether it was broken: what failed on it may be tried on another.</returns>
    public abstract bool Return(DbConnection reader);

    /// <summary>Begins the transaction of a batch of writing. Whoever else writes waits until it ends.</summary>
    public abstract void Begin(DbConnection writer);

    /// <summary>Whether the transaction goes on, so that one savepoint can be rolled back and the others' work stands.</summary>
    public abstract bool IsInTransaction(DbConnection writer);

    /// <summary>Whether, after one of its pieces failed so, all of a batch has to be given up: the others would fail in the same way.</summary>
    public virtual bool EndsBatch(Exception exception) => false;

    /// <summary>Whether the writer needs another connection after such a failure.</summary>
    public virtual bool EndsConnection(Exception exception) => false;

    /// <summary>Whether a commit that failed so may have been made nevertheless: the answer may have been lost on its way.</summary>
    public virtual bool IsOpenWhetherCommitted(DbConnection writer, Exception exception) => false;

    /// <summary>Asks whether the last transaction was committed, on a new connection.</summary>
    /// <exception cref="DbException">It cannot be told now; it may be asked again.</exception>
    /// <exception cref="StorageUnavailableException">Likewise.</exception>
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

    /// <summary>Begins to watch the database, where that is done.</summary>
    public virtual void Watch()
    {
    }

    /// <summary>What an exception of the database means; <see cref="StorageTrouble.None"/> also for exceptions that are none of the database's.</summary>
    public abstract StorageTrouble Judge(Exception exception);

    public abstract ValueTask DisposeAsync();

    protected static void Run(DbConnection connection, string sql) => connection.Execute(sql);
}
