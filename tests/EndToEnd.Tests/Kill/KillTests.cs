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

    [Fact]
    public async Task After_thirty_kills_every_acknowledged_save_has_arrived_under_one_id()
    {
        var seed = ReadSeed();
        output.WriteLine($"seed {seed} (set DAM_KILL_SEED to repeat it)");
        var random = new Random(seed);
        await using var scene = await KillScene.StartAsync(output);
        for (var kill = 1; kill <= Kills; kill++)
        {
            var moment = s_shortestLoad + (random.NextDouble() * (s_longestLoad - s_shortestLoad));
            using var over = new CancellationTokenSource();
            var saving = scene.Load.RunAsync(scene.Host.Client, Clients, kill, over.Token);
            // The moment of the kill is what is random here; nothing is waited for.
            await Task.Delay(moment, TimeProvider.System);
            await scene.KillAsync();
            await over.CancelAsync();
            await saving;
            await scene.Host.StartAgainAsync();
        }

        await scene.CloseTheBooksAsync();
        Assert.True(scene.Load.Acknowledged.Count > Kills, $"Only {scene.Load.Acknowledged.Count} saves were acknowledged: the kills proved little.");
    }

    private static int ReadSeed() =>
        int.TryParse(Environment.GetEnvironmentVariable("DAM_KILL_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : new Random().Next();
}
