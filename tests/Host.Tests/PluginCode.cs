namespace Host.Tests;

/// <summary>What the hosts of this process do with the code of plugins that have stopped.</summary>
internal static class PluginCode
{
    /// <summary>It is kept: many tests run at once here, and freeing it while others load code can end the process. Loading.Tests frees it.</summary>
    public const bool IsKept = true;
}
