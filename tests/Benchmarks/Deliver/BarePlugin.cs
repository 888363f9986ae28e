using Benchmarks.Run;
using Dam.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Plugin.ApiWebhooks;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Benchmarks.Deliver;

/// <summary>The plugin's own way of events without a host: from a change log to real HTTP, with its database on disk.</summary>
internal sealed class BarePlugin : IAsyncDisposable
{
    private readonly PluginDatabase _database;
    private readonly GuardedSender _sender;
    private readonly Telemetry _telemetry = new();

    /// <param name="log">Where changes come from.</param>
    /// <param name="place">The plugin's database.</param>
    /// <param name="receiver">Where deliveries go.</param>
    /// <param name="paths">A hook for each path at the receiver.</param>
    /// <param name="delivery">How they are sent.</param>
    /// <param name="order">In which order.</param>
    public BarePlugin(
        IChangeLog log, Place place, Uri receiver, IReadOnlyList<string> paths, DeliverySettings delivery, DeliveryOrder order = DeliveryOrder.None)
    {
        var settings = PluginSettings.Empty with
        {
            Hooks = [.. paths.Select((path, number) => NewHook(new Uri(receiver, path), number + 1) with { Order = order })],
            Delivery = delivery,
        };
        _database = place.Open();
        _sender = new GuardedSender((_, port, _) => port == receiver.Port, TimeProvider.System);
        Pipeline = new EventPipeline(new EventPipelineParts
        {
            Database = _database,
            Sender = _sender,
            Settings = () => settings,
            IsReady = () => true,
            Log = log,
            Host = new NoHost(),
            Users = new NoHost(),
            Records = new NoHost(),
            Time = TimeProvider.System,
            Random = new Random(1),
            Telemetry = _telemetry,
            Loggers = NullLoggerFactory.Instance,
        });
    }

    public EventPipeline Pipeline { get; }

    /// <summary>One number from the database.</summary>
    public long Query(string sql) => _database.Read(connection => (long)connection.Prepared(sql).ExecuteScalar()!);

    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        _telemetry.Dispose();
        _sender.Dispose();
        await _database.DisposeAsync();
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
