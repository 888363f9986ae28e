namespace Dam.Hosting;

/// <summary>The shape of a plugin's <c>plugin.json</c>: camel-case keys, comments and trailing commas allowed.</summary>
public sealed record PluginManifest
{
    /// <summary>Unique id; letters, digits, <c>.</c>, <c>-</c> and <c>_</c>; equal to the name of the plugin's folder.</summary>
    public required string Id { get; init; }

    /// <summary>The name that people read; the id when absent.</summary>
    public string? Name { get; init; }

    /// <summary>One sentence on what the plugin does, shown in the plugin manager.</summary>
    public string? Description { get; init; }

    /// <summary>The plugin's version, <c>major.minor.patch</c>.</summary>
    public required string Version { get; init; }

    /// <summary>File name of the assembly that holds the <see cref="IHostPlugin"/>, in the plugin's folder.</summary>
    public required string EntryAssembly { get; init; }

    /// <summary>The host API versions the plugin runs on.</summary>
    public required HostApiRange HostApi { get; init; }

    /// <summary>
    /// Simple names of assemblies that the plugin takes from the host although it could bring its own, because a private copy would keep
    /// the plugin from being unloaded (for example <c>Microsoft.Data.Sqlite</c>). A name the host does not have is taken from the plugin's folder.
    /// </summary>
    public IReadOnlyList<string> Share { get; init; } = [];

    /// <summary>
    /// Simple names of framework assemblies of which the plugin gets copies of its own, because their static caches would keep it from
    /// being unloaded (for example <c>Microsoft.AspNetCore.Components</c>).
    /// </summary>
    public IReadOnlyList<string> Isolate { get; init; } = [];
}

/// <summary>A range of host API versions, both ends included.</summary>
public sealed record HostApiRange
{
    /// <summary>The lowest version, <c>major.minor</c>.</summary>
    public required string Lowest { get; init; }

    /// <summary>The highest version, <c>major.minor</c>.</summary>
    public required string Highest { get; init; }
}

/// <summary>The version of this SDK as a contract.</summary>
public static class HostApi
{
    /// <summary>
    /// The version a host of this build offers, <c>major.minor</c>: the minor part rises when members are added, the major part when
    /// one changes or goes.
    /// </summary>
    public const string Version = "1.0";
}
