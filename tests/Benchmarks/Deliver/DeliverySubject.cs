using System.Diagnostics;
using Dam.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Plugin.ApiWebhooks;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Benchmarks.Deliver;

/// <summary>The plugin's own way of events, from a change log in memory to real HTTP, with its database on disk.</summary>
internal sealed class DeliverySubject : IAsyncDisposable
{
    private readonly MemoryChangeLog _log;
    private readonly int _hooks;
    private readonly PluginDatabase _database;
    private readonly GuardedSender _sender;
    private readonly Telemetry _telemetry = new();
    private readonly EventPipeline _pipeline;
    private long _settled;
    private long _awaited = long.MaxValue;
    private TaskCompletionSource _reached = new();

    private DeliverySubject(MemoryChangeLog log, string databaseFile, Uri receiver, int hooks, int concurrency)
    {
        (_log, _hooks) = (log, hooks);
        var settings = PluginSettings.Empty with
        {
            Hooks = [.. Enumerable.Range(1, hooks).Select(number => NewHook(new Uri(receiver, $"/hook/{number}"), number))],
            Delivery = new DeliverySettings { Concurrency = concurrency, ConcurrencyPerHook = concurrency },
        };
        _database = PluginDatabase.Open(databaseFile);
        _sender = new GuardedSender((_, port, _) => port == receiver.Port, TimeProvider.System);
        _pipeline = new EventPipeline(new EventPipelineParts
        {
            Database = _database,
            Sender = _sender,
            Settings = () => settings,
            IsReady = () => true,
            Log = log,
            Host = new NoHost(),
            Time = TimeProvider.System,
            Random = new Random(1),
            Telemetry = _telemetry,
            Loggers = NullLoggerFactory.Instance,
        });
    }

    /// <param name="log">Where changes come from.</param>
    /// <param name="databaseFile">The plugin's database.</param>
    /// <param name="receiver">Where deliveries go.</param>
    /// <param name="hooks">How many hooks want each change.</param>
    /// <param name="concurrency">Attempts under way at the same time.</param>
    public static async Task<DeliverySubject> StartAsync(MemoryChangeLog log, string databaseFile, Uri receiver, int hooks, int concurrency)
    {
        var subject = new DeliverySubject(log, databaseFile, receiver, hooks, concurrency);
        await subject._pipeline.StartAsync();
        subject._pipeline.Dispatcher!.Stored += subject.Count;
        return subject;
    }

    /// <summary>Lets changes happen and waits until all their deliveries are sent and stored as delivered.</summary>
    /// <returns>Deliveries a second.</returns>
    public async Task<double> MeasureAsync(int deliveries)
    {
        var changes = deliveries / _hooks;
        var before = Interlocked.Read(ref _settled);
        _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _awaited, before + (changes * _hooks));
        var start = Stopwatch.GetTimestamp();
        _log.Append(changes);
        await _reached.Task;
        return changes * _hooks / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        _telemetry.Dispose();
        _sender.Dispose();
        await _database.DisposeAsync();
    }

    private void Count(IReadOnlyList<Settlement> settlements)
    {
        if (settlements.FirstOrDefault(settlement => settlement.Verdict is not Verdict.Deliver) is { } failed)
            _reached.TrySetException(new InvalidOperationException($"A delivery failed: {failed.Verdict}, {failed.Attempt}"));
        if (Interlocked.Add(ref _settled, settlements.Count) >= Volatile.Read(ref _awaited))
            _reached.TrySetResult();
    }

    private static HookSettings NewHook(Uri url, int number) => new()
    {
        Key = $"bench-{number}",
        Label = $"Benchmark {number}",
        Dialect = "standard",
        Url = url.AbsoluteUri,
        Secret = WebhookSecret.Generate(),
        Rules = new StandardRules(new HashSet<ChangeKind>(Enum.GetValues<ChangeKind>())),
    };
}
