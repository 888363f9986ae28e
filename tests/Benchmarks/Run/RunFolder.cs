namespace Benchmarks.Run;

/// <summary>A folder for one run, deleted with it.</summary>
internal sealed class RunFolder : IDisposable
{
    public RunFolder(string name)
    {
        FullPath = Path.Combine(BuildOutput.Artefacts, $"{name}-{Environment.ProcessId}");
        Directory.CreateDirectory(FullPath);
    }

    public string FullPath { get; }

    /// <summary>A new folder in it.</summary>
    public string Add(string name) => Directory.CreateDirectory(Path.Combine(FullPath, name)).FullName;

    /// <summary>Puts the plugin into a folder for plugins.</summary>
    /// <param name="pluginsFolder">The folder that the host is given.</param>
    /// <param name="config">The plugin's config.json.</param>
    public static void AddPlugin(string pluginsFolder, string config)
    {
        var target = Path.Combine(pluginsFolder, "ApiWebhooks");
        foreach (var file in Directory.EnumerateFiles(BuildOutput.PluginFolder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(BuildOutput.PluginFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        File.WriteAllText(Path.Combine(target, "config.json"), config);
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
