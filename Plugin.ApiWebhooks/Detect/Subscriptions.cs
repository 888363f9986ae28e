using Dam.Hosting;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Deliver;
using Plugin.ApiWebhooks.Nodes;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Replay;

namespace Plugin.ApiWebhooks.Detect;

/// <summary>Keeps the stored subscriptions in step with the hooks of the configuration, and with what people and failures make of them.</summary>
/// <remarks>
/// A hook is known by its key, whether it stands in config.json or is stored.
/// <list type="bullet">
/// <item>A new hook is owed the changes after the moment at which it is first seen; one that starts in the past gets a replay of that past.</item>
/// <item>A hook that is not enabled, or was paused, or disabled because it failed, is not sent to: what it is owed is held, new changes too, and all of it is
/// sent when it is served again.</item>
/// <item>A hook taken out of the file is kept as removed: what it was owed is held, and new changes are not its. Put back under the same key it goes on from
/// then, and what was held is sent.</item>
/// <item>A stored hook that is deleted may come back for a while: what it is owed is held till then. After that it never does, and what it was owed is cancelled.</item>
/// </list>
/// Nodes may have different files for a while, as when a new one is handed out. Then the node that read its own last has the word: it puts back what another took
/// out, and takes out what it has not. The others follow that, and leave alone what they never had: else each would undo what the other did, for ever.
/// </remarks>
internal sealed partial class Subscriptions(
    DeliveryQueue queue, NodeShare share, NoticeQueue notices, Dispatcher dispatcher, FailureWatch failures, Owners owners, IChangeLog log, IHostInformation host, TimeProvider time,
    ILogger<Subscriptions> logger) : IDisposable
{
    private const int ResumeStep = 1000;

    private readonly SemaphoreSlim _applying = new(1, 1);
    private readonly HashSet<long> _known = [];
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // The keys of the settings applied last; null before.
    private HashSet<string>? _keys;
    private volatile bool _hasStrangers;
    // Deleted ones of which everything is given up.
    private readonly HashSet<long> _forgotten = [];
    // Subscriptions that are served and have nothing held, as they were stored when that was seen to.
    private readonly Dictionary<long, Subscription> _followed = [];
    private PluginSettings _settings = PluginSettings.Empty;
    private PluginSettings? _inForce;
    private volatile IReadOnlyList<Subscriber> _current = [];

    /// <summary>Who is owed changes now. Each value is whole.</summary>
    public IReadOnlyList<Subscriber> Current => _current;

    /// <summary>Whether another node may know subscriptions that this one does not: changes are better left to it.</summary>
    public bool HasStrangers => _hasStrangers && share.Nodes.Count > 1;

    /// <summary>Raised after the subscriptions named may be served in another way than before, or are new.</summary>
    public event Action<IReadOnlyList<Subscriber>>? Changed;

    /// <summary>Completes when settings were applied for the first time.</summary>
    public Task Applied => _applied.Task;

    /// <summary>The hooks that failed for too long, for the operator's eyes.</summary>
    public IReadOnlyList<Subscription> Disabled => [.. _current.Where(each => !each.IsDeleted).Select(each => each.Subscription).Where(each => each.State == SubscriptionState.Disabled)];

    /// <summary>Brings the stored subscriptions in step with the settings.</summary>
    public Task ApplyAsync(PluginSettings settings, CancellationToken cancellationToken) => OneByOneAsync(
        async () =>
        {
            // Who changes settings applies them at once, and whoever watches them comes later with the same.
            if (ReferenceEquals(settings, _inForce))
                return true;
            (_settings, _inForce) = (settings, null);
            var (subscribers, gone) = await AloneAsync(() => StoreAllAsync(cancellationToken), cancellationToken);
            foreach (var each in gone)
                await PutAwayAsync(each);
            foreach (var subscriber in subscribers)
                await FollowAsync(subscriber);
            _inForce = settings;
            _applied.TrySetResult();
            Changed?.Invoke(subscribers);
            return true;
        },
        cancellationToken);

    /// <summary>Pauses a subscription by a person's wish.</summary>
    /// <param name="subscriptionId">The subscription.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when there is no such hook now.</returns>
    public Task<bool> PauseAsync(long subscriptionId, string reason, CancellationToken cancellationToken) =>
        ChangeAsync(subscriptionId, (_, known) => known with { State = SubscriptionState.Paused, StateReason = reason }, queue.UpdateSubscriptionAsync, cancellationToken);

    /// <summary>Serves a paused or disabled subscription again. One that is not enabled in config.json stays paused.</summary>
    /// <param name="subscriptionId">The subscription.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="held">What becomes of what is held for it now. What comes is sent in any case.</param>
    /// <returns>False when there is no such hook now.</returns>
    public async Task<bool> ResumeAsync(long subscriptionId, CancellationToken cancellationToken, HeldChoice held = HeldChoice.Deliver)
    {
        if (!_current.Any(each => each.SubscriptionId == subscriptionId && !each.IsDeleted))
            return false;
        await (held == HeldChoice.Keep ? queue.Held.KeepAsync(subscriptionId) : queue.Held.KeepNothingAsync(subscriptionId));
        if (held == HeldChoice.Cancel)
            await queue.Held.CancelAllAsync(subscriptionId);
        return await ChangeAsync(subscriptionId, (_, known) => SubscriptionStates.Active(known), queue.UpdateSubscriptionAsync, cancellationToken);
    }

    /// <summary>Gives up everything that a deleted hook was owed. The hook must be out of the settings that were applied last.</summary>
    /// <param name="key">The hook's key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task ForgetAsync(string key, CancellationToken cancellationToken) => OneByOneAsync(
        async () =>
        {
            var forgotten = await AloneAsync(() => StoreForgottenAsync(key), cancellationToken);
            if (forgotten is not null)
                await PutAwayAsync(forgotten);
            return forgotten is not null;
        },
        cancellationToken);

    private async Task<Subscription?> StoreForgottenAsync(string key)
    {
        if (queue.ReadSubscriptions().Find(each => each.Key == key && each.State == SubscriptionState.Removed) is not { } gone)
            return null;
        var forgotten = gone with { StateReason = SubscriptionStates.Deleted };
        await queue.UpdateSubscriptionAsync(forgotten);
        return forgotten;
    }

    /// <summary>Looks up the rights of those whose hooks are stored; to be done before changes are matched.</summary>
    public Task RefreshOwnersAsync(CancellationToken cancellationToken) => owners.RefreshAsync(cancellationToken);

    /// <summary>Disables a subscription that failed, and tells whoever asked to be told. One that is not served already stays as it is.</summary>
    /// <returns>False when there is no such hook now.</returns>
    public Task<bool> DisableAsync(long subscriptionId, string reason, CancellationToken cancellationToken) => ChangeAsync(
        subscriptionId,
        (hook, known) => known.State == SubscriptionState.Active
            ? known with { State = SubscriptionState.Disabled, StateReason = reason, DisabledWay = SubscriptionStates.WayOf(hook) }
            : known,
        StoreDisabledAsync,
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _applying.Dispose();

    /// <summary>Serves some subscriptions, or serves them no more, as this node's share of them is now.</summary>
    public async Task ServeAgainAsync(IReadOnlyCollection<long> subscriptionIds, CancellationToken cancellationToken)
    {
        await _applying.WaitAsync(cancellationToken);
        try
        {
            // Since when a receiver fails, and whether it is served, the node before may have learned.
            var stored = queue.ReadSubscriptions().ToDictionary(each => each.Id);
            var hooks = _settings.Hooks.Concat(_settings.Deleted).DistinctBy(each => each.Key).ToDictionary(each => each.Key, StringComparer.Ordinal);
            var serves = new List<(Subscription Subscription, HookSettings Hook)>(subscriptionIds.Count);
            foreach (var id in subscriptionIds)
            {
                _known.Remove(id);
                if (stored.TryGetValue(id, out var subscription) && hooks.TryGetValue(subscription.Key, out var hook))
                    serves.Add((subscription, hook));
            }
            var changed = (await ServeAsync(serves)).ToDictionary(each => each.SubscriptionId);
            _current = [.. _current.Select(each => changed.GetValueOrDefault(each.SubscriptionId, each))];
            Changed?.Invoke([.. changed.Values]);
        }
        finally
        {
            _applying.Release();
        }
    }

    // Alone in this node.
    private async Task<T> OneByOneAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _applying.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _applying.Release();
        }
    }

    // Alone of all nodes. Not for what takes as long as a list is: the others wait a few seconds and no longer.
    private async Task<T> AloneAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await using var turn = await share.TakeTurnAsync(cancellationToken);
        return await work();
    }

    private async Task StoreDisabledAsync(Subscription disabled)
    {
        var at = time.GetUtcNow();
        var builder = new NoticeBuilder();
        var messages = builder.Build(
            new DisabledNotice
            {
                Id = Guid.CreateVersion7(at),
                At = at,
                SubscriptionId = disabled.Id,
                Key = disabled.Key,
                Label = disabled.Label,
                Reason = disabled.StateReason!,
                FailingSince = disabled.FailingSince,
            },
            _current,
            host);
        if (await notices.DisableAsync(disabled, messages) && builder.Stored.Count > 0)
            dispatcher.NoteStored(builder.Stored);
    }

    private Task<bool> ChangeAsync(
        long subscriptionId, Func<HookSettings, Subscription, Subscription> change, Func<Subscription, Task> store, CancellationToken cancellationToken) => OneByOneAsync(
        async () =>
        {
            var subscriber = await AloneAsync(() => StoreChangedAsync(subscriptionId, change, store, cancellationToken), cancellationToken);
            if (subscriber is null)
                return false;
            // By a person's wish also what was kept back before.
            _followed.Remove(subscriptionId);
            await FollowAsync(subscriber);
            Changed?.Invoke([subscriber]);
            return true;
        },
        cancellationToken);

    private async Task<Subscriber?> StoreChangedAsync(
        long subscriptionId, Func<HookSettings, Subscription, Subscription> change, Func<Subscription, Task> store, CancellationToken cancellationToken)
    {
        var known = queue.ReadSubscriptions().Find(each => each.Id == subscriptionId);
        if (known is null or { State: SubscriptionState.Removed } || _settings.Hooks.FirstOrDefault(each => each.Key == known.Key) is not { } hook)
            return null;
        var changed = change(hook, known);
        if (changed != known)
            await store(changed);
        var stored = await StoreAsync(hook, changed, cancellationToken);
        if (stored.State != known.State)
            LogChanged(known.Key, known.State, stored.State, stored.StateReason);
        var subscriber = (await ServeAsync([(stored, hook)]))[0];
        _current = [.. _current.Select(each => each.SubscriptionId == subscriptionId ? subscriber : each)];
        return subscriber;
    }

    // Returns those that are in the settings, and those that are not.
    private async Task<(List<Subscriber> Current, List<Subscription> Gone)> StoreAllAsync(CancellationToken cancellationToken)
    {
        await owners.FollowAsync(_settings.Hooks.Concat(_settings.Deleted).Select(hook => hook.Owner).OfType<string>(), cancellationToken);
        var stored = queue.ReadSubscriptions().ToDictionary(s => s.Key, StringComparer.Ordinal);
        var serves = new List<(Subscription Subscription, HookSettings Hook)>(_settings.Hooks.Count);
        foreach (var hook in _settings.Hooks.Concat(_settings.Deleted))
        {
            var known = stored.GetValueOrDefault(hook.Key);
            if (known is { State: SubscriptionState.Removed } && IsOld(hook.Key))
                continue;
            var subscription = known is null ? await AddAsync(hook, cancellationToken) : await StoreAsync(hook, known, cancellationToken);
            if (known is not null && known.State != subscription.State)
                LogChanged(hook.Key, known.State, subscription.State, subscription.StateReason);
            serves.Add((subscription, hook));
            stored.Remove(hook.Key);
        }
        await share.WantAsync([.. serves.Select(each => each.Subscription.Id)], cancellationToken);
        var subscribers = await ServeAsync(serves);
        // The detector first: what it stores from here on knows the new states.
        _current = subscribers;
        var gone = new List<Subscription>(stored.Count);
        foreach (var each in stored.Values.Where(each => each.State == SubscriptionState.Removed || _keys is null || IsOld(each.Key)))
            gone.Add(await RemoveAsync(each));
        _hasStrangers = gone.Count < stored.Count;
        _keys = [.. _settings.Hooks.Concat(_settings.Deleted).Select(hook => hook.Key)];
        return (subscribers, gone);
    }

    // Whether it was in force here before: if not, its coming is news of this node's own, or its being there is another's matter.
    private bool IsOld(string key) => _keys?.Contains(key) ?? false;

    private async Task<Subscription> AddAsync(HookSettings hook, CancellationToken cancellationToken)
    {
        var last = await log.GetLastPositionAsync(cancellationToken);
        var past = await FindPastAsync(hook.StartFrom, last, cancellationToken);
        var subscription = new Subscription
        {
            Id = 0,
            Key = hook.Key,
            Label = hook.Label,
            State = SubscriptionState.Active,
            StartsAfter = last,
            CreatedAt = time.GetUtcNow(),
        };
        var added = await queue.AddSubscriptionAsync(
            SubscriptionStates.Decide(hook, subscription),
            past is null ? null : new NewReplay(ReplayCause.Start, ReplayWhich.NeverDelivered, past));
        LogAdded(hook.Key, past?.After ?? last);
        return added;
    }

    // What the change log has already, up to where the detector takes over; null for nothing.
    private async Task<ReplayWindow?> FindPastAsync(StartFrom start, long last, CancellationToken cancellationToken)
    {
        var past = start switch
        {
            StartFrom.Beginning => new ReplayWindow(0, last),
            StartFrom.Time time => new ReplayWindow(Math.Min(await ReplayWindows.FindAfterAsync(log, time.At, cancellationToken), last), last, From: time.At),
            _ => null,
        };
        return past is null || past.After == past.UpTo ? null : past;
    }

    private async Task<Subscription> StoreAsync(HookSettings hook, Subscription known, CancellationToken cancellationToken)
    {
        var wanted = SubscriptionStates.Decide(hook, known);
        if (known.State == SubscriptionState.Removed)
            wanted = wanted with { StartsAfter = await log.GetLastPositionAsync(cancellationToken) };
        if (wanted != known)
            await queue.UpdateSubscriptionAsync(wanted);
        return wanted;
    }

    private async Task<List<Subscriber>> ServeAsync(IReadOnlyList<(Subscription Subscription, HookSettings Hook)> serves)
    {
        var ours = serves.Select(each => each.Subscription.Id).Where(share.Has).ToHashSet();
        // In one write, however many: of a node that is gone they all come at once.
        long[] taken = [.. ours.Where(id => !_known.Contains(id))];
        if (taken.Length > 0)
            await queue.TakeOverAsync(taken);
        _known.UnionWith(taken);
        return [.. serves.Select(each => Serve(each.Subscription, each.Hook, ours))];
    }

    private Subscriber Serve(Subscription subscription, HookSettings hook, HashSet<long> ours)
    {
        failures.Know(subscription);
        // It may have been lost again meanwhile.
        var isOurs = ours.Contains(subscription.Id) && share.Has(subscription.Id);
        if (!isOurs)
            _known.Remove(subscription.Id);
        var route = new Route(hook, _settings.Delivery);
        var lane = dispatcher.Serve(subscription.Id, isOurs && subscription.State == SubscriptionState.Active ? route : null);
        var echoOf = hook.SendOwnChanges ? null : hook.ApiKeyName;
        return new Subscriber(subscription, lane, hook.Rules, echoOf, route.Schedule.Count > 0 ? route.Schedule[0] : TimeSpan.Zero)
        {
            Filter = hook.Filter,
            IsThin = hook.IsThin,
            IsDeleted = hook.IsDeleted,
            Audience = hook.Owner is { } owner ? new Audience(owner, owners) : null,
        };
    }

    // What is owed already follows the state. In bounded steps: a long list must not keep the writer from everybody else.
    private async Task FollowAsync(Subscriber subscriber)
    {
        if (_followed.TryGetValue(subscriber.SubscriptionId, out var followed) && followed == subscriber.Subscription)
            return;
        _followed.Remove(subscriber.SubscriptionId);
        if (!subscriber.IsServed)
        {
            await queue.Held.HoldAllAsync(subscriber.SubscriptionId);
            return;
        }
        // Into another order by way of being held: what is given back stands in the new streams.
        if (subscriber.Subscription.Reorders)
            await queue.Held.HoldAllAsync(subscriber.SubscriptionId);
        int resumed;
        do
        {
            resumed = await queue.Held.ResumeAsync(subscriber.SubscriptionId, ResumeStep);
            if (resumed > 0)
                dispatcher.NoteStored([(subscriber.Lane, null)]);
        }
        while (resumed == ResumeStep);
        if (!subscriber.Subscription.Reorders)
            _followed[subscriber.SubscriptionId] = subscriber.Subscription;
    }

    private async Task<Subscription> RemoveAsync(Subscription gone)
    {
        if (gone.State == SubscriptionState.Removed)
            return gone;
        var removed = gone with { State = SubscriptionState.Removed, StateReason = SubscriptionStates.NotInFile, DisabledWay = null };
        await queue.UpdateSubscriptionAsync(removed);
        LogChanged(gone.Key, gone.State, removed.State, removed.StateReason);
        return removed;
    }

    private async Task PutAwayAsync(Subscription gone)
    {
        var isDeleted = gone.StateReason == SubscriptionStates.Deleted;
        if (isDeleted && _forgotten.Contains(gone.Id))
            return;
        _followed.Remove(gone.Id);
        // Also where another node deleted it: this one may be serving it.
        dispatcher.Serve(gone.Id, null);
        if (_known.Add(gone.Id))
            await queue.TakeOverAsync([gone.Id]);
        await queue.Held.PutAwayAsync(gone.Id);
        if (isDeleted)
            _forgotten.Add(gone.Id);
    }

    [LoggerMessage(2100, LogLevel.Information, "The hook {Hook} is new: it is owed the changes after {StartsAfter}.")]
    private partial void LogAdded(string hook, long startsAfter);

    [LoggerMessage(2101, LogLevel.Warning, "The hook {Hook} was {Former} and is now {State}. {Reason}")]
    private partial void LogChanged(string hook, SubscriptionState former, SubscriptionState state, string? reason);
}
