using System.Globalization;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Kill;

/// <summary>
/// The promise of events: what the host has acknowledged reaches the receiver, although the host's process is killed again and again, at random
/// moments and under load. Nothing is asked of the process before it dies: it gets SIGKILL.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 30;
    private const int Clients = 6;
    private static readonly TimeSpan s_shortestLoad = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longestLoad = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task After_thirty_kills_every_acknowledged_save_has_arrived_under_one_id()
    {
        var seed = ReadSeed();
        output.WriteLine($"seed {seed} (set DAM_KILL_SEED to repeat it)");
        var random = new Random(seed);
        await using var receiver = await EventReceiver.StartAsync();
        await using var host = await HostProcess.StartAsync(new HostProcessOptions { Config = ConfigFor(receiver) });
        var load = new SaveLoad();

        for (var kill = 1; kill <= Kills; kill++)
        {
            var moment = s_shortestLoad + (random.NextDouble() * (s_longestLoad - s_shortestLoad));
            using var over = new CancellationTokenSource();
            var saving = load.RunAsync(host.Client, Clients, kill, over.Token);
            // The moment of the kill is what is random here; nothing is waited for.
            await Task.Delay(moment, TimeProvider.System);
            await host.KillAsync();
            await over.CancelAsync();
            await saving;
            await host.StartAgainAsync();
        }

        var missing = await receiver.WaitForAsync(load.Acknowledged, s_patience);
        output.WriteLine($"saves begun        {load.Begun}");
        output.WriteLine($"saves acknowledged {load.Acknowledged.Count}");
        output.WriteLine($"saves delivered    {load.Acknowledged.Count - missing.Count}");
        output.WriteLine($"saves lost         {missing.Count}");
        output.WriteLine($"messages received  {receiver.Ids}, again with the same id {receiver.Repeats}");
        Assert.True(missing.Count == 0, $"Lost with seed {seed}: {string.Join(", ", missing.Take(20))}\n{Tail(host.Output)}");
        Assert.Empty(receiver.Contradictions);
        Assert.True(load.Acknowledged.Count > Kills, $"Only {load.Acknowledged.Count} saves were acknowledged: the kills proved little.");
    }

    private static int ReadSeed() =>
        int.TryParse(Environment.GetEnvironmentVariable("DAM_KILL_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : new Random().Next();

    private static string ConfigFor(EventReceiver receiver) => $$"""
        {
          "hooks": [{ "label": "Kill test", "url": "{{receiver.Address}}", "events": ["record.*"] }],
          "network": { "allow": ["{{receiver.Address.Authority}}"] }
        }
        """;

    private static string Tail(string text) => text.Length <= 4000 ? text : text[^4000..];
}
