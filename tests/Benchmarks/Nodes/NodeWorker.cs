using System.Diagnostics;
using System.Globalization;
using Benchmarks.Deliver;
using Benchmarks.Receive;
using Benchmarks.Run;
using Plugin.ApiWebhooks.Configure;

namespace Benchmarks.Nodes;

/// <summary>One node, in a process of its own: told on its standard input how many changes happen, it works with the others until that ends.</summary>
internal sealed class NodeWorker : IAsyncDisposable
{
    private const string Ready = "ready";
    private const string Delivered = "delivered";

    private readonly Process _process;

    private NodeWorker(Process process) => _process = process;

    /// <summary>Starts a node; it has its share when this returns.</summary>
    /// <param name="connection">The database that all share.</param>
    /// <param name="receiver">Where deliveries go.</param>
    /// <param name="hooks">How many hooks there are.</param>
    /// <param name="concurrency">Attempts under way at the same time in one node.</param>
    /// <param name="past">How many changes have happened already.</param>
    public static async Task<NodeWorker> StartAsync(string connection, Uri receiver, int hooks, int concurrency, long past)
    {
        var start = ReceiverProcess.ThisProgram();
        foreach (var argument in new[] { "node", receiver.AbsoluteUri, Text(hooks), Text(concurrency), Text(past) })
            start.ArgumentList.Add(argument);
        // Not among the arguments, which everybody may read.
        start.Environment["BENCHMARK_CONNECTION"] = connection;
        var worker = new NodeWorker(Process.Start(start)!);
        await worker.HearAsync(Ready);
        return worker;
    }

    /// <summary>Lets changes happen.</summary>
    public void Append(int changes) => _process.StandardInput.WriteLine(Text(changes));

    /// <summary>How many deliveries it has made and stored since it began.</summary>
    public async Task<long> CountAsync()
    {
        await _process.StandardInput.WriteLineAsync("?");
        return long.Parse(await HearAsync(Delivered), CultureInfo.InvariantCulture);
    }

    /// <summary>Ends it as a failing machine would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>What that process does.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var (receiver, hooks, concurrency) = (new Uri(args[0]), int.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture));
        var log = new MemoryChangeLog(500);
        log.Append(int.Parse(args[3], CultureInfo.InvariantCulture));
        var settings = new DeliverySettings { Concurrency = concurrency, ConcurrencyPerHook = concurrency };
        await using var plugin = new BarePlugin(
            log, new Place(null, Environment.GetEnvironmentVariable("BENCHMARK_CONNECTION")), receiver, DeliverySubject.PathsOf(hooks), settings);
        await plugin.Pipeline.StartAsync();
        var delivered = 0L;
        plugin.Pipeline.Dispatcher!.Stored += ends => Interlocked.Add(ref delivered, ends.Count);
        Console.WriteLine(Ready);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == "?")
                Console.WriteLine($"{Delivered} {Text(Interlocked.Read(ref delivered))}");
            else
                log.Append(int.Parse(line, CultureInfo.InvariantCulture));
        }
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<string> HearAsync(string word)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(word, StringComparison.Ordinal))
                return line[word.Length..].Trim();
        }
        throw new InvalidOperationException("A node ended.");
    }
}
