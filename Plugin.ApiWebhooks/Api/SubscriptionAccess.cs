using System.Globalization;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Detect;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Api;

/// <summary>
/// Which subscriptions an administrator sees: those of config.json and those that are the administrator's own; with the role sysadmin all. What is not seen is not
/// there.
/// </summary>
internal sealed class SubscriptionAccess(DeliveryHistory history, StoredHooks stored)
{
    private const string StoredPrefix = "stored-";

    /// <summary>The subscriptions that a user sees, by their numbers.</summary>
    public IReadOnlyList<SubscriptionSummary> ReadAll(HostUser user, long after = 0, int limit = int.MaxValue) =>
        PageOf(user, after, limit) is { Count: > 0 } page
            ? [.. history.ReadSubscriptions(page[0].Id, page[^1].Id).IntersectBy(page.Select(each => each.Id), each => each.Id).Select(AsSeen)]
            : [];

    /// <summary>The same from figures that were read before.</summary>
    public IReadOnlyList<SubscriptionSummary> ReadAll(HostUser user, IReadOnlyDictionary<long, SubscriptionFigures> figures)
    {
        var maySee = Sight(user);
        return [.. history.ReadSubscriptions(figures).Where(each => maySee(each.Key)).Select(AsSeen)];
    }

    /// <summary>The subscription of a name: its number, its key, or the id of a stored hook.</summary>
    public SubscriptionSummary? Find(HostUser user, string name)
    {
        var known = Resolve(name);
        return known.Key is not null && Sight(user)(known.Key) && history.ReadSubscriptions(known.Id, known.Id).SingleOrDefault() is { } found ? AsSeen(found) : null;
    }

    /// <summary>The deleted hooks that a user can have back, the latest deletion first.</summary>
    public IReadOnlyList<StoredHook> Restorable(HostUser user) =>
        [.. stored.Deleted.Where(hook => user.Roles.Contains(Gate.SysAdminRole) || IsOwner(user, hook))];

    /// <summary>The deleted hook of a name that a user can have back; null when there is none.</summary>
    public StoredHook? FindRestorable(HostUser user, string name) =>
        Resolve(name).Key is { } key ? Restorable(user).FirstOrDefault(hook => hook.Key == key) : null;

    /// <summary>The number of the subscription of a name, as <see cref="Find"/> takes it; null for none that the user sees.</summary>
    public long? FindNumber(HostUser user, string name)
    {
        var known = Resolve(name);
        return known.Key is not null && Sight(user)(known.Key) ? known.Id : null;
    }

    /// <summary>The numbers of subscriptions by their keys.</summary>
    public IReadOnlyList<long> NumbersOf(IReadOnlySet<string> keys) => [.. history.ReadSubscriptionKeys().Where(each => keys.Contains(each.Key)).Select(each => each.Id)];

    /// <summary>The subscriptions that a user sees, removed ones too, by number and label.</summary>
    public IReadOnlyList<(long Id, string Label)> ReadLabels(HostUser user)
    {
        var maySee = Sight(user);
        return [.. history.ReadSubscriptionLabels().Where(each => maySee(each.Key)).Select(each => (each.Id, each.Label))];
    }

    /// <summary>The numbers of the subscriptions that a user does not see.</summary>
    public IReadOnlyList<long> Hidden(HostUser user)
    {
        if (user.Roles.Contains(Gate.SysAdminRole))
            return [];
        var maySee = Sight(user);
        return [.. history.ReadSubscriptionKeys().Where(each => !maySee(each.Key)).Select(each => each.Id)];
    }

    /// <summary>The stored hook of a subscription; null when it stands in config.json, and when it was deleted.</summary>
    public StoredHook? FindStored(SubscriptionSummary subscription) => FindStored(subscription.Key);

    private StoredHook? FindStored(string key) => IdOf(key) is { } id ? stored.Find(id) : null;

    /// <summary>What the audit list calls a subscription.</summary>
    public AuditSubject SubjectOf(SubscriptionSummary subscription) => AuditSubject.Subscription(subscription.Key, subscription.Label, FindStored(subscription)?.Owner);

    /// <summary>What it calls a delivery of a subscription.</summary>
    public AuditSubject SubjectOfDelivery(long deliveryId, long subscriptionId) => AuditSubject.Delivery(deliveryId, SubjectOf(subscriptionId));

    /// <summary>What it calls a replay of a subscription.</summary>
    public AuditSubject SubjectOfReplay(long replayId, long subscriptionId) => AuditSubject.Replay(replayId, SubjectOf(subscriptionId));

    // Without its counts, which go through all deliveries. The key of a hook of config.json says who it is.
    private AuditSubject SubjectOf(long subscriptionId)
    {
        var key = history.ReadSubscriptionKeys().FirstOrDefault(each => each.Id == subscriptionId).Key ?? "";
        return FindStored(key) is { } hook ? AuditedHooks.SubjectOf(hook) : AuditSubject.Subscription(key, key, null);
    }

    /// <summary>Whether a key is that of a stored hook.</summary>
    public static bool IsStored(string key) => IdOf(key) is not null;

    private static Guid? IdOf(string key) =>
        key.StartsWith(StoredPrefix, StringComparison.Ordinal) && Guid.TryParseExact(key.AsSpan(StoredPrefix.Length), "N", out var id) ? id : null;

    private (long Id, string Key) Resolve(string name)
    {
        var key = Guid.TryParse(name, out var guid) ? StoredHook.KeyOf(guid) : name;
        return history.ReadSubscriptionKeys().FirstOrDefault(each => each.Key == key || each.Id.ToString(CultureInfo.InvariantCulture) == key);
    }

    private List<(long Id, string Key)> PageOf(HostUser user, long after, int limit)
    {
        var maySee = Sight(user);
        return [.. history.ReadSubscriptionKeys().Where(each => each.Id > after && maySee(each.Key)).Take(limit)];
    }

    // Whether a user sees the subscription of a key; asked for a thousand of them at a time.
    private Func<string, bool> Sight(HostUser user)
    {
        if (user.Roles.Contains(Gate.SysAdminRole))
            return _ => true;
        var own = stored.All.Where(hook => IsOwner(user, hook)).Select(hook => hook.Key).ToHashSet(StringComparer.Ordinal);
        return key => !IsStored(key) || own.Contains(key);
    }

    private static bool IsOwner(HostUser user, StoredHook hook) => string.Equals(hook.Owner, user.Name, StringComparison.OrdinalIgnoreCase);

    // One that may still come back is gone for whoever looks, as it will be.
    private SubscriptionSummary AsSeen(SubscriptionSummary summary) => summary.State != SubscriptionState.Removed && IsStored(summary.Key) && FindStored(summary.Key) is null
        ? summary with { State = SubscriptionState.Removed, StateReason = SubscriptionStates.MayComeBack }
        : summary;
}
