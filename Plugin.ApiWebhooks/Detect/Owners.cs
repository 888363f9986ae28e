using System.Collections.Concurrent;
using Dam.Hosting;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Detect;

/// <summary>The owners of stored hooks, with the rights they have now. Matching asks for them without waiting; whoever reads changes looks them up before.</summary>
/// <param name="directory">The host's users.</param>
/// <param name="records">Tells what a user may see.</param>
internal sealed class Owners(IUserDirectory directory, IRecordReader records)
{
    private readonly ConcurrentDictionary<string, HostUser?> _known = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<string> _names = [];

    /// <summary>Sets whose rights matter from now on, and looks them up.</summary>
    public Task FollowAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        _names = [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];
        return RefreshAsync(cancellationToken);
    }

    /// <summary>Looks up the rights of all owners. To be done after changes were read and before they are matched: what was granted or taken before a change counts for it.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        foreach (var name in _names)
            _known[name] = await directory.FindAsync(name, cancellationToken);
    }

    /// <summary>Whether an owner may know of a change. One who is not a user any more may know nothing.</summary>
    public bool MayReceive(string owner, DialectRules rules, Change change) =>
        _known.TryGetValue(owner, out var user) && user is not null && rules.MayReceive(change, user, records);
}
