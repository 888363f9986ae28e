using System.Data.Common;
using Dapper;
using SampleHost.Start;

namespace SampleHost.Storage;

/// <summary>
/// The host's database, on SQLite or PostgreSQL. All writing goes through one <see cref="Writer"/>. Readers have connections of their own and see what is committed.
/// </summary>
internal sealed class Database(HostOptions options, TimeProvider time, ILogger<Database> logger) : IAsyncDisposable
{
    public const string FileName = "host.db";

    private readonly Lock _opening = new();
    private IDisposable? _lock;
    private Writer? _writer;
    private bool _isServing;
    private bool _disposed;

    /// <summary>Told the newest change's sequence after each commit that appended one. Set once, before writing begins.</summary>
    public Action<IReadOnlyList<AppendedChange>>? ChangesCommitted { get; set; }

    /// <summary>Whether the writer is there to take work.</summary>
    public bool IsWriting => !_disposed && _writer is { IsRunning: true };

    /// <summary>Why the last save could not be written; null when it could.</summary>
    public StorageFault? WriteFault => _writer?.Fault;

    /// <summary>For how long the saves that are being written have taken; null when none are.</summary>
    public TimeSpan? WritingFor => _writer?.BusyFor;

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
        OwnFolder.Create(options.DataDirectory);
        // Somebody else may have opened it before: the keys of cookies lie in it.
        if (toServe && !_isServing)
        {
            _lock = Engine.TakeLock();
            _isServing = true;
            Engine.Watch();
        }

        if (_writer is not null)
            return;
        using (var migrator = Engine.ConnectMigrator())
        {
            var applied = Migrations.Apply(Engine, migrator);
            if (applied.Count > 0)
                logger.LogInformation("Applied migrations {Migrations} to {Database}.", applied, Engine.Place);
        }

        _writer = new Writer(Engine, time, logger) { Committed = changes => ChangesCommitted?.Invoke(changes) };
        _writer.Start();
    }

    /// <summary>Runs work in a savepoint of the writer's transaction. The task completes after the commit, when all is on disk.</summary>
    /// <remarks>The work runs on the writer: it must neither wait for anything nor call <see cref="WriteAsync"/>.</remarks>
    /// <exception cref="StorageUnavailableException">It cannot be written now.</exception>
    public Task<T> WriteAsync<T>(Func<WriteScope, T> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _writer!.WriteAsync(new WriteJob<T>(work, cancellationToken));
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
            catch (Exception exception)
            {
                // Broken when it was taken, as after a restart of the server: reading twice does no harm.
                // Not so when it broke because nothing came for so long that waiting ended.
                if (Engine.Return(connection) && isFirst && exception is not DbException { InnerException: TimeoutException })
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
        if (_writer is not null)
            await _writer.DisposeAsync();
        await Engine.DisposeAsync();
        _lock?.Dispose();
    }

    internal static DateTimeOffset WholeMilliseconds(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}
