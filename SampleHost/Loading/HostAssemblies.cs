using System.Collections.Frozen;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;

namespace SampleHost.Loading;

/// <summary>The assemblies this process was started with, and which of them every plugin shares.</summary>
internal static class HostAssemblies
{
    private static readonly FrozenDictionary<string, string> s_paths = ReadTrustedAssemblies();

    /// <summary>Shared because types of the contract come from them: the SDK, and the frameworks it is written with.</summary>
    private static readonly FrozenSet<string> s_contract = FindContract();

    /// <summary>The file of an assembly of the host's, or null when it has none of that name.</summary>
    public static string? FindPath(string simpleName) => s_paths.GetValueOrDefault(simpleName);

    /// <summary>Whether a plugin always gets the host's copy, even if it brings its own.</summary>
    public static bool IsContract(string simpleName) => s_contract.Contains(simpleName);

    public static bool IsSdk(string simpleName) =>
        string.Equals(simpleName, typeof(IHostPlugin).Assembly.GetName().Name, StringComparison.OrdinalIgnoreCase);

    private static FrozenDictionary<string, string> ReadTrustedAssemblies()
    {
        var list = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        return list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .DistinctBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase);
    }

    private static FrozenSet<string> FindContract()
    {
        var frameworks = new[] { typeof(object), typeof(WebApplication) }
            .Select(type => Path.GetDirectoryName(type.Assembly.Location))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return s_paths
            .Where(entry => IsSdk(entry.Key) || frameworks.Contains(Path.GetDirectoryName(entry.Value)))
            .Select(entry => entry.Key)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
