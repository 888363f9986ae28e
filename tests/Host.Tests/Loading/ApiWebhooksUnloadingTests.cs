using System.Globalization;
using System.Net.Http.Json;
using Dam.Hosting;
using SampleHost.Loading;

namespace Host.Tests.Loading;

/// <summary>The product itself keeps to the rules of unloading, with all of its parts at work, those of native libraries too.</summary>
[Collection(nameof(CollectsGarbage))]
public sealed class ApiWebhooksUnloadingTests
{
    private const int Cycles = 20;

    [Fact]
    public async Task ApiWebhooks_is_loaded_and_unloaded_twenty_times_with_presses_and_deliveries_and_no_context_stays()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = await new PluginHost(withAccounts: true).StartAsync();
        var contexts = new LoadContexts();
        for (var cycle = 1; cycle <= Cycles; cycle++)
        {
            var version = $"0.1.{cycle}";
            var folder = host.Put("Plugin.ApiWebhooks", "ApiWebhooks", manifest => manifest["version"] = version, ConfigFor(receiver));
            var listing = await host.WaitForAsync("ApiWebhooks", PluginState.Running);
            Assert.Empty(listing!.Faults);
            contexts.Add("ApiWebhooks", version);
            await UseAsync(host, receiver, cycle);

            Directory.Delete(folder, recursive: true);
            await host.WaitForGoneAsync("ApiWebhooks");
        }

        Assert.Equal((Cycles, 0), (contexts.Count, contexts.CountAlive()));
    }

    /// <summary>Presses the button and makes a change, each of which must arrive.</summary>
    private static async Task UseAsync(PluginHost host, Receiver receiver, int cycle)
    {
        var title = $"Change number {cycle}.";
        using var inserted = await host.Editor.PostAsJsonAsync("/api/records", new { title });
        var answer = await Answer.JsonAsync(inserted, 201);
        await receiver.WaitForAsync("/events", title);

        var id = answer.GetProperty("id").GetInt64();
        await PressAsync(host, id, $"press-{cycle}");
        await receiver.WaitForAsync("/press", id.ToString(CultureInfo.InvariantCulture));
        Assert.Contains("Fetch", await host.Admin.GetStringAsync("/plugins/ApiWebhooks/"), StringComparison.Ordinal);
        Assert.Contains("deliveries", await host.Admin.GetStringAsync("/api/webhooks/deliveries"), StringComparison.Ordinal);
    }

    private static async Task PressAsync(PluginHost host, long recordId, string pressKey)
    {
        var record = await host.Get<IRecordReader>().FindAsync(recordId, CancellationToken.None);
        var user = new HostUser { Name = "editor", DisplayName = "Editor", Language = "en", Roles = new HashSet<string> { "editor", "viewer" } };
        using var use = host.Registry.Use<IEditPageContributor>();
        var (_, contributor) = Assert.Single(use.Items);
        var page = new EditPageContext(record!, user, EditPageContext.EditLocation, "en", "en");
        var button = Assert.Single(contributor.GetButtons(page));
        var outcome = await contributor.PressAsync(
            new ButtonPress { ButtonKey = button.Key, PressKey = pressKey, Page = page, PressedAt = DateTimeOffset.UnixEpoch }, CancellationToken.None);
        Assert.IsType<PressOutcome.Succeeded>(outcome);
    }

    private static string ConfigFor(Receiver receiver) => $$"""
        {
          "buttons": [{ "location": "edit", "buttontext": "Fetch", "url": "{{receiver.Url}}/press?id={id}" }],
          "hooks": [{ "label": "All", "url": "{{receiver.Url}}/events", "signing": "both" }],
          "network": { "allow": ["{{new Uri(receiver.Url).Authority}}"] }
        }
        """;
}
