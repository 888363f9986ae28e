using System.Net;
using SampleHost.Loading;

namespace Loading.Tests;

/// <summary>With <c>Host:KeepPluginCode</c> plugins are replaced and removed as ever, and nothing of them is freed.</summary>
public sealed class KeptCodeTests
{
    [Fact]
    public async Task A_plugin_is_replaced_and_removed_and_its_code_stays_without_being_called_a_fault()
    {
        await using var host = new PluginHost(arguments: ["--Host:KeepPluginCode=true"]);
        var folder = host.Put("Fixture.Hello", "Hello");
        await host.StartAsync();
        var contexts = new LoadContexts();
        contexts.Add("Hello", "1.0.0");

        PluginFolders.ChangeManifest(folder, manifest => manifest["version"] = "2.0.0");
        var listing = await host.WaitForAsync("Hello", seen => seen is { Version: "2.0.0", State: PluginState.Running });
        Assert.Null(listing!.Reason);
        Assert.StartsWith("Hello 2.0.0", await host.Client.GetStringAsync("/hello"), StringComparison.Ordinal);
        contexts.Add("Hello", "2.0.0");

        Directory.Delete(folder, recursive: true);
        await host.WaitForGoneAsync("Hello");
        using var answer = await host.Client.GetAsync("/hello");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal((2, 2), (contexts.Count, contexts.CountAlive()));
    }
}
