using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>The plugin's tables, when the host moves to PostgreSQL: from the file of the settings to the database of the settings, or else the host's.</summary>
internal sealed class MovableTables(SettingsWatcher settings, PluginContext context) : IMovableTables
{
    /// <inheritdoc/>
    public TableMove? FindMove()
    {
        var storage = settings.Current.Storage;
        var file = QueueEngine.FileOf(storage, context);
        return storage.Provider != StorageProvider.Sqlite && (storage.ConnectionString ?? context.PostgresConnection) is { } connection && File.Exists(file)
            ? new TableMove(file, connection, PostgresEngine.Schema)
            : null;
    }

    /// <inheritdoc/>
    public IDisposable Prepare()
    {
        var move = FindMove() ?? throw new InvalidOperationException("There is nothing to copy.");
        using (var target = new PostgresEngine(move.ConnectionString))
            Migrate(target);
        var source = new SqliteEngine(move.File);
        try
        {
            Migrate(source);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static void Migrate(QueueEngine engine)
    {
        using var connection = engine.Connect(writes: true);
        engine.Migrate(connection);
    }
}
