using System.Diagnostics;
using System.Globalization;
using Benchmarks.Deliver;

namespace Benchmarks.Backlog;

/// <summary>The plugin in a process of its own: it drains a database until its standard input ends.</summary>
internal static class Drain
{
    /// <summary>Starts the process.</summary>
    /// <param name="program">How this program is started.</param>
    /// <param name="databaseFile">The database, filled.</param>
    /// <param name="receiver">Where its deliveries go.</param>
    /// <param name="hooks">How many hooks it has.</param>
    /// <param name="lastChange">The newest change in the log.</param>
    /// <param name="concurrency">Attempts under way at the same time.</param>
    public static Process Start(ProcessStartInfo program, string databaseFile, Uri receiver, int hooks, long lastChange, int concurrency)
    {
        foreach (var argument in new[] { "drain", databaseFile, receiver.AbsoluteUri, Text(hooks), Text(lastChange), Text(concurrency) })
            program.ArgumentList.Add(argument);
        return Process.Start(program)!;
    }

    /// <summary>What that process does.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var log = new MemoryChangeLog(0);
        log.Append(int.Parse(args[3], CultureInfo.InvariantCulture));
        var (hooks, concurrency) = (int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[4], CultureInfo.InvariantCulture));
        await using var subject = await DeliverySubject.StartAsync(log, args[0], new Uri(args[1]), hooks, concurrency);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
