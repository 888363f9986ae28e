namespace Dam.Hosting;

/// <summary>Registered by a plugin that can say how it is. Shown in the plugin manager and counted in the host's health endpoint.</summary>
public interface IPluginHealth
{
    /// <summary>Reports the plugin's present faults. Called often and from many threads: returns what is known, does no I/O.</summary>
    /// <returns>The faults; empty when all is well.</returns>
    IReadOnlyList<PluginFault> GetFaults();
}

/// <summary>One thing that is wrong, where, and what to do about it.</summary>
/// <param name="Severity">Whether work is impaired.</param>
/// <param name="Place">Where: a settings key path such as <c>hooks[2].url</c>, or a part of the plugin.</param>
/// <param name="Message">What is wrong, with the offending value unless it is secret.</param>
/// <param name="Remedy">What to do.</param>
public sealed record PluginFault(FaultSeverity Severity, string Place, string Message, string Remedy);

/// <summary>How much a <see cref="PluginFault"/> impairs.</summary>
public enum FaultSeverity
{
    /// <summary>Work goes on; somebody should look.</summary>
    Warning,

    /// <summary>Something that should be done is not being done.</summary>
    Error,
}
