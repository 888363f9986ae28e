using System.Diagnostics;
using System.Net.Http.Json;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Plugin.Tests;
using SampleHost.Storage;
using Tests.Postgres;

namespace Host.Tests.Storage.Away;

/// <summary>A host stops in its turn to write, and others want to write too; somebody from outside leaves a transaction open.</summary>
[Collection("Database away")]
public sealed class TurnTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // docs/STORAGE.md: the server waits 5 seconds for a host that has its turn; the rest is for a busy machine.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(10);

    [PostgresFact]
    public async Task A_host_that_is_cut_off_in_its_turn_keeps_the_others_waiting_for_a_few_seconds()
    {
        await using var scene = await HostOnRelay.StartAsync();
        await using var own = new Disposing(new RunningHost { Postgres = scene.Direct, WithAccounts = false });
        await own.Host.InitializeAsync();
        await own.Host.InsertAsync(new { title = "Before" });

        using var hasTurn = new ManualResetEventSlim();
        using var isFrozen = new ManualResetEventSlim();
        var writing = scene.Host.Get<Database>().WriteAsync(
            scope =>
            {
                hasTurn.Set();
                Assert.True(isFrozen.Wait(Patience));
                return scope.Connection.ExecuteScalar<long>("SELECT count(*) FROM records");
            },
            default);
        Assert.True(hasTurn.Wait(Patience));
        scene.Relay.Freeze();
        isFrozen.Set();

        var began = Stopwatch.GetTimestamp();
        await own.Host.InsertAsync(new { title = "Meanwhile" });
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(1), LongestTurn);
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => writing.WaitAsync(Patience));
        Assert.Equal(StorageTrouble.Unavailable, scene.Host.Get<Database>().Engine.Judge(exception));

        scene.Relay.Heal();
        await scene.WaitForHealthAsync("ready");
        await scene.Host.InsertAsync(new { title = "After" });
    }

    [PostgresFact]
    public async Task Health_warns_of_a_transaction_that_holds_vacuum_back()
    {
        // The host's clock is ten minutes ahead of the server's: what began a moment ago has lasted so long.
        var clock = new FakeClock();
        clock.Advance(TimeProvider.System.GetUtcNow() - clock.GetUtcNow() + TimeSpan.FromMinutes(10));
        using var server = new PostgresServer();
        var database = server.AddDatabase();
        await using var outside = new Npgsql.NpgsqlConnection(database + ";Pooling=false");
        await outside.OpenAsync();
        await outside.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ; CREATE TABLE held AS SELECT 1 AS number");
        await using var own = new Disposing(new RunningHost { Postgres = database, Configure = builder => builder.Services.AddSingleton<TimeProvider>(clock) });
        await own.Host.InitializeAsync();
        var report = await HostOnRelay.WaitForHealthAsync(own.Host, report => report.GetProperty("warnings").GetArrayLength() > 0);
        Assert.Equal("ready", report.GetProperty("status").GetString());
        Assert.Contains(report.GetProperty("warnings").EnumerateArray(), warning =>
            warning.GetString()!.StartsWith($"A transaction of the server process {outside.ProcessID} holds vacuum back since ", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task What_holds_vacuum_back_is_told_once_it_has_lasted()
    {
        using var server = new PostgresServer();
        using var standby = server.AddStandby(synchronous: false);
        standby.Execute("postgres", "ALTER SYSTEM SET hot_standby_feedback = on");
        standby.Execute("postgres", "ALTER SYSTEM SET wal_receiver_status_interval = 1");
        standby.Execute("postgres", "SELECT pg_reload_conf()");
        await using var session = new Npgsql.NpgsqlConnection(server.Connection("postgres") + ";Pooling=false");
        await session.OpenAsync();
        await using var reader = new Npgsql.NpgsqlConnection(standby.Connection("postgres") + ";Pooling=false");
        await reader.OpenAsync();
        await reader.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1");
        var holds = new VacuumHolds();
        var began = Stopwatch.GetTimestamp();
        while (await session.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_stat_replication WHERE backend_xmin IS NOT NULL") == 0)
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience);
        // Since when, the server does not say: it counts from when it was seen first.
        var now = TimeProvider.System.GetUtcNow();
        Assert.Empty(await holds.FindAsync(session, now));
        Assert.Empty(await holds.FindAsync(session, now + TimeSpan.FromMinutes(4)));
        var told = Assert.Single(await holds.FindAsync(session, now + TimeSpan.FromMinutes(6)));
        Assert.StartsWith("A standby, by the server process ", told, StringComparison.Ordinal);
        Assert.Contains($"since {StorageFault.Utc(now)}", told, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Tables_that_are_written_much_are_updated_in_place()
    {
        await using var scene = await HostOnRelay.StartAsync();
        var ids = new List<long>();
        for (var number = 0; number < 60; number++)
            ids.Add((await scene.Host.InsertAsync(new { title = $"Record {number}", fields = new { description = new string('x', 300) } })).GetProperty("id").GetInt64());
        foreach (var id in ids)
        {
            using var response = await scene.Host.Editor.PatchAsJsonAsync($"/api/records/{id}", new { title = "Changed" });
            await Answer.JsonAsync(response, 200);
        }

        await using var session = await scene.ConnectAsync();
        foreach (var table in new[] { "commits", "records" })
        {
            var began = Stopwatch.GetTimestamp();
            (long All, long Hot) updates;
            // The server gathers its figures with some delay.
            while ((updates = await session.QuerySingleAsync<(long, long)>("SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_all_tables WHERE schemaname = 'dam' AND relname = @table", new { table })).All < ids.Count)
                Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"{table}: {updates}");
            Assert.True(updates.Hot > updates.All * 0.9, $"{table}: {updates}");
        }
    }
}
