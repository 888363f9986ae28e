using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Host.Tests.Storage;

/// <summary>
/// A PostgreSQL server of the tests' own: a new data directory, loopback only, on a port that the system chose. Started when the first test asks for it, stopped when
/// the tests' process ends. As root it runs as the user <c>postgres</c>, since it refuses to run as root.
/// </summary>
public sealed class PostgresServer
{
    private static readonly Lazy<PostgresServer> One = new(() => new PostgresServer());
    private static int _databases;

    private readonly string _folder = Directory.CreateTempSubdirectory("dam-postgres-").FullName;
    private readonly int _port;

    // Kept, so that its input stays open.
    private Process? _watch;

    private PostgresServer()
    {
        _port = FreePort();
        var data = Path.Combine(_folder, "data");
        if (Environment.IsPrivilegedProcess)
            Run("chown", "postgres", _folder);
        RunServerTool("initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync");
        var settings = string.Create(CultureInfo.InvariantCulture, $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} -c max_connections=200");
        RunServerTool("pg_ctl", "-D", data, "-o", settings, "-l", Path.Combine(_folder, "log"), "-w", "start");
        StopWithThisProcess(data);
    }

    /// <summary>Why there can be no server here; null when there can.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public static string NewDatabase()
    {
        var server = One.Value;
        var name = $"dam{Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture)}";
        using var connection = new NpgsqlConnection(server.Connection("postgres"));
        connection.Open();
        using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        command.ExecuteNonQuery();
        return server.Connection(name);
    }

    private string Connection(string database) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = _port, Username = "postgres", Database = database, MaxPoolSize = 10 }.ConnectionString;

    // A shell that waits for the end of its input, which comes when this process ends, however it ends: also killed it leaves no server behind.
    private void StopWithThisProcess(string data)
    {
        var (program, arguments) = AsServerUser("pg_ctl", "-D", data, "-m", "immediate", "stop");
        var start = new ProcessStartInfo("sh", ["-c", "exec >/dev/null 2>&1; folder=$1; shift; read -r _; \"$@\"; rm -rf \"$folder\"", "sh", _folder, program, .. arguments])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        _watch = Process.Start(start);
    }

    private static string? FindMissing()
    {
        if (OperatingSystem.IsWindows())
            return "the tests start PostgreSQL on Linux and macOS only";
        return FindTool("initdb") is null ? "PostgreSQL's programs (initdb, pg_ctl) are not to be found; on Debian: apt-get install postgresql" : null;
    }

    private static string? FindTool(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            // Debian keeps them off the path.
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")) : [])
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static void RunServerTool(string name, params string[] arguments)
    {
        var (program, all) = AsServerUser(name, arguments);
        Run(program, all);
    }

    private static (string Program, string[] Arguments) AsServerUser(string name, params string[] arguments)
    {
        var tool = FindTool(name) ?? throw new InvalidOperationException($"{name} is not to be found.");
        return Environment.IsPrivilegedProcess ? ("runuser", ["-u", "postgres", "--", tool, .. arguments]) : (tool, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        // Nobody reads what it writes: a server that it starts would hold a pipe open.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with code {process.ExitCode}.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
