using System.Globalization;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure.Stored;
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
        [.. history.ReadSubscriptions(after, int.MaxValue).Where(each => MaySee(user, each.Key)).Take(limit)];

    /// <summary>The subscription of a name: its number, its key, or the id of a stored hook.</summary>
    public SubscriptionSummary? Find(HostUser user, string name)
    {
        var key = Guid.TryParse(name, out var guid) ? StoredHook.KeyOf(guid) : name;
        // By name first: counting what each has goes through all deliveries.
        var known = history.ReadSubscriptionKeys().FirstOrDefault(each => each.Key == key || each.Id.ToString(CultureInfo.InvariantCulture) == key);
        return known.Key is not null && MaySee(user, known.Key) ? history.ReadSubscriptions(known.Id - 1, 1).SingleOrDefault() : null;
    }

    /// <summary>The numbers of the subscriptions that a user does not see.</summary>
    public IReadOnlyList<long> Hidden(HostUser user) => user.Roles.Contains(Gate.SysAdminRole)
        ? []
        : [.. history.ReadSubscriptionKeys().Where(each => !MaySee(user, each.Key)).Select(each => each.Id)];

    /// <summary>The stored hook of a subscription; null when it stands in config.json, and when it was deleted.</summary>
    public StoredHook? FindStored(SubscriptionSummary subscription) => FindStored(subscription.Key);

    private StoredHook? FindStored(string key) => IsStored(key) ? stored.All.FirstOrDefault(hook => hook.Key == key) : null;

    /// <summary>Whether a key is that of a stored hook.</summary>
    public static bool IsStored(string key) => key.StartsWith(StoredPrefix, StringComparison.Ordinal) && Guid.TryParseExact(key[StoredPrefix.Length..], "N", out _);

    private bool MaySee(HostUser user, string key) =>
        user.Roles.Contains(Gate.SysAdminRole) || !IsStored(key) || string.Equals(FindStored(key)?.Owner, user.Name, StringComparison.OrdinalIgnoreCase);
}
