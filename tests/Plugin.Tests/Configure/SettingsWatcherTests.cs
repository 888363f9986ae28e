using System.Diagnostics;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.Tests.Configure;

public sealed class SettingsWatcherTests : IDisposable
{
    private const string One = """{ "buttons": [{ "buttontext": "One", "url": "https://cms/?id=" }] }""";
    private const string Two = """{ "buttons": [{ "buttontext": "One", "url": "https://cms/?id=" }, { "buttontext": "Two", "url": "https://cms/?id=" }] }""";
    private const string Faulty = """{ "buttons": [{ "buttontext": "Three", "url": "ftp://cms/" }, { "buttontext": "Four", "url": "https://cms/" }], }""";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_saved_edit_is_in_force_within_two_seconds()
    {
        await using var plugin = await TestPlugin.StartAsync(_folder.With(One));
        var changed = Next(plugin.Settings);
        var watch = Stopwatch.StartNew();
        File.WriteAllText(_folder.ConfigPath, Two);
        Assert.Equal(["one", "two"], (await changed).Buttons.Select(button => button.Key));
        // Two seconds on a machine that has time.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(2, plugin.Settings.Current.Buttons.Count);
    }

    [Fact]
    public async Task An_editor_that_replaces_the_file_is_followed_and_a_missing_file_is_a_fault()
    {
        await using var plugin = await TestPlugin.StartAsync(_folder.With(One));
        var changed = Next(plugin.Settings);
        File.WriteAllText(_folder.ConfigPath + "~", Two);
        File.Move(_folder.ConfigPath + "~", _folder.ConfigPath, overwrite: true);
        await changed;

        File.Delete(_folder.ConfigPath);
        await Until(() => plugin.Settings.Faults.Count > 0);
        Assert.Contains("There is no file", plugin.Settings.Faults[0].Message, StringComparison.Ordinal);
        Assert.Equal(2, plugin.Settings.Current.Buttons.Count);

        changed = Next(plugin.Settings);
        File.WriteAllText(_folder.ConfigPath, One);
        Assert.Single((await changed).Buttons);
        Assert.Empty(plugin.Get<IEnumerable<IPluginHealth>>().SelectMany(each => each.GetFaults()));
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_told_as_one()
    {
        Directory.CreateDirectory(_folder.ConfigPath);

        Assert.Contains("is a folder", new SettingsFile(Path.GetDirectoryName(_folder.ConfigPath)!).Read().Fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_faulty_edit_is_refused_whole_told_everywhere_and_never_written_over()
    {
        await using var plugin = await TestPlugin.StartAsync(_folder.With(One));
        File.WriteAllText(_folder.ConfigPath, Faulty);
        await Until(() => plugin.Settings.Faults.Count > 0);
        Assert.Equal("one", Assert.Single(plugin.Settings.Current.Buttons).Key);
        Assert.Equal("buttons[0].url", Assert.Single(plugin.Get<IEnumerable<IPluginHealth>>().SelectMany(each => each.GetFaults())).Place);
        await Until(() => plugin.Host.Log.Entries.Any(entry => entry.Message.Contains("buttons[0].url", StringComparison.Ordinal)));
        Assert.Equal(Faulty, File.ReadAllText(_folder.ConfigPath));
    }

    [Fact]
    public async Task A_restart_with_a_faulty_file_runs_the_last_good_one()
    {
        await using (await TestPlugin.StartAsync(_folder.With(Two)))
        {
        }

        await using var plugin = await TestPlugin.StartAsync(_folder.With(Faulty));
        Assert.Equal(["one", "two"], plugin.Settings.Current.Buttons.Select(button => button.Key));
        Assert.True(plugin.Settings.IsReady);
        Assert.Single(plugin.Settings.Faults);
        Assert.Equal(Faulty, File.ReadAllText(_folder.ConfigPath));
    }

    [Fact]
    public async Task Without_any_good_one_nothing_is_in_force_until_it_is_mended()
    {
        await using var plugin = await TestPlugin.StartAsync(_folder.With(Faulty));
        Assert.Empty(plugin.Settings.Current.Buttons);
        Assert.False(plugin.Settings.IsReady);
        // Whoever is told of the first good one applies it only if he finds it good.
        (bool IsReady, int Faults) found = default;
        plugin.Settings.Changed += _ => found = (plugin.Settings.IsReady, plugin.Settings.Faults.Count);
        var changed = Next(plugin.Settings);
        File.WriteAllText(_folder.ConfigPath, One);
        await changed;
        Assert.Equal((true, 0), found);
    }

    [Fact]
    public async Task The_last_good_one_is_kept_encrypted()
    {
        await using var plugin = await TestPlugin.StartAsync(_folder.With(One));
        var kept = Assert.Single(Directory.GetFiles(_folder.Data, "last-good*"));
        Assert.DoesNotContain("cms", File.ReadAllText(kept), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replaced_secret_ends_without_a_restart()
    {
        var clock = new FakeClock();
        await using var plugin = await TestPlugin.StartAsync(_folder.With("""{ "hooks": [{ "label": "A", "url": "https://a.example.org/" }] }"""), time: clock);
        await plugin.Get<HookSecrets>().RotateAsync(plugin.Settings.Current.Hooks[0], TimeSpan.FromHours(24));
        await plugin.Settings.RefreshSecretsAsync();
        Assert.Equal(2, plugin.Settings.Current.Hooks[0].Keys.Length);
        clock.Jump(TimeSpan.FromHours(24));
        var changed = Next(plugin.Settings);
        clock.Advance(SettingsWatcher.Interval);
        Assert.Single((await changed).Hooks[0].Keys);
    }

    [Fact]
    public async Task A_base_address_that_becomes_known_later_is_filled_in()
    {
        var host = new TestHost();
        await using var plugin = await TestPlugin.StartAsync(_folder.With("""{ "buttons": [{ "buttontext": "One", "url": "{baseUri}/x" }] }"""), host);
        Assert.Equal("http://127.0.0.1:5080/x", plugin.Settings.Current.Buttons[0].Url);
        var changed = Next(plugin.Settings);
        host.BaseUri = new Uri("https://dam.example.org/");
        Assert.Equal("https://dam.example.org/x", (await changed).Buttons[0].Url);
    }

    private static async Task<PluginSettings> Next(SettingsWatcher watcher)
    {
        var next = new TaskCompletionSource<PluginSettings>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Take(PluginSettings settings) => next.TrySetResult(settings);
        watcher.Changed += Take;
        try
        {
            return await next.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        }
        finally
        {
            watcher.Changed -= Take;
        }
    }

    // Faults have no signal of their own: pages ask for them when they are drawn.
    private static async Task Until(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
            await timer.WaitForNextTickAsync(limit.Token);
    }
}
