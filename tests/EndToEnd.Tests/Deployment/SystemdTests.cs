using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Deployment;

/// <summary>The host as a service of systemd, and the unit that describes it.</summary>
public sealed partial class SystemdTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("dam-systemd-").FullName;

    private static string Unit => Path.Combine(HostProcess.Repository, "deploy", "sample-dam.service");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [LinuxFact]
    public async Task It_says_that_it_is_ready_when_it_serves_and_that_it_stops_when_it_is_told_to()
    {
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var notify = Path.Combine(_folder, "notify");
        manager.Bind(new UnixDomainSocketEndPoint(notify));
        // A service is known by the name of its parent process: here a shell under systemd's name.
        var parent = Path.Combine(_folder, "systemd");
        File.Copy("/bin/sh", parent);
        using var service = new Process
        {
            StartInfo = new ProcessStartInfo(
                parent,
                [
                    "-c", "\"$@\"; exit $?", "sh", "dotnet", Path.Combine(HostProcess.Repository, "SampleHost", "bin", HostProcess.Configuration, "net10.0", "SampleHost.dll"),
                    "--urls", "http://127.0.0.1:0", "--environment", "Production", "--Host:DataDirectory", Path.Combine(_folder, "data"), "--Host:PluginsDirectory", Path.Combine(_folder, "none"),
                ])
            {
                RedirectStandardOutput = true,
                Environment = { ["NOTIFY_SOCKET"] = notify },
            },
        };
        service.Start();
        try
        {
            Assert.Equal("READY=1", await HearAsync(manager));
            using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(await ReadAddressAsync(service)) };
            using var health = await client.GetAsync("/healthz");
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);

            var host = (await File.ReadAllTextAsync($"/proc/{service.Id}/task/{service.Id}/children")).Trim();
            using (var kill = Process.Start("kill", ["-TERM", host]))
                await kill.WaitForExitAsync();
            Assert.Equal("STOPPING=1", await HearAsync(manager));
            await service.WaitForExitAsync().WaitAsync(s_patience);
            Assert.Equal(0, service.ExitCode);
        }
        finally
        {
            if (!service.HasExited)
                service.Kill(entireProcessTree: true);
        }
    }

    [LinuxFact]
    public async Task The_unit_is_understood_and_gives_the_host_the_time_it_needs()
    {
        var unit = await File.ReadAllTextAsync(Unit);
        // The generic host's own limit for stopping, which plugins drain within.
        Assert.True(int.Parse(StopLimit().Match(unit).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) > 30);
        Assert.Contains("Type=notify", unit, StringComparison.Ordinal);
        if (!File.Exists("/usr/bin/systemd-analyze"))
            return; // The rest is systemd's to say.
        var copy = Path.Combine(_folder, "sample-dam.service");
        await File.WriteAllTextAsync(copy, unit.Replace("/usr/bin/dotnet", Environment.ProcessPath, StringComparison.Ordinal));
        await Tool.RunAsync("systemd-analyze", ["verify", "--man=no", copy]);
    }

    private static async Task<string> HearAsync(Socket manager)
    {
        using var limit = new CancellationTokenSource(s_patience);
        var buffer = new byte[256];
        var length = await manager.ReceiveAsync(buffer, SocketFlags.None, limit.Token);
        return Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }

    private static async Task<string> ReadAddressAsync(Process service)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (await service.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
                return match.Groups[1].Value;
        }

        throw new InvalidOperationException("The host ended without saying where it listens.");
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"TimeoutStopSec=(\d+)")]
    private static partial Regex StopLimit();
}
