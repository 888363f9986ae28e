using System.Diagnostics;
using System.Globalization;
using Benchmarks.Receive;
using Benchmarks.Run;
using Npgsql;

namespace Benchmarks.Nodes;

/// <summary>
/// What one, two and three nodes deliver together from one database, how they share it, and how soon the others go on with what a node had that is killed. All on the
/// same processors: what is shown is that nodes do not stand in each other's way, not that more of them are faster here.
/// </summary>
internal static class NodesBenchmark
{
    private const int MostNodes = 3;

    public static async Task<Report> RunAsync(Options options)
    {
        var rounds = options.Number("rounds", 5);
        var deliveries = options.Number("deliveries", 20_000);
        var hooks = options.Number("hooks", 32);
        var concurrency = options.Number("concurrency", 32);

        using var folder = new RunFolder("nodes");
        using var storage = Storage.Start(Options.Parse(["--storage", "postgres"]), folder);
        await using var receiver = await ReceiverProcess.StartAsync();
        var report = new Report($"{hooks} hooks, medians of {rounds} rounds [lowest..highest]", "a second", "share of each node");
        var (duplicates, lost, takeover) = (0L, 0L, 0.0);
        for (var nodes = 1; nodes <= MostNodes; nodes++)
        {
            var scene = new Scene(storage.Add($"nodes{nodes}").Connection!, receiver.Address, hooks, concurrency);
            await using var ends = scene;
            for (var node = 0; node < nodes; node++)
                await scene.AddAsync();
            await scene.WaitForSharesAsync(nodes);
            var rates = new List<double>();
            await scene.DeliverAsync(deliveries);
            for (var round = 0; round < rounds; round++)
                rates.Add(await scene.DeliverAsync(deliveries));
            var shares = await scene.CountAsync();
            report.AddRow($"{nodes} {(nodes == 1 ? "node" : "nodes")}", Cell.Spread(rates, Cell.PerSecond), string.Join(", ", shares.Select(share => $"{100.0 * share / shares.Sum():0} %")));
            report.AddFigure($"rate{nodes}", Sample.Median(rates));
            duplicates += scene.Query("SELECT (SELECT count(*) FROM attempt) - (SELECT count(*) FROM delivery WHERE state = 'delivered')");
            if (nodes == MostNodes)
                takeover = await scene.KillOneAsync();
            lost += scene.Query("SELECT count(*) FROM delivery WHERE state <> 'delivered'") + scene.Missing;
        }

        report.AddNote($"A node is killed, and then a change happens: every hook has it {takeover.ToString("0.0", CultureInfo.InvariantCulture)} s after the kill. A node is taken to live for 10 s without a word.");
        report.AddFigure("duplicates", duplicates);
        report.AddFigure("lost", lost);
        report.AddFigure("takeoverSeconds", takeover);
        return report;
    }

    // Some nodes on one database.
    private sealed class Scene(string connection, Uri receiver, int hooks, int concurrency) : IAsyncDisposable
    {
        private readonly List<NodeWorker> _nodes = [];
        private long _changes;

        /// <summary>Deliveries that should be there and are not.</summary>
        public long Missing => (_changes * hooks) - Query("SELECT count(*) FROM delivery");

        public async Task AddAsync() => _nodes.Add(await NodeWorker.StartAsync(connection, receiver, hooks, concurrency, _changes));

        public Task WaitForSharesAsync(int nodes) => UntilAsync(
            () => Query("SELECT count(*) FROM lane WHERE node_id IN (SELECT id FROM node)") == hooks && Query("SELECT count(DISTINCT node_id) FROM lane") == nodes);

        /// <summary>Lets changes happen and waits until all their deliveries are stored as delivered.</summary>
        /// <returns>Deliveries a second.</returns>
        public async Task<double> DeliverAsync(int deliveries)
        {
            var changes = deliveries / hooks;
            var start = Stopwatch.GetTimestamp();
            Append(changes);
            await AllDeliveredAsync();
            return changes * hooks / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        /// <summary>Kills a node, lets one change happen and waits until every hook has it.</summary>
        /// <returns>Seconds since the kill.</returns>
        public async Task<double> KillOneAsync()
        {
            var start = Stopwatch.GetTimestamp();
            await _nodes[0].KillAsync();
            await _nodes[0].DisposeAsync();
            _nodes.RemoveAt(0);
            Append(1);
            await AllDeliveredAsync();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        /// <summary>How many deliveries each node has made.</summary>
        public async Task<IReadOnlyList<long>> CountAsync() => await Task.WhenAll(_nodes.Select(node => node.CountAsync()));

        public long Query(string sql)
        {
            using var open = new NpgsqlConnection(connection + ";Search Path=api_webhooks");
            open.Open();
            using var command = new NpgsqlCommand(sql, open);
            return (long)command.ExecuteScalar()!;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var node in _nodes)
                await node.DisposeAsync();
        }

        private void Append(int changes)
        {
            _changes += changes;
            _nodes.ForEach(node => node.Append(changes));
        }

        // What is not finished is found by partial indexes: asking costs the server next to nothing.
        private Task AllDeliveredAsync() => UntilAsync(
            () => Query("SELECT coalesce((SELECT position FROM reader), 0)") == _changes
                && Query("SELECT (SELECT count(*) FROM delivery WHERE due_at IS NOT NULL) + (SELECT count(*) FROM delivery WHERE state = 'pending' AND due_at IS NULL)") == 0);

        private static async Task UntilAsync(Func<bool> isSo)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            while (!isSo())
                await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
