using System.Text.Json;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Kill;

/// <summary>A host with one hook, its receiver, and the books of both: what was acknowledged, what arrived, what may have arrived twice.</summary>
internal sealed class KillScene : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ITestOutputHelper _output;
    private int _kills;

    private KillScene(ITestOutputHelper output, EventReceiver receiver, HostProcess host) => (_output, Receiver, Host) = (output, receiver, host);

    public EventReceiver Receiver { get; }

    public HostProcess Host { get; }

    public SaveLoad Load { get; } = new();

    /// <summary>How many messages may come again: those that were in flight when the host was ended.</summary>
    public long MayComeAgain { get; set; }

    public string PluginDatabase => SqliteFile.OfPlugin(Host);

    public string HostDatabase => SqliteFile.OfHost(Host);

    /// <param name="output">Where the books are printed.</param>
    /// <param name="perHookConcurrency">How many attempts the hook may have at the same time.</param>
    /// <param name="folder">The host's folder; null for one of its own.</param>
    public static async Task<KillScene> StartAsync(ITestOutputHelper output, int perHookConcurrency = 16, string? folder = null)
    {
        var receiver = await EventReceiver.StartAsync();
        var host = await HostProcess.StartAsync(new HostProcessOptions { Folder = folder, Config = Configure(perHookConcurrency, [HookOf(receiver, "Kill test")]) });
        return new KillScene(output, receiver, host);
    }

    /// <summary>The entry of config.json for a hook.</summary>
    /// <param name="receiver">Where it leads.</param>
    /// <param name="label">Its label.</param>
    /// <param name="startFrom">Where it starts.</param>
    public static Hook HookOf(EventReceiver receiver, string label, string startFrom = "now") => new(label, receiver.Address, startFrom);

    /// <summary>Writes config.json anew while the host runs; in force within two seconds.</summary>
    public Task ConfigureAsync(params Hook[] hooks) =>
        File.WriteAllTextAsync(Path.Combine(Host.PluginsDirectory, "ApiWebhooks", "config.json"), Configure(16, hooks));

    /// <summary>Saves new records; each must be acknowledged.</summary>
    public Task SaveAsync(int count, string name = "Save") => Load.InsertAsync(Host.Client, count, name);

    /// <summary>Waits until a query of the plugin's file gives a value.</summary>
    public Task WaitForStoredAsync(string sql, long value) => SqliteFile.WaitUntilAsync(PluginDatabase, sql, found => found == value, Patience);

    /// <summary>Kills the host and counts what it had in flight: as many messages may come again, and no more.</summary>
    public async Task KillAsync()
    {
        await Host.KillAsync();
        _kills++;
        MayComeAgain += await SqliteFile.ReadDeadAsync(PluginDatabase, "SELECT count(*) FROM delivery WHERE state = 'in_flight'");
    }

    /// <summary>Waits until everything acknowledged has arrived and nothing is owed any more; prints the books and closes them.</summary>
    /// <returns>How many messages came again.</returns>
    public async Task<int> CloseTheBooksAsync()
    {
        var missing = await Receiver.WaitForAsync(Load.Acknowledged, Patience);
        _output.WriteLine($"kills              {_kills}");
        _output.WriteLine($"saves acknowledged {Load.Acknowledged.Count}");
        _output.WriteLine($"saves delivered    {Load.Acknowledged.Count - missing.Count}");
        _output.WriteLine($"saves lost         {missing.Count}");
        _output.WriteLine($"duplicates         {Receiver.Repeats}, of {MayComeAgain} that were in flight; same id, same bytes");
        Assert.True(missing.Count == 0, $"Lost: {string.Join(", ", missing.Take(20))}\n{Tail(Host.Output)}");
        await WaitForStoredAsync("SELECT count(*) FROM delivery WHERE state <> 'delivered'", 0);
        Assert.Empty(Receiver.Contradictions);
        Assert.True(Receiver.Repeats <= MayComeAgain, $"{Receiver.Repeats} messages came again, only {MayComeAgain} were in flight.");
        return Receiver.Repeats;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    private static string Configure(int perHookConcurrency, IReadOnlyList<Hook> hooks) => JsonSerializer.Serialize(new
    {
        hooks = hooks.Select(hook => new { label = hook.Label, url = hook.Url, startFrom = hook.StartFrom, events = new[] { "record.*" } }),
        delivery = new { perHookConcurrency, timeoutSeconds = 60 },
        network = new { allow = hooks.Select(hook => hook.Url.Authority) },
    });

    private static string Tail(string text) => text.Length <= 4000 ? text : text[^4000..];

    /// <summary>A hook of config.json.</summary>
    internal sealed record Hook(string Label, Uri Url, string StartFrom);
}
