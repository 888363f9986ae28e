using System.Diagnostics;
using System.Globalization;
using EndToEnd.Tests;
using EndToEnd.Tests.Kill;

namespace Soak;

/// <summary>Lets the host work and kills it, again and again.</summary>
internal sealed class Killing(HostProcess host, SaveLoad load, Random random)
{
    private const int Clients = 4;
    private static readonly TimeSpan s_longestLoad = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan s_longestStart = TimeSpan.FromSeconds(2);

    /// <summary>Kills as often as told; the host runs afterwards.</summary>
    /// <returns>How many deliveries were in flight at the kills, all together.</returns>
    public async Task<long> RunAsync(int kills)
    {
        var watch = Stopwatch.StartNew();
        var inFlight = 0L;
        for (var kill = 1; kill <= kills; kill++)
        {
            // One in ten dies while it starts, among its migrations and recoveries.
            if (kill % 10 == 0)
                await KillStartingAsync();
            else
                await KillWorkingAsync(kill);
            inFlight += await SqliteFile.ReadDeadAsync(SqliteFile.OfPlugin(host), "SELECT count(*) FROM delivery WHERE state = 'in_flight'");
            if (kill % 10 != 9)
                await host.StartAgainAsync();
            if (kill % 10 == 0)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed:hh\\:mm\\:ss}  {kill} kills, {load.Acknowledged.Count} saves acknowledged"));
        }

        if (kills % 10 == 9)
            await host.StartAgainAsync();
        return inFlight;
    }

    private async Task KillWorkingAsync(int round)
    {
        using var over = new CancellationTokenSource();
        var saving = load.RunAsync(host.Client, Clients, round, over.Token);
        // The moment of the kill is what is random here; nothing is waited for.
        await Task.Delay(s_longestLoad * random.NextDouble(), TimeProvider.System);
        await host.KillAsync();
        await over.CancelAsync();
        await saving;
    }

    private async Task KillStartingAsync()
    {
        var starting = host.StartAgainAsync();
        await Task.WhenAny(starting, Task.Delay(s_longestStart * random.NextDouble(), TimeProvider.System));
        await host.KillAsync();
        try
        {
            await starting;
        }
        catch (Exception ex) when (ex is InvalidOperationException or HttpRequestException)
        {
            // Killed before it was ready, as was meant.
        }
    }
}
