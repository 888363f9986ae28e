using System.Globalization;
using EndToEnd.Tests;
using EndToEnd.Tests.Kill;
using Soak;

// Kills the host at random moments under load, then holds what it acknowledged against what arrived. The last line tells; so does the exit code:
// 0 nothing lost and nothing broken, 1 something, 2 wrong usage.
if (Options.Read(args) is not { } options)
{
    await Console.Error.WriteLineAsync("Usage: bash tests/soak/run.sh [--kills N] [--seed N]");
    return 2;
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {options.Seed}, {options.Kills} kills"));
await using var crowd = await Crowd.StartAsync(new Random(options.Seed));
await using var host = await HostProcess.StartAsync(new HostProcessOptions { Config = crowd.Config });
var load = new SaveLoad();
var inFlight = await new Killing(host, load, new Random(options.Seed)).RunAsync(options.Kills);

crowd.BecomeWell();
var verdict = await new Verdict(options.Kills, load, crowd, inFlight).ReachAsync();
Console.WriteLine(verdict.Table);
Console.WriteLine(verdict.LastLine);
return verdict.IsGood ? 0 : 1;
