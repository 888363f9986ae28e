using Tests.Postgres;

namespace Host.Tests.Storage.Away;

/// <summary>The database server goes and comes back, or another takes its place, while many save. Nobody restarts the host.</summary>
[Collection("Database away")]
public sealed class RestartTests
{
    [PostgresTheory]
    [InlineData(StopMode.Fast)]
    [InlineData(StopMode.Immediate)]
    public async Task Each_save_is_answered_truly_while_the_server_restarts(StopMode mode)
    {
        await using var scene = await HostOnRelay.StartAsync();
        await using var load = new SaveLoad(scene.Host);
        await load.WaitForSavedAsync(100);
        for (var round = 0; round < 2; round++)
        {
            scene.Server.Stop(mode);
            await load.WaitForRefusedAsync(10);
            var report = await scene.WaitForHealthAsync("unready");
            Assert.Matches(@"^The database \S+ at 127\.0\.0\.1:\d+ (cannot be|does not answer)\b.* Since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC\.$", Assert.Single(report.GetProperty("reasons").EnumerateArray()).GetString());
            scene.Server.Start();
            await scene.WaitForHealthAsync("ready");
            await load.WaitForSavedAsync(100);
        }

        await load.AssertAllToldTrulyAsync(scene.Direct);
    }

    [PostgresFact]
    public async Task Restarted_between_two_saves_the_server_is_not_missed()
    {
        await using var scene = await HostOnRelay.StartAsync();
        await scene.Host.InsertAsync(new { title = "Before" });
        scene.Server.Stop(StopMode.Fast);
        scene.Server.Start();
        await scene.WaitForHealthAsync("ready");
        await scene.Host.InsertAsync(new { title = "After" });
    }

    [PostgresFact]
    public async Task A_standby_that_takes_over_the_address_is_served_from_once_it_is_promoted()
    {
        await using var scene = await HostOnRelay.StartAsync();
        using var standby = scene.Server.AddStandby(synchronous: true);
        await using var load = new SaveLoad(scene.Host);
        await load.WaitForSavedAsync(100);

        scene.Server.Stop(StopMode.Immediate);
        scene.Relay.LeadTo(standby.Port);
        await load.WaitForRefusedAsync(10);
        // Not promoted yet, it is read from, and says why it is not written.
        var report = await HostOnRelay.WaitForHealthAsync(scene.Host, report => report.GetRawText().Contains("takes no writes", StringComparison.Ordinal));
        Assert.Equal("unready", report.GetProperty("status").GetString());
        using (var read = await scene.Host.Viewer.GetAsync("/api/records"))
            await Answer.JsonAsync(read, 200);

        standby.Promote();
        await scene.WaitForHealthAsync("ready");
        await load.WaitForSavedAsync(100);
        await load.AssertAllToldTrulyAsync(scene.Direct.Replace($"{scene.Server.Port}", $"{standby.Port}", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task Of_two_servers_that_are_named_the_one_that_can_be_written_is_used()
    {
        using var first = new PostgresServer();
        var direct = first.AddDatabase();
        using var standby = first.AddStandby(synchronous: true);
        // The standby stands first, so that the order does not choose.
        var both = direct.Replace("127.0.0.1", $"127.0.0.1:{standby.Port},127.0.0.1:{first.Port}", StringComparison.Ordinal) + ";Target Session Attributes=primary";
        await using var own = new Disposing(new RunningHost { Postgres = both });
        await own.Host.InitializeAsync();
        await using var load = new SaveLoad(own.Host);
        await load.WaitForSavedAsync(100);
        first.Stop(StopMode.Fast);
        await load.WaitForRefusedAsync(1);
        standby.Promote();
        await load.WaitForSavedAsync(100);
        await HostOnRelay.WaitForHealthAsync(own.Host, report => report.GetProperty("status").GetString() == "ready");
        await load.AssertAllToldTrulyAsync(direct.Replace($"{first.Port}", $"{standby.Port}", StringComparison.Ordinal));
    }
}
