using System.Net.Http.Json;
using Host.Tests.Start;
using SampleHost.Loading;
using SampleHost.Start;

namespace Loading.Tests;

public sealed class ExportUnloadingTests
{
    [Fact]
    public async Task A_plugin_whose_metrics_and_spans_are_sent_is_unloaded_all_the_same()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var host = await new PluginHost(withAccounts: true, ["--Host:OtlpEndpoint", collector.Url]).StartAsync();
        var contexts = new LoadContexts();
        for (var cycle = 1; cycle <= 3; cycle++)
        {
            var folder = await DeliverAsync(host, receiver, $"0.1.{cycle}", $"Cycle {cycle}");
            contexts.Add("ApiWebhooks", $"0.1.{cycle}");
            Assert.True(host.Get<TelemetryExport>().Flush());
            Directory.Delete(folder, recursive: true);
            await host.WaitForGoneAsync("ApiWebhooks");
        }

        Assert.Equal((3, 0), (contexts.Count, contexts.CountAlive()));
    }

    /// <summary>Loads the plugin and has it deliver one change.</summary>
    /// <returns>The plugin's folder.</returns>
    private static async Task<string> DeliverAsync(PluginHost host, Receiver receiver, string version, string title)
    {
        var folder = host.Put("Plugin.ApiWebhooks", "ApiWebhooks", manifest => manifest["version"] = version, $$"""
            {
              "hooks": [{ "label": "All", "url": "{{receiver.Url}}/events" }],
              "network": { "allow": ["{{new Uri(receiver.Url).Authority}}"] }
            }
            """);
        await host.WaitForAsync("ApiWebhooks", PluginState.Running);
        using var inserted = await host.Editor.PostAsJsonAsync("/api/records", new { title });
        await Answer.JsonAsync(inserted, 201);
        await receiver.WaitForAsync("/events", title);
        return folder;
    }
}
