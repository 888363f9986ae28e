using Dam.Hosting;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Deliver;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Detect;

/// <summary>Keeps the stored subscriptions in step with the hooks of the configuration.</summary>
/// <remarks>
/// A hook is known by its key.
/// <list type="bullet">
/// <item>A new hook is owed the changes after the moment at which it is first seen.</item>
/// <item>A hook that is not enabled is paused: what it is owed is held, new changes too, and all of it is sent when it is enabled again.</item>
/// <item>A hook taken out of the file is kept as removed: what it was owed is held, and new changes are not its. Put back under the same key it goes on from
/// then, and what was held is sent.</item>
/// </list>
/// </remarks>
internal sealed partial class Subscriptions(
    DeliveryQueue queue, Dispatcher dispatcher, IChangeLog log, TimeProvider time, ILogger<Subscriptions> logger) : IDisposable
{
    private const string NotEnabled = "Not enabled in config.json.";
    private const string NotInFile = "Taken out of config.json.";

    private readonly SemaphoreSlim _applying = new(1, 1);
    private readonly HashSet<long> _known = [];
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IReadOnlyList<Subscriber> _current = [];

    /// <summary>Who is owed changes now. Each value is whole.</summary>
    public IReadOnlyList<Subscriber> Current => _current;

    /// <summary>Completes when settings were applied for the first time.</summary>
    public Task Applied => _applied.Task;

    /// <summary>Brings the stored subscriptions in step with the settings.</summary>
    public async Task ApplyAsync(PluginSettings settings, CancellationToken cancellationToken)
    {
        await _applying.WaitAsync(cancellationToken);
        try
        {
            var stored = queue.ReadSubscriptions().ToDictionary(s => s.Key, StringComparer.Ordinal);
            var subscribers = new List<Subscriber>(settings.Hooks.Count);
            foreach (var hook in settings.Hooks)
            {
                var subscription = await StoreAsync(hook, stored.GetValueOrDefault(hook.Key), cancellationToken);
                subscribers.Add(await ServeAsync(subscription, hook, settings.Delivery));
                stored.Remove(hook.Key);
            }
            // The detector first: what it stores from here on knows the new state.
            _current = subscribers;
            foreach (var gone in stored.Values)
                await RemoveAsync(gone);
            _applied.TrySetResult();
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _applying.Dispose();

    private async Task<Subscription> StoreAsync(HookSettings hook, Subscription? known, CancellationToken cancellationToken)
    {
        var (state, reason) = hook.Enabled ? (SubscriptionState.Active, null) : (SubscriptionState.Paused, NotEnabled);
        if (known is null)
        {
            var added = await queue.AddSubscriptionAsync(new Subscription
            {
                Id = 0,
                Key = hook.Key,
                Label = hook.Label,
                State = state,
                StateReason = reason,
                StartsAfter = await log.GetLastPositionAsync(cancellationToken),
                CreatedAt = time.GetUtcNow(),
            });
            LogAdded(hook.Key, added.StartsAfter);
            return added;
        }
        var startsAfter = known.State == SubscriptionState.Removed ? await log.GetLastPositionAsync(cancellationToken) : known.StartsAfter;
        var wanted = known with { Label = hook.Label, State = state, StateReason = reason, StartsAfter = startsAfter };
        if (wanted != known)
        {
            await queue.UpdateSubscriptionAsync(wanted);
            LogChanged(hook.Key, known.State, state);
        }
        return wanted;
    }

    private async Task<Subscriber> ServeAsync(Subscription subscription, HookSettings hook, DeliverySettings delivery)
    {
        var isServed = subscription.State == SubscriptionState.Active;
        var route = new Route(hook, delivery);
        if (_known.Add(subscription.Id))
            await queue.TakeOverAsync(subscription.Id);
        if (isServed)
            await ResumeAllAsync(subscription.Id);
        var lane = dispatcher.Serve(subscription.Id, isServed ? route : null);
        if (!isServed)
            await dispatcher.HoldAllAsync(subscription.Id);
        return new Subscriber(subscription.Id, lane, hook.Rules, subscription.StartsAfter, isServed, route.Schedule.Count > 0 ? route.Schedule[0] : TimeSpan.Zero);
    }

    private async Task RemoveAsync(Subscription gone)
    {
        if (gone.State != SubscriptionState.Removed)
        {
            await queue.UpdateSubscriptionAsync(gone with { State = SubscriptionState.Removed, StateReason = NotInFile });
            LogChanged(gone.Key, gone.State, SubscriptionState.Removed);
        }
        if (_known.Add(gone.Id))
            await queue.TakeOverAsync(gone.Id);
        dispatcher.Serve(gone.Id, null);
        await dispatcher.HoldAllAsync(gone.Id);
    }

    // In bounded steps: a long list must not keep the writer from everybody else.
    private async Task ResumeAllAsync(long subscriptionId)
    {
        while (await queue.ResumeAsync(subscriptionId, 1000) == 1000)
        {
        }
    }

    [LoggerMessage(2100, LogLevel.Information, "The hook {Hook} is new: it is owed the changes after {StartsAfter}.")]
    private partial void LogAdded(string hook, long startsAfter);

    [LoggerMessage(2101, LogLevel.Information, "The hook {Hook} was {Former} and is now {State}.")]
    private partial void LogChanged(string hook, SubscriptionState former, SubscriptionState state);
}
