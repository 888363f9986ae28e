using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Nodes;

/// <summary>Which subscriptions this node serves, where several share a database. A subscription is served by one node at a time.</summary>
internal abstract class NodeShare : IAsyncDisposable
{
    /// <summary>The nodes that run now, this one included; empty where there can be no other.</summary>
    public virtual IReadOnlyList<NodeEntry> Nodes => [];

    /// <summary>Whether this node does what one node does for all, such as clearing.</summary>
    public abstract bool IsFirst { get; }

    /// <summary>Why this node has no share now; null when it has one.</summary>
    public virtual string? Fault => null;

    /// <summary>The share of the one node of an SQLite file, or of one of several on PostgreSQL.</summary>
    /// <param name="database">The plugin's database.</param>
    /// <param name="session">The queue's session, by which the node is known.</param>
    /// <param name="configMark">A hash of the configuration in force.</param>
    /// <param name="loggers">The host's loggers.</param>
    public static NodeShare Of(PluginDatabase database, long session, Func<string> configMark, ILoggerFactory loggers) => database.Engine is PostgresEngine engine
        ? new PostgresShare(new NodeTable(engine, session), new NodeNews(engine, session, loggers.CreateLogger<NodeNews>()), session, configMark, loggers.CreateLogger<PostgresShare>())
        : new WholeShare();

    /// <summary>Whether this node serves a subscription.</summary>
    public abstract bool Has(long subscriptionId);

    /// <summary>Begins to take part.</summary>
    /// <param name="work">What follows the share.</param>
    public abstract Task StartAsync(INodeWork work);

    /// <summary>Tells which subscriptions there are to be served, and takes this node's share of them before it returns.</summary>
    public abstract Task WantAsync(IReadOnlyCollection<long> subscriptionIds, CancellationToken cancellationToken);

    /// <summary>Tells the nodes that serve them that something of these subscriptions may be claimed. A hint: returns at once, and may get lost.</summary>
    public abstract void Tell(IReadOnlyCollection<long> subscriptionIds);

    /// <summary>Keeps all other nodes from changing subscriptions until the result is disposed of.</summary>
    public abstract ValueTask<IAsyncDisposable> TakeTurnAsync(CancellationToken cancellationToken);

    /// <summary>Gives the share to the others. Nothing may be in hand any more.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>One node has it all.</summary>
    private sealed class WholeShare : NodeShare, IAsyncDisposable
    {
        public override bool IsFirst => true;

        public override bool Has(long subscriptionId) => true;

        public override Task StartAsync(INodeWork work) => Task.CompletedTask;

        public override Task WantAsync(IReadOnlyCollection<long> subscriptionIds, CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Tell(IReadOnlyCollection<long> subscriptionIds)
        {
        }

        public override ValueTask<IAsyncDisposable> TakeTurnAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IAsyncDisposable>(this);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>A node that runs.</summary>
/// <param name="Id">Its session.</param>
/// <param name="Name">Machine and process, for people.</param>
/// <param name="ConfigMark">A hash of the configuration in force there.</param>
/// <param name="StartedAt">When it began (UTC, by the database's clock).</param>
/// <param name="Lanes">How many subscriptions it serves.</param>
internal sealed record NodeEntry(long Id, string Name, string ConfigMark, DateTimeOffset StartedAt, long Lanes);

/// <summary>What follows a node's share.</summary>
internal interface INodeWork
{
    /// <summary>Serves some subscriptions, or serves them no more, as <see cref="NodeShare.Has"/> says now.</summary>
    Task ServeAgainAsync(IReadOnlyCollection<long> subscriptionIds);

    /// <summary>Begins nothing more for some subscriptions. Asks nothing of the database, and returns at once.</summary>
    void StopServing(IReadOnlyCollection<long> subscriptionIds);

    /// <summary>Whether deliveries of a subscription are still in this node's hands.</summary>
    bool IsBusyWith(long subscriptionId);

    /// <summary>Something of these subscriptions may be claimed.</summary>
    void Hear(IReadOnlyCollection<long> subscriptionIds);

    /// <summary>Subscriptions, hooks or secrets were changed, perhaps by another node.</summary>
    Task ReadAgainAsync();

    /// <summary>Replays were asked for.</summary>
    void WakeReplays();

    /// <summary>The number of deliveries without bytes changed.</summary>
    void CountRefusals();

    /// <summary>Other nodes may have written anything.</summary>
    void NoteOthers();
}
