using System.Globalization;
using Npgsql;
using Tests.Postgres;

namespace Benchmarks.Run;

/// <summary>
/// Where the plugins of one run have their tables: in files, or with <c>--storage postgres</c> on a server of the run's own, on the same processors, with
/// PostgreSQL's own settings: a commit is on the disk, and all that is kept there is logged.
/// </summary>
internal sealed class Storage : IDisposable
{
    private const string Settings = "-c shared_preload_libraries=pg_stat_statements";

    private readonly RunFolder _folder;
    private readonly PostgresServer? _server;

    private Storage(RunFolder folder, PostgresServer? server) => (_folder, _server) = (folder, server);

    /// <summary>What a server did so far.</summary>
    /// <param name="Statements">The statements it executed, <c>BEGIN</c> and <c>COMMIT</c> too.</param>
    /// <param name="WalBytes">The bytes of its log.</param>
    /// <param name="ProcessorTime">The time its processes used.</param>
    internal readonly record struct Work(long Statements, long WalBytes, TimeSpan ProcessorTime)
    {
        public static Work operator +(Work one, Work other) => new(one.Statements + other.Statements, one.WalBytes + other.WalBytes, one.ProcessorTime + other.ProcessorTime);

        public static Work operator -(Work one, Work other) => new(one.Statements - other.Statements, one.WalBytes - other.WalBytes, one.ProcessorTime - other.ProcessorTime);
    }

    public static Storage Start(Options options, RunFolder folder)
    {
        switch (options.Text("storage", "sqlite"))
        {
            case "sqlite":
                return new Storage(folder, null);
            case "postgres":
                var server = new PostgresServer(folder.Add("postgres"), Settings);
                server.Execute("postgres", "CREATE EXTENSION pg_stat_statements");
                return new Storage(folder, server);
            case var other:
                throw new ArgumentException($"--storage is sqlite or postgres, not {other}.");
        }
    }

    public bool IsServer => _server is not null;

    /// <summary>A new, empty database.</summary>
    public Place Add(string name) => _server is null ? Path.Combine(_folder.FullPath, name + ".db") : new Place(null, _server.AddDatabase());

    /// <summary>What the server did so far, but for what is asked here; nothing where there is none.</summary>
    public Work Read()
    {
        if (_server is null)
            return default;
        var statements = _server.Execute("postgres", "SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements JOIN pg_database d ON d.oid = dbid WHERE datname LIKE 'dam%'");
        var bytes = _server.Execute("postgres", "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
        return new Work(Convert.ToInt64(statements, CultureInfo.InvariantCulture), Convert.ToInt64(bytes, CultureInfo.InvariantCulture), _server.ProcessorTime);
    }

    /// <summary>How large a database is.</summary>
    public long BytesOf(Place place) => _server is null
        ? new FileInfo(place.File!).Length
        : Convert.ToInt64(_server.Execute(new NpgsqlConnectionStringBuilder(place.Connection).Database!, "SELECT pg_database_size(current_database())"), CultureInfo.InvariantCulture);

    public void Dispose() => _server?.Dispose();
}
