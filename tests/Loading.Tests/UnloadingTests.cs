using System.Net;
using SampleHost.Loading;

namespace Loading.Tests;

/// <summary>A plugin that keeps to the rules leaves nothing behind.</summary>
public sealed class UnloadingTests
{
    private const int Cycles = 20;

    [Fact]
    public async Task Hello_is_loaded_and_unloaded_twenty_times_and_no_context_stays()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = await new PluginHost().StartAsync();
        var contexts = new LoadContexts();
        for (var cycle = 1; cycle <= Cycles; cycle++)
        {
            var version = $"1.0.{cycle}";
            var folder = host.Put("Fixture.Hello", "Hello", manifest => manifest["version"] = version);
            await host.WaitForAsync("Hello", PluginState.Running);
            contexts.Add("Hello", version);
            await UseAsync(host, receiver, version, cycle);

            Directory.Delete(folder, recursive: true);
            await host.WaitForGoneAsync("Hello");
            using var answer = await host.Client.GetAsync("/hello");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal(version, await File.ReadAllTextAsync(Path.Combine(host.DataOf("Hello"), "rest")));
        }

        Assert.Equal(Cycles, receiver.Count);
        Assert.Equal((Cycles, 0), (contexts.Count, contexts.CountAlive()));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(host.DataDirectory, "shadow"), "Hello-*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_plugin_that_pins_itself_is_told_to_need_a_restart_and_the_host_goes_on()
    {
        await using var host = new PluginHost();
        var folder = host.Put("Fixture.Pinned", "Pinned");
        await host.StartAsync();
        var contexts = new LoadContexts();
        contexts.Add("Pinned", "1.0.0");
        Assert.Equal("pinned", await host.Client.GetStringAsync("/pinned"));

        await host.Registry.ReloadAsync("Pinned", CancellationToken.None);
        var reloaded = host.Find("Pinned")!;
        Assert.Equal(PluginState.Running, reloaded.State);
        Assert.Contains("in memory", reloaded.Reason, StringComparison.Ordinal);
        Assert.Contains("Restart", reloaded.Remedy, StringComparison.Ordinal);

        Directory.Delete(folder, recursive: true);
        var gone = await host.WaitForAsync("Pinned", PluginState.RestartNeeded);
        Assert.Contains("Restart", gone!.Remedy, StringComparison.Ordinal);
        using var answer = await host.Client.GetAsync("/pinned");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(1, contexts.CountAlive());
    }

    private static async Task UseAsync(PluginHost host, Receiver receiver, string version, int cycle)
    {
        Assert.StartsWith($"Hello {version}, greeting one", await host.Client.GetStringAsync("/hello"), StringComparison.Ordinal);
        Assert.Contains("<h1>", await host.Client.GetStringAsync("/hello/page"), StringComparison.Ordinal);
        Assert.Contains("greeting one", await host.Client.GetStringAsync("/hello/greetings/you"), StringComparison.Ordinal);
        using var visit = await host.Client.PostAsync("/hello/visits", null);
        Assert.Equal($"{cycle}", await visit.Content.ReadAsStringAsync());
        using var call = await host.Client.PostAsync($"/hello/call?url={Uri.EscapeDataString(receiver.Url)}", null);
        Assert.Equal("204", await call.Content.ReadAsStringAsync());
        await FileSignal.WaitForAsync(host.DataOf("Hello"), "beat", version);
    }
}
