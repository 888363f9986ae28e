using Benchmarks;
using Benchmarks.Backlog;
using Benchmarks.Deliver;
using Benchmarks.History;
using Benchmarks.Idle;
using Benchmarks.Isolate;
using Benchmarks.Latency;
using Benchmarks.Nodes;
using Benchmarks.Pages;
using Benchmarks.Receive;
using Benchmarks.Render;
using Benchmarks.Save;

var benchmarks = new Dictionary<string, (string Measures, Func<Options, Task<Report>> Run)>
{
    ["save"] = ("saves through the API, with the plugin absent and present", SaveBenchmark.RunAsync),
    ["deliver"] = ("changes delivered through the plugin, against a bare HttpClient loop", DeliverBenchmark.RunAsync),
    ["latency"] = ("from a save's begin to its arrival at a receiver", LatencyBenchmark.RunAsync),
    ["backlog"] = ("memory and rate while a great many deliveries are drained", BacklogBenchmark.RunAsync),
    ["history"] = ("the rate with and without millions of finished deliveries", HistoryBenchmark.RunAsync),
    ["isolate"] = ("how long healthy receivers wait with and without some that hang", IsolateBenchmark.RunAsync),
    ["order"] = ("changes delivered strictly in order, against a bare loop that posts one at a time", OrderBenchmark.RunAsync),
    ["render"] = ("making the body of a message, for each event of each dialect and for a template", RenderBenchmark.RunAsync),
    ["pages"] = ("the administrator's overview and list of deliveries, with a million of them", PagesBenchmark.RunAsync),
    ["nodes"] = ("what one, two and three nodes deliver from one database, and how soon a killed one is replaced", NodesBenchmark.RunAsync),
    ["idle"] = ("writes and processor time while nothing is due", IdleBenchmark.RunAsync),
};

if (args is ["receiver", ..])
    return await Receiver.RunAsync();
if (args is ["drain", .. var drained])
    return await Drain.RunAsync(drained);
if (args is ["node", .. var noded])
    return await NodeWorker.RunAsync(noded);
if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var benchmark))
    return ShowUsage();

var options = Options.Parse(args[1..]);
var report = await benchmark.Run(options);
if (options.FindUnused() is { Count: > 0 } unused)
    Console.Error.WriteLine($"Not options of {args[0]}, so ignored: {string.Join(", ", unused)}");
report.Print(args[0]);
return 0;

int ShowUsage()
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/Benchmarks -- NAME [--option value]");
    foreach (var (name, (measures, _)) in benchmarks)
        Console.Error.WriteLine($"  {name,-8} {measures}");
    return 2;
}
