using System.Security.Cryptography;
using Dam.Hosting;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>
/// Carries a new secret over the redirect after the form that made it: it is shown to the user who made it, once, and a reloaded page neither shows it again nor makes
/// another. In memory alone, and not for long.
/// </summary>
internal sealed class SecretsOnce(TimeProvider time)
{
    private const int Most = 1000;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, (string User, ShownSecret Secret, DateTimeOffset Until)> _kept = [];

    /// <summary>Keeps a secret.</summary>
    /// <returns>What it is asked for with.</returns>
    public string Keep(HostUser user, ShownSecret secret)
    {
        var (name, now) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), time.GetUtcNow());
        lock (_kept)
        {
            foreach (var old in _kept.Where(each => each.Value.Until <= now).Select(each => each.Key).ToList())
                _kept.Remove(old);
            if (_kept.Count < Most)
                _kept.Add(name, (user.Name, secret, now + Longest));
        }
        return name;
    }

    /// <summary>Gives a secret out; null when there is none, or it is another user's.</summary>
    public ShownSecret? Take(HostUser user, string name)
    {
        lock (_kept)
        {
            if (!_kept.TryGetValue(name, out var found) || found.User != user.Name)
                return null;
            _kept.Remove(name);
            return found.Until > time.GetUtcNow() ? found.Secret : null;
        }
    }
}
