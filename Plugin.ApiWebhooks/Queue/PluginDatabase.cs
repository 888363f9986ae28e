using Microsoft.Data.Sqlite;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>The plugin's own SQLite file: one writer, many readers, every commit on the disk before it is reported.</summary>
internal sealed class PluginDatabase : IAsyncDisposable
{
    private PluginDatabase()
    {
    }

    /// <summary>Opens or creates the file and brings its tables up to date.</summary>
    /// <param name="path">The file; its folder exists.</param>
    public static PluginDatabase Open(string path) => throw new NotImplementedException(path);

    /// <summary>
    /// Runs work on the one writing connection, in a transaction that it shares with other work waiting at the same time. Work that throws is
    /// undone alone.
    /// </summary>
    /// <param name="work">The work; it uses the connection synchronously and keeps nothing of it.</param>
    /// <param name="cancellationToken">Gives up waiting for a place; work that was taken in is carried out.</param>
    /// <returns>The work's result, when it is committed.</returns>
    public Task<T> WriteAsync<T>(Func<PluginConnection, T> work, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Runs work on a reading connection of its own, on a snapshot of what is committed.</summary>
    public T Read<T>(Func<PluginConnection, T> work) => throw new NotImplementedException();

    /// <summary>Finishes the work taken in, then closes.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A connection that prepares each statement once.</summary>
internal sealed class PluginConnection(string connectionString) : SqliteConnection(connectionString)
{
    /// <summary>The prepared command of a statement text; the same text gives the same command. Parameters are added on first use, by name.</summary>
    public SqliteCommand Prepared(string sql) => throw new NotImplementedException(sql);
}
