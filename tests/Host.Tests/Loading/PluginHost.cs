using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SampleHost.Loading;

namespace Host.Tests.Loading;

/// <summary>The real application with plugins: puts them into its folder and waits for what becomes of them.</summary>
internal sealed class PluginHost : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    private readonly RunningHost _host;

    /// <param name="withAccounts">Whether the host has accounts; they take a while to make.</param>
    /// <param name="arguments">Further command-line arguments.</param>
    public PluginHost(bool withAccounts = false, IReadOnlyList<string>? arguments = null)
    {
        // What is copied by a test is there at once: no need to wait as long as for a person.
        Limits = new PluginLimits { Settle = TimeSpan.FromMilliseconds(150) };
        _host = new RunningHost { Configure = builder => builder.Services.AddSingleton(Limits), WithAccounts = withAccounts, Arguments = arguments ?? [] };
        Directory.CreateDirectory(PluginsDirectory);
    }

    public PluginLimits Limits { get; init; }

    public string PluginsDirectory => _host.PluginsDirectory;

    public string DataDirectory => _host.DataDirectory;

    /// <summary>Asks without saying who it is.</summary>
    public HttpClient Client => _host.Nobody;

    /// <summary>Asks as the editor, by API key.</summary>
    public HttpClient Editor => _host.Editor;

    public HttpClient Admin => _host.Admin;

    public PluginRegistry Registry => _host.Get<PluginRegistry>();

    /// <summary>Puts a plugin into the plugins folder, with its settings first if it has any.</summary>
    /// <returns>The plugin's folder.</returns>
    public string Put(string project, string id, Action<JsonObject>? changeManifest = null, string? config = null)
    {
        if (config is not null)
        {
            Directory.CreateDirectory(Path.Combine(PluginsDirectory, id));
            File.WriteAllText(Path.Combine(PluginsDirectory, id, "config.json"), config);
        }

        return PluginFolders.Put(project, PluginsDirectory, id, changeManifest);
    }

    /// <summary>Where the plugin keeps its data.</summary>
    public string DataOf(string id) => Path.Combine(DataDirectory, "plugins", id);

    public async Task<PluginHost> StartAsync()
    {
        await _host.InitializeAsync();
        return this;
    }

    public T Get<T>()
        where T : notnull => _host.Get<T>();

    public Task StopAsync() => _host.StopAsync();

    public PluginListing? Find(string id) => Registry.List().SingleOrDefault(listing => listing.Id == id);

    public Task<PluginListing?> WaitForAsync(string id, PluginState state) => WaitForAsync(id, listing => listing?.State == state);

    public Task<PluginListing?> WaitForGoneAsync(string id) => WaitForAsync(id, listing => listing is null);

    /// <summary>Waits until the listing of a plugin is as wanted.</summary>
    public async Task<PluginListing?> WaitForAsync(string id, Func<PluginListing?, bool> isWanted)
    {
        var seen = new TaskCompletionSource<PluginListing?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Registry.Changed += Look;
        try
        {
            Look();
            for (var began = Stopwatch.StartNew(); await Task.WhenAny(seen.Task, Task.Delay(s_look, TimeProvider.System)) != seen.Task;)
            {
                if (began.Elapsed > s_patience)
                    throw new TimeoutException($"{id} stayed {Find(id)}");
                // What holds a plugin that is to go may be garbage, which nobody collects while the test stands still.
                if (isWanted(null))
                    GC.Collect();
                Look();
            }

            return await seen.Task;
        }
        finally
        {
            Registry.Changed -= Look;
        }

        void Look()
        {
            var listing = Find(id);
            if (isWanted(listing))
                seen.TrySetResult(listing);
        }
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();
}
