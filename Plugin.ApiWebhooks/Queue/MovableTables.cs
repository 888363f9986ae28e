using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>The plugin's tables, when the host moves to PostgreSQL: from the file of the settings to the database of the settings, or else the host's.</summary>
internal sealed class MovableTables(SettingsWatcher settings, PluginContext context) : IMovableTables
{
    private const string AddPart = """
        WITH added AS (SELECT add_history_part(1, 1, @past, '5s') WHERE NOT EXISTS (SELECT 1 FROM history_part))
        SELECT count(*) FROM added
        """;

    private const string NoteEntered = "UPDATE history_part SET entered_at = @since WHERE entered_at IS NULL AND number = 1";

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
        var source = new SqliteEngine(move.File);
        try
        {
            Migrate(source);
            using var target = new PostgresEngine(move.ConnectionString);
            Migrate(target);
            MakeRoom(source, target);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    // What is copied is one part, that goes as one when it is old: in the rest each new part would have to look through it.
    private static void MakeRoom(SqliteEngine source, PostgresEngine target)
    {
        using var from = source.Connect(writes: false);
        using var to = target.Connect(writes: true);
        var position = (long)from.Prepared("SELECT coalesce(max(position), 0) FROM reader").ExecuteScalar()!;
        var since = from.Prepared("SELECT created_at FROM message ORDER BY id LIMIT 1").ExecuteScalar() as long?;
        if (position == 0)
            return;
        to.Prepared(AddPart).Bind("@past", position + 1).ExecuteNonQuery();
        to.Prepared(NoteEntered).Bind("@since", since).ExecuteNonQuery();
    }

    private static void Migrate(QueueEngine engine)
    {
        using var connection = engine.Connect(writes: true);
        engine.Migrate(connection);
    }
}
