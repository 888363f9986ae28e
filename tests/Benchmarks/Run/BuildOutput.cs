namespace Benchmarks.Run;

/// <summary>Where the build put the host and the plugin, in the configuration that the benchmarks were built in.</summary>
internal static class BuildOutput
{
    private static readonly DirectoryInfo Output = new(AppContext.BaseDirectory);

    private static string Framework => Output.Name;

    private static string Configuration => Output.Parent!.Name;

    public static string Root { get; } = FindRoot();

    public static string HostAssembly => Path.Combine(Root, "SampleHost", "bin", Configuration, Framework, "SampleHost.dll");

    /// <summary>The plugin's folder as it is dropped into a host.</summary>
    public static string PluginFolder => Path.Combine(Root, "Plugin.ApiWebhooks", "bin", Configuration, "plugin");

    /// <summary>Where benchmarks keep their files: on the disk of the repository, since a temporary folder may lie in memory.</summary>
    public static string Artefacts => Path.Combine(Root, "tests", "artefacts");

    private static string FindRoot()
    {
        for (var folder = Output; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ApiWebhooks.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"{Output.FullName} does not lie in the repository.");
    }
}
