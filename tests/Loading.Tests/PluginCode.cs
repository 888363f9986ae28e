// Freeing a plugin's code while another thread loads new code can end the process: one test at a time, in a process of its own.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Host.Tests;

/// <summary>What the hosts of this process do with the code of plugins that have stopped.</summary>
internal static class PluginCode
{
    /// <summary>It is freed, as by default: that is what these tests are about.</summary>
    public const bool IsKept = false;
}
