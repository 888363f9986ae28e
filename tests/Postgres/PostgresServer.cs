using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Tests.Postgres;

/// <summary>How a server is stopped.</summary>
public enum StopMode
{
    /// <summary>Sessions are ended, and what they had open is rolled back.</summary>
    Fast,

    /// <summary>As if it had crashed: it recovers when it is started again.</summary>
    Immediate,
}

/// <summary>
/// A PostgreSQL server of the tests' own: a new data directory, loopback only, on a port that the system chose, which stays the same when it is started again. It is
/// stopped and its folder removed when it is disposed, and at the latest when the tests' process ends, however that ends.
/// </summary>
/// <remarks>Most tests need only a database: <see cref="NewDatabase"/> makes one on a server that all of them share.</remarks>
public sealed class PostgresServer : IDisposable
{
    private static readonly Lazy<PostgresServer> Shared = new(() => new PostgresServer());
    private static int _databases;

    // Small, and without fsync: no machine loses its power in a test, and what a killed process wrote is in the system's hands.
    private const string Quick = "-c max_connections=200 -c shared_buffers=16MB -c fsync=off";

    private readonly string _folder;
    private readonly string _settings;
    private readonly Process _watch;

    /// <summary>Starts a new server.</summary>
    public PostgresServer()
        : this(Directory.CreateTempSubdirectory("dam-postgres-").FullName, Quick, Initialise)
    {
    }

    /// <summary>Starts a new server that is measured: with PostgreSQL's own settings, so that a commit is on the disk.</summary>
    /// <param name="folder">A folder that exists and is its alone; it is removed with the server.</param>
    /// <param name="settings">Settings beside, each as <c>-c name=value</c>.</param>
    public PostgresServer(string folder, string settings)
        : this(folder, settings, Initialise)
    {
    }

    private PostgresServer(string folder, string settings, Action<string> fill)
    {
        (_folder, _settings) = (folder, settings);
        PostgresPrograms.GiveFolder(_folder);
        _watch = WatchThisProcess();
        fill(Data);
        // Somebody else may take a port between the moment when it was free and the start.
        for (var tries = 1; ; tries++)
        {
            Port = FreePort();
            try
            {
                Start();
                return;
            }
            catch (InvalidOperationException) when (tries < 3)
            {
                // With another.
            }
        }
    }

    /// <summary>Why there can be no server here; null when there can.</summary>
    public static string? Missing => PostgresPrograms.Missing;

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The processor time that all its processes used so far. Linux only.</summary>
    public TimeSpan ProcessorTime => TimeSpan.FromMilliseconds(10 * (ChildrenOf(ParentProcess()).Sum(child => Ticks(child, 2)) + Ticks(ParentProcess(), 4)));

    private string Data => Path.Combine(_folder, "data");

    /// <summary>A new, empty database on a server that all tests share; nobody may stop that one.</summary>
    /// <returns>Its connection string.</returns>
    public static string NewDatabase() => Shared.Value.AddDatabase();

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public string AddDatabase()
    {
        var name = $"dam{Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture)}";
        Execute("postgres", $"CREATE DATABASE {name}");
        return Connection(name);
    }

    /// <summary>The connection string of a database.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="port">Another way to the server, such as a relay's port.</param>
    public string Connection(string database, int? port = null) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port ?? Port, Username = "postgres", Database = database, MaxPoolSize = 10 }.ConnectionString;

    /// <summary>Runs a statement on a connection of its own.</summary>
    /// <returns>The first value of the answer.</returns>
    public object? Execute(string database, string sql)
    {
        using var connection = new NpgsqlConnection(Connection(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    /// <summary>Starts it, after a stop, and returns when it takes connections.</summary>
    public void Start()
    {
        var settings = string.Create(CultureInfo.InvariantCulture, $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} {_settings}");
        PostgresPrograms.Run("pg_ctl", "-D", Data, "-o", settings, "-l", Path.Combine(_folder, "log"), "-w", "start");
    }

    /// <summary>Stops it and returns when it is down.</summary>
    public void Stop(StopMode mode) => PostgresPrograms.Run("pg_ctl", "-D", Data, "-m", mode == StopMode.Fast ? "fast" : "immediate", "-w", "stop");

    /// <summary>Stops all its processes where they stand: connections stay, and nobody answers. Linux only.</summary>
    public void Pause()
    {
        // The parent first, so that it starts no more of them.
        var parent = ParentProcess();
        PostgresPrograms.Signal("STOP", [parent]);
        PostgresPrograms.Signal("STOP", ChildrenOf(parent));
    }

    /// <summary>Lets paused processes go on.</summary>
    public void Resume()
    {
        var parent = ParentProcess();
        PostgresPrograms.Signal("CONT", [.. ChildrenOf(parent), parent]);
    }

    /// <summary>Starts a second server that follows this one.</summary>
    /// <param name="synchronous">Whether commits here wait from now on until the standby has them, so that a failover loses none.</param>
    public PostgresServer AddStandby(bool synchronous)
    {
        var standby = new PostgresServer(Directory.CreateTempSubdirectory("dam-postgres-").FullName, _settings, data => PostgresPrograms.Run("pg_basebackup",
            "-D", data, "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-R", "-c", "fast", "-X", "stream", "--no-sync"));
        if (synchronous)
        {
            Execute("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
            Execute("postgres", "SELECT pg_reload_conf()");
        }

        return standby;
    }

    /// <summary>Makes a standby a server that writes, and returns when it is one.</summary>
    public void Promote()
    {
        // It waits for no standby of its own.
        PostgresPrograms.Run("pg_ctl", "-D", Data, "-w", "promote");
        Execute("postgres", "ALTER SYSTEM RESET synchronous_standby_names");
        Execute("postgres", "SELECT pg_reload_conf()");
    }

    public void Dispose()
    {
        // The end of its input is its sign.
        _watch.StandardInput.Close();
        _watch.WaitForExit();
        _watch.Dispose();
    }

    // A shell that waits for the end of its input, which comes when this process ends, however it ends: also killed it leaves no server behind.
    private Process WatchThisProcess()
    {
        var (program, arguments) = PostgresPrograms.AsServerUser("pg_ctl", "-D", Data, "-m", "immediate", "stop");
        var start = new ProcessStartInfo("sh", ["-c", Watching, "sh", _folder, Data, program, .. arguments]) { RedirectStandardInput = true, WorkingDirectory = "/" };
        return Process.Start(start)!;
    }

    private int ParentProcess() => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private static List<int> ChildrenOf(int parent) =>
        [.. File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    // Hundredths of a second: of itself in user and system mode, then of its children that have ended.
    private static long Ticks(int process, int fields)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Skip(11).Take(fields).Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // It ended meanwhile, and its parent counts it.
            return 0;
        }
    }

    private static void Initialise(string data) => PostgresPrograms.Run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Paused processes do not hear that they should stop: the parent is woken first, and ends its children by itself.
    private const string Watching = """
        exec >/dev/null 2>&1
        folder=$1 data=$2; shift 2
        read -r _
        kill -CONT "$(head -n 1 "$data/postmaster.pid")"
        "$@"
        rm -rf "$folder"
        """;
}
