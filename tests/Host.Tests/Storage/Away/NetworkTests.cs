using System.Diagnostics;
using System.Net.Http.Json;
using Dapper;
using Npgsql;
using Tests.Postgres;

namespace Host.Tests.Storage.Away;

/// <summary>The network between host and database is parted: no byte passes, and nobody is told.</summary>
[Collection("Database away")]
public sealed class NetworkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // What docs/STORAGE.md promises for the longest answer, and some more for a busy machine.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(50);

    [PostgresFact]
    public async Task Every_answer_comes_in_time_while_the_network_is_frozen_and_all_goes_on_when_it_is_healed()
    {
        await using var scene = await HostOnRelay.StartAsync();
        await using var load = new SaveLoad(scene.Host);
        await load.WaitForSavedAsync(100);
        scene.Relay.Freeze();
        // Two hundred who read at the same moment take no thread from those who ask for the health.
        var readers = Enumerable.Range(0, 200).Select(_ => ReadAsync(scene.Host)).ToList();
        var report = await scene.WaitForHealthAsync("unready");
        Assert.Contains("does not answer within 2 seconds", Assert.Single(report.GetProperty("reasons").EnumerateArray()).GetString(), StringComparison.Ordinal);

        // Known to be away, it is not waited for any more.
        var asked = Stopwatch.GetTimestamp();
        using (var refused = await scene.Host.Editor.PostAsJsonAsync("/api/records", new { title = "Refused" }))
        {
            var problem = await Answer.ProblemAsync(refused, 503);
            Assert.Contains("Nothing was saved", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Equal(TimeSpan.FromSeconds(5), refused.Headers.RetryAfter?.Delta);
        }

        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(6));
        foreach (var (status, took) in await Task.WhenAll(readers))
        {
            Assert.Contains(status, new[] { 200, 503 });
            Assert.InRange(took, TimeSpan.Zero, LongestAnswer);
        }

        scene.Relay.Heal();
        await scene.WaitForHealthAsync("ready");
        await load.WaitForSavedAsync(100);
        await load.AssertAllToldTrulyAsync(scene.Direct);
        Assert.InRange(load.Longest, TimeSpan.Zero, LongestAnswer);
    }

    [PostgresFact]
    public async Task A_commit_whose_answer_was_lost_is_found_and_the_save_answered_as_done()
    {
        await using var scene = await HostOnRelay.StartAsync();
        await using var commit = await HeldCommit.StartAsync(scene);
        var saving = scene.Host.Editor.PostAsJsonAsync("/api/records", new { title = "Saved" });
        await commit.WaitForAsync();
        scene.Relay.FreezeAnswers();
        await commit.ReleaseAsync();
        await commit.WaitForRecordAsync("Saved");
        scene.Relay.Cut();
        scene.Relay.Heal();
        using var saved = await saving.WaitAsync(Patience);
        await Answer.JsonAsync(saved, 201);
        Assert.Equal(1L, scene.Server.Execute(new NpgsqlConnectionStringBuilder(scene.Direct).Database!, "SELECT count(*) FROM dam.records WHERE title = 'Saved'"));
    }

    [PostgresFact]
    public async Task A_commit_that_never_was_is_answered_as_not_saved()
    {
        await using var scene = await HostOnRelay.StartAsync();
        await using var commit = await HeldCommit.StartAsync(scene);
        var saving = scene.Host.Editor.PostAsJsonAsync("/api/records", new { title = "Lost" });
        var process = await commit.WaitForAsync();
        scene.Relay.FreezeAnswers();
        await commit.EndAsync(process);
        scene.Relay.Cut();
        scene.Relay.Heal();
        using var refused = await saving.WaitAsync(Patience);
        Assert.Contains("Nothing was saved", (await Answer.ProblemAsync(refused, 503)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await commit.ReleaseAsync();
        Assert.Equal(0L, scene.Server.Execute(new NpgsqlConnectionStringBuilder(scene.Direct).Database!, "SELECT count(*) FROM dam.records WHERE title = 'Lost'"));
        await scene.WaitForHealthAsync("ready");
        await scene.Host.InsertAsync(new { title = "Lost" });
    }

    [PostgresFact]
    public async Task A_commit_of_which_nobody_can_tell_in_time_is_answered_so()
    {
        await using var scene = await HostOnRelay.StartAsync();
        await using var commit = await HeldCommit.StartAsync(scene);
        var saving = scene.Host.Editor.PostAsJsonAsync("/api/records", new { title = "Perhaps" });
        await commit.WaitForAsync();
        scene.Relay.FreezeAnswers();
        await commit.ReleaseAsync();
        await commit.WaitForRecordAsync("Perhaps");
        scene.Relay.Cut();
        using var open = await saving.WaitAsync(LongestAnswer);
        var problem = await Answer.ProblemAsync(open, 503);
        Assert.Equal("Not known whether it was saved", problem.GetProperty("title").GetString());
        Assert.DoesNotContain("Nothing was saved", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        scene.Relay.Heal();
        await scene.WaitForHealthAsync("ready");
        await scene.Host.InsertAsync(new { title = "After" });
    }

    private static async Task<(int Status, TimeSpan Took)> ReadAsync(RunningHost host)
    {
        using var client = host.OwnClient("viewer", TimeSpan.FromMinutes(2));
        var began = Stopwatch.GetTimestamp();
        using var response = await client.GetAsync("/api/records");
        return ((int)response.StatusCode, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Commits of new records wait, inside the server, until the test lets them go.</summary>
    private sealed class HeldCommit(NpgsqlConnection session) : IAsyncDisposable
    {
        public static async Task<HeldCommit> StartAsync(HostOnRelay scene)
        {
            var session = await scene.ConnectAsync();
            await session.ExecuteAsync("""
                CREATE FUNCTION dam.wait_for_test() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(77); RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER held AFTER INSERT ON dam.records DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dam.wait_for_test();
                SELECT pg_advisory_lock(77);
                """);
            return new HeldCommit(session);
        }

        /// <summary>Returns when a commit waits.</summary>
        /// <returns>The server's process that does.</returns>
        public Task<int> WaitForAsync() => UntilAsync<int>("SELECT coalesce(max(pid), 0) FROM pg_locks WHERE locktype = 'advisory' AND objid = 77 AND NOT granted", pid => pid != 0);

        public Task<long> WaitForRecordAsync(string title) => UntilAsync<long>($"SELECT count(*) FROM dam.records WHERE title = '{title}'", count => count == 1);

        public Task<int> EndAsync(int process) => session.ExecuteAsync("SELECT pg_terminate_backend(@process)", new { process });

        public Task<int> ReleaseAsync() => session.ExecuteAsync("SELECT pg_advisory_unlock(77)");

        public ValueTask DisposeAsync() => session.DisposeAsync();

        private async Task<T> UntilAsync<T>(string sql, Func<T, bool> isSo)
        {
            var began = Stopwatch.GetTimestamp();
            while (true)
            {
                if (await session.ExecuteScalarAsync<T>(sql) is { } value && isSo(value))
                    return value;
                Assert.True(Stopwatch.GetElapsedTime(began) < Patience, sql);
            }
        }
    }
}
