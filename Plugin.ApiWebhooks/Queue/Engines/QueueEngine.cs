using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>
/// The database system below <see cref="PluginDatabase"/>: how to connect, begin and migrate, and which statements differ. All other SQL of the plugin is one text
/// for both.
/// </summary>
internal abstract class QueueEngine : IDisposable
{
    /// <summary>The engine that settings name.</summary>
    /// <param name="settings">The settings as the plugin starts.</param>
    /// <param name="context">What the host offers.</param>
    /// <exception cref="InvalidOperationException">It cannot be used; the message is the remedy.</exception>
    public static QueueEngine Of(StorageSettings settings, PluginContext context)
    {
        var connection = settings.ConnectionString ?? context.PostgresConnection;
        return (settings.Provider ?? (connection is null ? StorageProvider.Sqlite : StorageProvider.Postgres)) switch
        {
            StorageProvider.Sqlite => new SqliteEngine(FileOf(settings, context)),
            _ when connection is null => throw new InvalidOperationException(
                "storage.provider is \"postgres\", and no connection is known. Add storage.connectionString to config.json, or put the host itself on PostgreSQL."),
            _ => new PostgresEngine(connection),
        };
    }

    /// <summary>Absolute path of the SQLite file that settings name.</summary>
    public static string FileOf(StorageSettings settings, PluginContext context) => Path.Combine(context.DataDirectory, settings.File);

    /// <summary>Which database, in words for people; no password.</summary>
    public abstract string Place { get; }

    /// <summary>Whether several nodes may use it at the same time.</summary>
    public abstract bool IsShared { get; }

    /// <summary>The statements of the queue.</summary>
    public QueueStatements Statements => Choose(QueueStatements.Sqlite, QueueStatements.Postgres);

    /// <summary>What holds for this system, of two things of which each is for one.</summary>
    public abstract T Choose<T>(T sqlite, T postgres);

    /// <summary>How the rows of the queue are written.</summary>
    public abstract QueueRows Rows { get; }

    /// <summary>How many connections read at a time; who asks for one more waits.</summary>
    public abstract int MostReaders { get; }

    /// <summary>Opens a connection.</summary>
    /// <param name="writes">Whether it may write; only the writer loop's does.</param>
    public abstract PluginConnection Connect(bool writes);

    /// <summary>Brings the tables up to date.</summary>
    /// <param name="writer">The writing connection.</param>
    /// <param name="upTo">The last step to run; all when null.</param>
    /// <exception cref="InvalidOperationException">The database was made by a newer version of the plugin.</exception>
    public abstract void Migrate(PluginConnection writer, int? upTo = null);

    /// <summary>Begins the transaction of work that is committed together.</summary>
    /// <param name="writer">The writing connection.</param>
    /// <param name="waitsForDisk">Whether the commit is reported only when it is on the disk.</param>
    /// <param name="isAlone">Whether nobody else may write meanwhile; else what others do at the same time does not matter.</param>
    public abstract void Begin(PluginConnection writer, bool waitsForDisk, bool isAlone);

    /// <summary>Begins a transaction that reads one state of the database, whatever is committed meanwhile.</summary>
    public abstract void BeginReading(PluginConnection reader);

    /// <summary>Undoes a transaction that failed, as far as it still goes on.</summary>
    public abstract void RollBack(PluginConnection writer);

    /// <summary>Whether a connection on which something failed can be used again.</summary>
    public abstract bool IsUsable(PluginConnection connection);

    /// <summary>Whether a transaction whose commit failed was committed nevertheless: the answer may have been lost on its way.</summary>
    /// <param name="writer">The writing connection; replaced by a new one where that was needed to find out.</param>
    /// <returns>Null when it could not be learnt.</returns>
    public virtual bool? WasCommitted(ref PluginConnection writer) => false;

    /// <summary>Whether an exception tells of trouble of the database, not of a fault in the work.</summary>
    public abstract bool IsTrouble(Exception exception);

    /// <inheritdoc/>
    public abstract void Dispose();
}
