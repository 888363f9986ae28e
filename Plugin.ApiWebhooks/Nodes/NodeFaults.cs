using Dam.Hosting;

namespace Plugin.ApiWebhooks.Nodes;

/// <summary>What is wrong between nodes.</summary>
internal static class NodeFaults
{
    /// <summary>The faults that this node sees.</summary>
    /// <param name="share">Its share.</param>
    /// <param name="configMark">A hash of its own configuration.</param>
    public static IEnumerable<PluginFault> Of(NodeShare share, string configMark)
    {
        if (share.Fault is { } fault)
        {
            yield return new PluginFault(
                FaultSeverity.Error,
                "Nodes",
                $"This node cannot reach the database in which the nodes share their work. {fault}",
                "Mend the database or the way to it. Another node that can reach it takes over; nothing is lost.");
        }

        // Each node is known by its name alone; its configuration may hold what nobody should see.
        var others = share.Nodes.Where(node => node.ConfigMark != configMark).Select(node => node.Name).ToList();
        if (others.Count > 0)
        {
            yield return new PluginFault(
                FaultSeverity.Warning,
                "Nodes",
                $"Not all nodes have the same config.json: {string.Join(", ", others)} {(others.Count == 1 ? "has" : "have")} another than this one.",
                "Give all nodes the same file. Until then hooks and buttons depend on the node that happens to serve them.");
        }
    }
}
