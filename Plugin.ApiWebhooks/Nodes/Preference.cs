namespace Plugin.ApiWebhooks.Nodes;

/// <summary>
/// Which of the living nodes serves a subscription, the same for whoever asks: the one with the highest score for it (rendezvous hashing). When a node comes or goes,
/// only what it gets or had moves.
/// </summary>
internal static class Preference
{
    /// <summary>The node for a subscription.</summary>
    /// <param name="subscriptionId">The subscription.</param>
    /// <param name="nodes">The living nodes; at least one.</param>
    public static long Of(long subscriptionId, IReadOnlyList<long> nodes)
    {
        var (best, highest) = (nodes[0], Score(subscriptionId, nodes[0]));
        for (var i = 1; i < nodes.Count; i++)
        {
            var score = Score(subscriptionId, nodes[i]);
            if (score > highest)
                (best, highest) = (nodes[i], score);
        }
        return best;
    }

    // Mixed by the finisher of SplitMix64: a bit of either number changes each bit of the score half of the time.
    private static ulong Score(long subscriptionId, long node)
    {
        var mixed = ((ulong)subscriptionId * 0x9E3779B97F4A7C15) ^ ((ulong)node * 0xD1B54A32D192ED03);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
