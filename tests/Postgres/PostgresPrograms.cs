using System.Diagnostics;

namespace Tests.Postgres;

/// <summary>PostgreSQL's own programs. As root they run as the user <c>postgres</c>, since the server refuses to run as root.</summary>
internal static class PostgresPrograms
{
    /// <summary>Why there can be no server here; null when there can.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>Runs one of the programs to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static void Run(string name, params string[] arguments)
    {
        var (program, all) = AsServerUser(name, arguments);
        RunAny(program, all);
    }

    /// <summary>Gives a folder to the user that the server runs as.</summary>
    public static void GiveFolder(string folder)
    {
        if (Environment.IsPrivilegedProcess)
            RunAny("chown", "postgres", folder);
    }

    /// <summary>Sends a signal, such as <c>STOP</c>, to processes by their ids.</summary>
    public static void Signal(string signal, IEnumerable<int> processes) =>
        RunAny("sh", ["-c", "kill \"$@\"", "sh", $"-{signal}", .. processes.Select(process => $"{process}")]);

    /// <summary>The program and the arguments by which the server's user runs it.</summary>
    public static (string Program, string[] Arguments) AsServerUser(string name, params string[] arguments)
    {
        var tool = Find(name) ?? throw new InvalidOperationException($"{name} is not to be found.");
        return Environment.IsPrivilegedProcess ? ("runuser", ["-u", "postgres", "--", tool, .. arguments]) : (tool, arguments);
    }

    private static string? FindMissing()
    {
        if (OperatingSystem.IsWindows())
            return "the tests start PostgreSQL on Linux and macOS only";
        return Find("initdb") is null ? "PostgreSQL's programs (initdb, pg_ctl) are not to be found; on Debian: apt-get install postgresql" : null;
    }

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            // Debian keeps them off the path.
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")) : [])
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static void RunAny(string program, params string[] arguments)
    {
        // Nobody reads what it writes: a server that it starts would hold a pipe open.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with code {process.ExitCode}.");
    }
}
