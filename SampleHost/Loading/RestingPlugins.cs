using Dam.Hosting;

namespace SampleHost.Loading;

/// <summary>Plugins that are asked something and not started: what commands need of them while no host serves.</summary>
internal sealed class RestingPlugins(PluginStarter starter, ShadowFolders shadows, HostOptions options) : IAsyncDisposable
{
    private readonly List<LoadedPlugin> _loaded = [];

    /// <summary>Plugins that have data here and are not in the plugins folder: nobody can say what it is.</summary>
    public IReadOnlyList<string> FindUnknownData()
    {
        var data = new DirectoryInfo(Path.Combine(options.DataDirectory, "plugins"));
        var there = PluginFolder.FindAll(options.PluginsDirectory).Select(folder => folder.Id).ToHashSet(StringComparer.Ordinal);
        return data.Exists ? [.. data.EnumerateDirectories().Select(folder => folder.Name).Where(id => !there.Contains(id)).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>What the plugins of the folder registered as <typeparamref name="T"/>, each with its plugin's id.</summary>
    /// <exception cref="InvalidOperationException">One of them cannot be asked; the message says why and what to do.</exception>
    public IReadOnlyList<(string Id, T Service)> Ask<T>()
        where T : class
    {
        var found = new List<(string, T)>();
        foreach (var folder in PluginFolder.FindAll(options.PluginsDirectory))
            found.AddRange(Configure(folder).GetServices<T>().Select(service => (folder.Id, service)));
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var loaded in _loaded)
        {
            if (loaded.Services is { } services)
                await services.DisposeAsync();
            PluginStopper.Discard(loaded);
        }

        shadows.Dispose();
    }

    private IServiceProvider Configure(PluginFolder folder)
    {
        var reading = ManifestFile.Read(folder.Path);
        if (reading is ManifestReading.Bad bad)
            throw Refusal(folder.Id, bad.Problem);
        var (loaded, entryType, problem) = starter.Load(folder, ((ManifestReading.Good)reading).Manifest);
        if (problem is not null)
            throw Refusal(folder.Id, problem);
        _loaded.Add(loaded!);
        try
        {
            return starter.Configure(loaded!, entryType!, folder);
        }
        catch (Exception exception)
        {
            // Foreign code: whatever it throws, it is the plugin that cannot be asked.
            throw Refusal(folder.Id, PluginProblem.Threw("Configuring it", exception));
        }
    }

    private static InvalidOperationException Refusal(string id, PluginProblem problem) =>
        new($"The plugin {id} cannot be asked for its data: {problem.Reason} {problem.Remedy} Or take its folder out of the plugins folder: then its data is left as it is.");
}
