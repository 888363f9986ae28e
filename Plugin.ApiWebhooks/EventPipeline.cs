using System.Threading.Channels;
using Dam.Hosting;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Deliver;
using Plugin.ApiWebhooks.Detect;
using Plugin.ApiWebhooks.Nodes;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Replay;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks;

/// <summary>The way of events through the plugin, from the host's change log to the receivers: puts the stages together, starts and stops them.</summary>
internal sealed partial class EventPipeline : IPluginHealth, INodeWork, IAsyncDisposable
{
    private readonly EventPipelineParts _parts;
    private readonly ILogger<EventPipeline> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _settingsChanged = new(0);
    private readonly FailureWatch _failures = new();
    private readonly Channel<FailureWatch.Finding> _findings = Channel.CreateUnbounded<FailureWatch.Finding>();
    private Detector? _detector;
    private Dispatcher? _dispatcher;
    private Subscriptions? _subscriptions;
    private ReplayRunner? _replayRunner;
    private NodeShare? _share;
    private Task _running = Task.CompletedTask;
    private int _disposed;
    private int _left;

    /// <summary>Puts the stages together.</summary>
    public EventPipeline(EventPipelineParts parts) => (_parts, _logger) = (parts, parts.Loggers.CreateLogger<EventPipeline>());

    /// <summary>Raised, on a background thread, after ends of attempts were committed. Who wants all of them subscribes before the start, which may already send what was left.</summary>
    public event Action<IReadOnlyList<Settlement>>? Stored;

    /// <summary>The subscriptions, once started.</summary>
    public Subscriptions? Subscriptions => _subscriptions;

    /// <summary>How many deliveries have no bytes, once started.</summary>
    public RefusalTally? Refusals { get; private set; }

    /// <summary>The replays, once started.</summary>
    public Replays? Replays { get; private set; }

    /// <summary>What sends, once started.</summary>
    public Dispatcher? Dispatcher => _dispatcher;

    /// <summary>What is owed, once started.</summary>
    public BacklogReader? Backlog { get; private set; }

    /// <summary>Starts. Before the first good configuration nothing is read: nobody knows yet who wants the changes.</summary>
    public async Task StartAsync()
    {
        var queue = await DeliveryQueue.OpenAsync(_parts.Database, _parts.Time);
        Refusals = queue.Refusals;
        _dispatcher = new Dispatcher(
            queue, _parts.Sender, () => _parts.Settings().Delivery, _parts.Time, _parts.Random, new Pace(() => _parts.GatherResults, _parts.Time),
            _parts.Telemetry, _parts.Loggers);
        var share = _share = NodeShare.Of(_parts.Database, queue.Session, _parts.ConfigMark, _parts.Loggers);
        _dispatcher.StoredElsewhere += share.Tell;
        _subscriptions = new Subscriptions(
            queue, share, new NoticeQueue(_parts.Database, _parts.Time), _dispatcher, _failures, new Owners(_parts.Users, _parts.Records), _parts.Log, _parts.Host, _parts.Time, _parts.Loggers.CreateLogger<Subscriptions>());
        var detector = _detector = new Detector(
            _parts.Log, queue, _dispatcher, _subscriptions, ReadAgainAsync, _parts.Host, _parts.Time, new Pace(() => _parts.Settings().Delivery.Gather, _parts.Time),
            () => _parts.Settings().Delivery.MostMessageBytes, _parts.Telemetry.Traces, _parts.Loggers.CreateLogger<Detector>());
        Backlog = new BacklogReader(_parts.Database, _parts.Log, () => detector.Position ?? queue.ReadPosition(), _parts.Time);
        _parts.Telemetry.Metrics.Observe(Backlog.Read, () => _dispatcher.InFlight);
        var replays = AddReplays(queue, _dispatcher, _subscriptions);
        _dispatcher.Stored += Watch;
        await share.StartAsync(this);
        if (_parts.IsReady())
            await ApplyFirstAsync();
        _running = Task.WhenAll(
            RunAppliedAsync(detector.RunAsync), RunAppliedAsync(replays.RunAsync), FollowSettingsAsync(), FollowFindingsAsync(queue));
    }

    // Another node may hold the turn for long, or the database be away for a moment: that is no reason not to start.
    private async Task ApplyFirstAsync()
    {
        try
        {
            await ApplySettingsAsync();
        }
        catch (Exception exception) when (_parts.Database.Engine.IsTrouble(exception))
        {
            LogNotApplied(exception);
            SettingsChanged();
        }
    }

    private ReplayRunner AddReplays(DeliveryQueue queue, Dispatcher dispatcher, Subscriptions subscriptions)
    {
        var store = new ReplayStore(_parts.Database, queue.Refusals, _parts.Time);
        var reader = new ReplayReader(_parts.Log, store, _parts.Host, () => _parts.Settings().Delivery.MostMessageBytes, subscriptions.RefreshOwnersAsync);
        _replayRunner = new ReplayRunner(
            store, reader, id => _share!.Has(id) ? Find(id) : null, subscriber => dispatcher.NoteStored([(subscriber.Lane, null)]), _parts.Time, _parts.Loggers.CreateLogger<ReplayRunner>());
        Replays = new Replays(_parts.Log, queue, store, _replayRunner, Find);
        dispatcher.Stored += _replayRunner.NoteSettled;
        subscriptions.Changed += changed =>
        {
            foreach (var subscriber in changed)
                _replayRunner.Wake(subscriber.SubscriptionId);
        };
        return _replayRunner;

        Subscriber? Find(long id) => subscriptions.Current.FirstOrDefault(each => each.SubscriptionId == id);
    }

    /// <summary>Brings the subscriptions in step with the settings that are now in force; returns at once. Called again for nothing it does no harm.</summary>
    public void SettingsChanged() => _settingsChanged.Release();

    /// <summary>The same, completing when it is done.</summary>
    public Task ApplySettingsAsync() => _subscriptions!.ApplyAsync(_parts.Settings(), _stopping.Token);

    /// <summary>Makes a delivery due now, whatever became of it.</summary>
    public async Task<ActionResult> ResendAsync(long deliveryId) => Claimable(await new DeliveryActions(_parts.Database, _parts.Time).ResendAsync(deliveryId));

    /// <summary>Gives up a delivery that is still owed. What it blocked goes on.</summary>
    public async Task<ActionResult> CancelAsync(long deliveryId) => Claimable(await new DeliveryActions(_parts.Database, _parts.Time).CancelAsync(deliveryId));

    /// <summary>Stops reading, lets attempts under way end until the deadline, and releases the rest.</summary>
    public async Task StopAsync(CancellationToken drainDeadline)
    {
        // First: while the stages before it end, attempts that end must not make place for new ones.
        _dispatcher?.BeginStop();
        await _stopping.CancelAsync();
        await _running;
        if (_dispatcher is not null)
            await _dispatcher.StopAsync(drainDeadline);
        // Now nothing is in hand: the others may go on with it at once.
        if (_share is not null && Interlocked.Exchange(ref _left, 1) == 0)
            await _share.DisposeAsync();
    }

    /// <summary>The nodes that share the database; empty where there can be no other.</summary>
    public IReadOnlyList<NodeEntry> Nodes => _share?.Nodes ?? [];

    /// <summary>Whether this node does what one does for all.</summary>
    public bool IsFirst => _share?.IsFirst ?? false;

    Task INodeWork.ServeAgainAsync(IReadOnlyCollection<long> subscriptionIds) => _subscriptions!.ServeAgainAsync(subscriptionIds, _stopping.Token);

    void INodeWork.StopServing(IReadOnlyCollection<long> subscriptionIds)
    {
        foreach (var id in subscriptionIds)
            _dispatcher!.Serve(id, null);
    }

    bool INodeWork.IsBusyWith(long subscriptionId) => _dispatcher!.IsBusyWith(subscriptionId);

    void INodeWork.Hear(IReadOnlyCollection<long> subscriptionIds) => _dispatcher!.Hear(subscriptionIds);

    Task INodeWork.ReadAgainAsync() => _parts.ReadSettingsAgain();

    // What other nodes changed of what is kept in memory, in force when it completes.
    private async Task ReadAgainAsync()
    {
        await _parts.ReadSettingsAgain();
        await ApplySettingsAsync();
    }

    void INodeWork.WakeReplays()
    {
        foreach (var subscriber in _subscriptions!.Current.Where(each => _share!.Has(each.SubscriptionId)))
            _replayRunner!.Wake(subscriber.SubscriptionId);
    }

    void INodeWork.CountRefusals() => Refusals!.Load();

    void INodeWork.NoteOthers() => _parts.Database.NoteOthers();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Registered under two types, it is disposed of twice.
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        await StopAsync(new CancellationToken(canceled: true));
        if (_dispatcher is not null)
            await _dispatcher.DisposeAsync();
        _subscriptions?.Dispose();
        _replayRunner?.Dispose();
        _stopping.Dispose();
        _settingsChanged.Dispose();
    }

    /// <inheritdoc/>
    public IReadOnlyList<PluginFault> GetFaults() =>
        [.. GetOwnFaults(), .. (_subscriptions?.Disabled ?? []).Select(each => new PluginFault(
            FaultSeverity.Error,
            $"Hook {each.Key}",
            $"The hook is disabled. {each.StateReason} What it is owed is held.",
            "Mend the receiver, or enter its new address; then resume the subscription. What was held is sent then.")),
            .. (_subscriptions?.Current ?? []).Where(each => Refusals!.Of(each.SubscriptionId) > 0).Select(each => new PluginFault(
                FaultSeverity.Warning,
                $"Hook {each.Subscription.Key}",
                $"Of {Refusals!.Of(each.SubscriptionId)} changes no message could be made; their deliveries are given up. Each tells its reason.",
                "Raise delivery.maxMessageKilobytes, or mend what the log tells of the dialect; then replay what failed."))];

    /// <summary>The faults that are nobody's subscription.</summary>
    public IReadOnlyList<PluginFault> GetOwnFaults() => [.. WriteFaults(), .. LostFaults(), .. _share is null ? [] : NodeFaults.Of(_share, _parts.ConfigMark())];

    private IEnumerable<PluginFault> LostFaults()
    {
        if (_detector?.LostChanges is { } lost)
        {
            yield return new PluginFault(
                FaultSeverity.Error,
                "Change log",
                $"The host removed the changes after {lost.After} and up to {lost.UpTo} before they were read here: they are not sent to anybody.",
                "Let the host keep its change log for longer than the plugin is ever away. Receivers have to fetch what they miss from the host itself.");
        }
    }

    private IEnumerable<PluginFault> WriteFaults()
    {
        if (_parts.Database.WriteFault is { } fault)
        {
            yield return new PluginFault(
                FaultSeverity.Error,
                "storage",
                $"The database {_parts.Database.Place} cannot be written. {fault}",
                "Make room on the disk, or make the file writable. Nothing is lost: changes wait in the host's log, and it is tried again all the time.");
        }
    }

    private ActionResult Claimable(ActionResult result)
    {
        if (result is ActionResult.Done { IsServed: true } done && _subscriptions?.Current.FirstOrDefault(each => each.SubscriptionId == done.SubscriptionId) is { } subscriber)
            _dispatcher!.NoteStored([(subscriber.Lane, null)]);
        return result;
    }

    private void Watch(IReadOnlyList<Settlement> settlements)
    {
        foreach (var finding in _failures.Learn(settlements, _parts.Settings().Delivery.DisableAfter))
            _findings.Writer.TryWrite(finding);
        Stored?.Invoke(settlements);
    }

    private async Task FollowFindingsAsync(DeliveryQueue queue)
    {
        try
        {
            await foreach (var finding in _findings.Reader.ReadAllAsync(_stopping.Token))
                await FollowAsync(finding, queue);
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // The plugin stops; the next failures find the same again.
        }
    }

    private async Task FollowAsync(FailureWatch.Finding finding, DeliveryQueue queue)
    {
        try
        {
            if (finding is FailureWatch.Finding.Turned turned)
                await queue.TurnSubscriptionAsync(turned.SubscriptionId, turned.FailingSince);
            else if (finding is FailureWatch.Finding.GiveUp giveUp)
                await _subscriptions!.DisableAsync(giveUp.SubscriptionId, giveUp.Reason, _stopping.Token);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            LogNotFollowed(exception, finding);
        }
    }

    private async Task RunAppliedAsync(Func<CancellationToken, Task> run)
    {
        try
        {
            await _subscriptions!.Applied.WaitAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        await run(_stopping.Token);
    }

    private async Task FollowSettingsAsync()
    {
        try
        {
            while (true)
            {
                await _settingsChanged.WaitAsync(_stopping.Token);
                await ApplyUntilDoneAsync();
            }
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // The plugin stops, perhaps together with its database: the settings are applied again at the start.
        }
    }

    private async Task ApplyUntilDoneAsync()
    {
        while (_parts.IsReady())
        {
            try
            {
                await ApplySettingsAsync();
                return;
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                LogNotApplied(exception);
                await Task.Delay(TimeSpan.FromSeconds(1), _parts.Time, _stopping.Token);
            }
        }
    }

    [LoggerMessage(2121, LogLevel.Error, "{Finding} could not be stored; the next failure finds it again.")]
    private partial void LogNotFollowed(Exception exception, FailureWatch.Finding finding);

    [LoggerMessage(2120, LogLevel.Error, "The subscriptions could not be brought in step with the configuration; trying again.")]
    private partial void LogNotApplied(Exception exception);
}

/// <summary>What the way of events is made of.</summary>
internal sealed record EventPipelineParts
{
    /// <summary>The plugin's database.</summary>
    public required PluginDatabase Database { get; init; }

    /// <summary>The one way out.</summary>
    public required GuardedSender Sender { get; init; }

    /// <summary>The settings in force; asked whenever they are needed.</summary>
    public required Func<PluginSettings> Settings { get; init; }

    /// <summary>Whether there ever was a good configuration.</summary>
    public required Func<bool> IsReady { get; init; }

    /// <summary>A hash of the configuration in force, by which nodes see whether theirs are the same.</summary>
    public Func<string> ConfigMark { get; init; } = static () => "";

    /// <summary>Reads again what of the settings stands in the database.</summary>
    public Func<Task> ReadSettingsAgain { get; init; } = static () => Task.CompletedTask;

    /// <summary>The host's change log.</summary>
    public required IChangeLog Log { get; init; }

    /// <summary>The host's address and title.</summary>
    public required IHostInformation Host { get; init; }

    /// <summary>The host's users, whose rights decide what stored hooks are sent.</summary>
    public required IUserDirectory Users { get; init; }

    /// <summary>Tells what a user may see.</summary>
    public required IRecordReader Records { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>How long ends of attempts may gather before they are stored, while few come at a time.</summary>
    public TimeSpan GatherResults { get; init; } = Pace.OfResults;

    /// <summary>The source of jitter.</summary>
    public required Random Random { get; init; }

    /// <summary>What is told to whoever listens in the process.</summary>
    public required Telemetry Telemetry { get; init; }

    /// <summary>The host's loggers.</summary>
    public required ILoggerFactory Loggers { get; init; }
}
