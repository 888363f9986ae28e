using System.Net;
using Microsoft.AspNetCore.Routing;
using SampleHost.Loading;

namespace Loading.Tests;

/// <summary>Changes to the plugins folder take effect while the host runs.</summary>
public sealed class ReplacingTests
{
    [Fact]
    public async Task Files_replaced_in_place_make_the_new_version_answer()
    {
        await using var host = new PluginHost();
        var folder = host.Put("Fixture.Hello", "Hello");
        await host.StartAsync();
        Assert.Contains("greeting one", await host.Client.GetStringAsync("/hello"), StringComparison.Ordinal);

        File.Copy(Path.Combine(PluginFolders.Of("Fixture.Buttons"), "Greeting.dll"), Path.Combine(folder, "Greeting.dll"), overwrite: true);
        PluginFolders.ChangeManifest(folder, manifest => manifest["version"] = "2.0.0");
        await host.WaitForAsync("Hello", listing => listing is { Version: "2.0.0", State: PluginState.Running });
        Assert.StartsWith("Hello 2.0.0, greeting two", await host.Client.GetStringAsync("/hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hosts_own_endpoints_are_not_made_anew_for_it()
    {
        await using var host = new PluginHost();
        host.Put("Fixture.Hello", "Hello");
        await host.StartAsync();
        var (own, plugins) = (Endpoint(host, "/healthz"), Endpoint(host, "/hello"));

        await host.Registry.ReloadAsync("Hello", CancellationToken.None);
        Assert.Same(own, Endpoint(host, "/healthz"));
        Assert.NotSame(plugins, Endpoint(host, "/hello"));
    }

    [Fact]
    public async Task Two_plugins_have_different_versions_of_one_dependency()
    {
        await using var host = await new PluginHost().StartAsync();
        host.Put("Fixture.Hello", "Hello");
        host.Put("Fixture.Buttons", "Buttons");
        await host.WaitForAsync("Hello", PluginState.Running);
        await host.WaitForAsync("Buttons", PluginState.Running);

        Assert.Contains("greeting one", await host.Client.GetStringAsync("/hello"), StringComparison.Ordinal);
        Assert.Equal("greeting two", await host.Client.GetStringAsync("/fixture-buttons"));
    }

    [Fact]
    public async Task Editing_settings_or_data_in_the_folder_does_not_reload_the_plugin()
    {
        await using var host = new PluginHost();
        var folder = host.Put("Fixture.Hello", "Hello");
        await host.StartAsync();
        var loadedAt = host.Find("Hello")!.LoadedAt;

        await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), "{}");
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "notes.db"), "data");
        // A plugin that comes after them is loaded only by a look that has seen the edits.
        host.Put("Fixture.Buttons", "Buttons");
        await host.WaitForAsync("Buttons", PluginState.Running);
        Assert.Equal(loadedAt, host.Find("Hello")!.LoadedAt);
    }

    [Fact]
    public async Task What_cannot_be_loaded_leaves_the_running_version_running_and_says_why()
    {
        await using var host = new PluginHost();
        var folder = host.Put("Fixture.Hello", "Hello");
        await host.StartAsync();

        PluginFolders.ChangeManifest(folder, manifest => manifest["hostApi"]!["lowest"] = "99.0");
        var listing = await host.WaitForAsync("Hello", seen => seen?.Reason is not null);
        Assert.Equal((PluginState.Running, "1.0.0"), (listing!.State, listing.Version));
        Assert.Contains("goes on running", listing.Reason, StringComparison.Ordinal);
        Assert.Contains("host API 99.0", listing.Reason, StringComparison.Ordinal);
        Assert.StartsWith("Hello 1.0.0", await host.Client.GetStringAsync("/hello"), StringComparison.Ordinal);

        PluginFolders.ChangeManifest(folder, manifest =>
        {
            manifest["hostApi"]!["lowest"] = "1.0";
            manifest["version"] = "1.0.1";
        });
        await host.WaitForAsync("Hello", seen => seen is { State: PluginState.Running, Reason: null, Version: "1.0.1" });
    }

    [Fact]
    public async Task During_reloads_every_answer_is_whole_or_says_to_try_again()
    {
        await using var host = new PluginHost();
        host.Put("Fixture.Hello", "Hello");
        await host.StartAsync();
        using var over = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(_ => AskUntilAsync(host, over.Token)).ToArray();

        for (var reload = 0; reload < 5; reload++)
            await host.Registry.ReloadAsync("Hello", CancellationToken.None);
        await over.CancelAsync();
        var answers = (await Task.WhenAll(clients)).SelectMany(seen => seen).ToLookup(seen => seen.Status, seen => seen.Body);

        Assert.All(answers[HttpStatusCode.OK], body => Assert.StartsWith("Hello 1.0.0, greeting one", body, StringComparison.Ordinal));
        Assert.NotEmpty(answers[HttpStatusCode.OK]);
        Assert.DoesNotContain(answers, group => group.Key is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable));
        Assert.Equal(PluginState.Running, host.Find("Hello")!.State);
    }

    [Fact]
    public async Task A_missing_plugins_folder_is_looked_for_and_used_once_it_is_there()
    {
        await using var host = new PluginHost { Limits = new PluginLimits { Poll = TimeSpan.FromMilliseconds(200), Settle = TimeSpan.FromMilliseconds(100) } };
        Directory.Delete(host.PluginsDirectory);
        await host.StartAsync();
        Assert.Empty(host.Registry.List());

        host.Put("Fixture.Hello", "Hello");
        await host.WaitForAsync("Hello", PluginState.Running);
    }

    [Fact]
    public async Task A_plugins_folder_that_is_a_file_is_reported_and_the_host_runs()
    {
        await using var host = new PluginHost();
        Directory.Delete(host.PluginsDirectory);
        await File.WriteAllTextAsync(host.PluginsDirectory, "not a folder");
        await host.StartAsync();

        Assert.Contains("cannot be read", host.Registry.FolderProblem!.Reason, StringComparison.Ordinal);
        using var answer = await host.Client.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_read_only_plugins_folder_is_enough()
    {
        await using var host = new PluginHost();
        var folder = host.Put("Fixture.Hello", "Hello");
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
        File.SetUnixFileMode(folder, readable);
        File.SetUnixFileMode(host.PluginsDirectory, readable);
        try
        {
            await host.StartAsync();
            Assert.Equal((PluginState.Running, null), (host.Find("Hello")!.State, host.Find("Hello")!.Reason));
            await host.Registry.ReloadAsync("Hello", CancellationToken.None);
            Assert.Equal((PluginState.Running, null), (host.Find("Hello")!.State, host.Find("Hello")!.Reason));
        }
        finally
        {
            File.SetUnixFileMode(folder, readable | UnixFileMode.UserWrite);
            File.SetUnixFileMode(host.PluginsDirectory, readable | UnixFileMode.UserWrite);
        }
    }

    private static RouteEndpoint Endpoint(PluginHost host, string path) =>
        host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Single(endpoint => endpoint.RoutePattern.RawText == path);

    /// <summary>Asks without a pause, and after it is over until the plugin answers.</summary>
    private static async Task<List<(HttpStatusCode Status, string Body)>> AskUntilAsync(PluginHost host, CancellationToken over)
    {
        var seen = new List<(HttpStatusCode Status, string Body)>();
        do
        {
            using var answer = await host.Client.GetAsync("/hello", CancellationToken.None);
            seen.Add((answer.StatusCode, await answer.Content.ReadAsStringAsync(CancellationToken.None)));
        }
        while (!over.IsCancellationRequested || seen[^1].Status == HttpStatusCode.ServiceUnavailable);

        return seen;
    }
}
