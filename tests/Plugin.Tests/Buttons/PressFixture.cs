using System.Text.Json;
using Dam.Hosting;
using Plugin.Tests.Send;

namespace Plugin.Tests.Buttons;

/// <summary>A plugin with one button that calls a receiver, and presses of it.</summary>
internal sealed class PressFixture : IAsyncDisposable
{
    private int _presses;

    private PressFixture(TestPlugin plugin) => Plugin = plugin;

    public TestPlugin Plugin { get; private set; }

    public IEditPageContributor Buttons => Plugin.Buttons;

    /// <summary>Starts a plugin whose first button calls an address.</summary>
    /// <param name="url">The button's url.</param>
    /// <param name="further">Further keys of the button, as JSON members.</param>
    public static async Task<PressFixture> StartAsync(string url, string further = "")
    {
        var folder = new TestFolder().With(Config(url, further));
        return new PressFixture(await TestPlugin.StartAsync(folder));
    }

    public static string Config(string url, string further = "") => $$"""
        {
          "buttons": [{ "location": "edit", "buttontext": "~en:Fetch~fr:Récupérer", "url": {{JsonSerializer.Serialize(url)}}, {{further}} }],
          "network": { "allow": ["127.0.0.1", "::1"] }
        }
        """;

    public ButtonPress Press(string? key = null, string user = "editor", long record = 13, string button = "fetch", string language = "en") => new()
    {
        ButtonKey = button,
        PressKey = key ?? $"press-{Interlocked.Increment(ref _presses)}",
        Page = new EditPageContext(Plugin.Host.Records.GetValueOrDefault(record) ?? TestHost.Record(record), Plugin.Host.Users[user], EditPageContext.EditLocation, language, "en"),
        PressedAt = new DateTimeOffset(2026, 3, 21, 10, 30, 0, 123, TimeSpan.Zero),
    };

    public Task<PressOutcome> PressAsync(ButtonPress? press = null) => Buttons.PressAsync(press ?? Press(), CancellationToken.None);

    /// <summary>Stops the plugin and starts it again on the same folders.</summary>
    public async Task RestartAsync()
    {
        await Plugin.DisposeAsync();
        Plugin = await TestPlugin.StartAsync(Plugin.Folder);
    }

    public async ValueTask DisposeAsync()
    {
        await Plugin.DisposeAsync();
        Plugin.Folder.Dispose();
    }
}
