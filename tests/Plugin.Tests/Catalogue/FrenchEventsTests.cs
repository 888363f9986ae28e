using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Pages.Events;

namespace Plugin.Tests.Catalogue;

/// <summary>The pages of the catalogue speak French to those who read French.</summary>
public sealed class FrenchEventsTests
{
    [Fact]
    public async Task Every_event_is_described_in_French()
    {
        using var folder = new TestFolder();
        await using var plugin = await TestPlugin.StartAsync(folder.With("{}"));
        var english = plugin.Get<EventCatalogue>().All.Select(entry => entry.Event.Description).Distinct().ToList();
        Assert.Equal([], english.Where(words => FrenchEvents.Of(words) == words));
    }
}
