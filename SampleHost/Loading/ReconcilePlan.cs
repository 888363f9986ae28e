namespace SampleHost.Loading;

/// <summary>What has to be done so that the running plugins are those in the folder.</summary>
/// <param name="Remove">Ids whose folders are gone.</param>
/// <param name="Load">Folders that are new or changed.</param>
internal sealed record ReconcilePlan(IReadOnlyList<string> Remove, IReadOnlyList<PluginFolder> Load)
{
    public bool IsEmpty => Remove.Count == 0 && Load.Count == 0;

    /// <summary>Compares what the loader acted upon with what is there now.</summary>
    public static ReconcilePlan Decide(IReadOnlyList<PluginSlot> slots, IReadOnlyList<PluginFolder> found)
    {
        var known = slots.ToDictionary(slot => slot.Id, slot => slot.Fingerprint, StringComparer.Ordinal);
        var there = found.Select(folder => folder.Id).ToHashSet(StringComparer.Ordinal);
        return new ReconcilePlan(
            known.Keys.Where(id => !there.Contains(id)).Order(StringComparer.Ordinal).ToList(),
            found.Where(folder => known.GetValueOrDefault(folder.Id) != folder.Fingerprint).ToList());
    }

    /// <summary>The part of the plan that a later look, after a pause, still finds just so. The rest is still being copied or removed.</summary>
    public ReconcilePlan StillIn(ReconcilePlan later) => new(
        Remove.Intersect(later.Remove, StringComparer.Ordinal).ToList(), Load.Intersect(later.Load).ToList());
}
