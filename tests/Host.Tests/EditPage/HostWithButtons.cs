using Host.Tests.Loading;

namespace Host.Tests.EditPage;

/// <summary>The real host with a real plugin that puts five buttons on the edit page, one for each way a press can end.</summary>
public sealed class HostWithButtons : IAsyncLifetime
{
    public const string PluginId = "Buttons";

    public RunningHost Host { get; } = new();

    public async Task InitializeAsync()
    {
        PluginFolders.Put("Fixture.Buttons", Host.PluginsDirectory, PluginId);
        await Host.InitializeAsync();
    }

    public Task DisposeAsync() => Host.DisposeAsync();

    /// <summary>The presses that reached the plugin on a record, in order: press key, button key, record id, record version, user.</summary>
    public async Task<IReadOnlyList<Press>> PressesOfAsync(long recordId)
    {
        var lines = await Host.Nobody.GetStringAsync("/fixture-buttons/presses");
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Select(parts => new Press(parts[0], parts[1], long.Parse(parts[2], null), long.Parse(parts[3], null), parts[4]))
            .Where(press => press.RecordId == recordId)];
    }

    public sealed record Press(string PressKey, string ButtonKey, long RecordId, long Version, string User);
}
