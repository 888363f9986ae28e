using System.Diagnostics;
using System.Net.Http.Json;
using Dapper;
using SampleHost.Storage;
using Tests.Postgres;

namespace Host.Tests.Storage.Away;

/// <summary>The database is there and too much is asked of it, or somebody from outside holds what is needed.</summary>
[Collection("Database away")]
public sealed class BusyTests
{
    // A lock is waited for 7 seconds, after at most as long for the batch before; the rest is for a busy machine.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(25);

    [PostgresFact]
    public async Task Fifty_readers_share_three_connections_and_writing_and_health_need_none_of_them()
    {
        await using var scene = await HostOnRelay.StartAsync("Maximum Pool Size=3");
        Assert.All(await ReadAsync(scene.Host, 50), status => Assert.Equal(200, status));

        await using var outside = await scene.ConnectAsync();
        await outside.ExecuteAsync("BEGIN; LOCK TABLE dam.records IN ACCESS EXCLUSIVE MODE");
        var reading = ReadAsync(scene.Host, 50);
        Assert.Equal("ready", (await scene.WaitForHealthAsync("ready")).GetProperty("status").GetString());
        // Needs no record, only a connection to write with.
        Assert.Equal(7, await scene.Host.Get<Database>().WriteAsync(_ => 7, default));
        Assert.False(reading.IsCompleted);
        Assert.All(await reading.WaitAsync(LongestAnswer), status => Assert.Contains(status, new[] { 200, 503 }));

        await outside.ExecuteAsync("ROLLBACK");
        Assert.All(await ReadAsync(scene.Host, 50), status => Assert.Equal(200, status));
        Assert.InRange(await outside.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"), 1, 3 + 4 + 1);
    }

    [PostgresTheory]
    [InlineData("SELECT pg_advisory_lock(4017102001)")]
    [InlineData("BEGIN; LOCK TABLE dam.changes IN EXCLUSIVE MODE")]
    public async Task Whoever_holds_what_saves_need_makes_them_wait_for_a_limited_time(string held)
    {
        await using var scene = await HostOnRelay.StartAsync();
        await scene.Host.InsertAsync(new { title = "Before" });
        await using var outside = await scene.ConnectAsync();
        await outside.ExecuteAsync(held);

        var saving = Enumerable.Range(0, 20).Select(async number =>
        {
            using var response = await scene.Host.Editor.PostAsJsonAsync("/api/records", new { title = $"Refused {number}" });
            var problem = await Answer.ProblemAsync(response, 503);
            Assert.Contains("Nothing was saved", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.NotNull(response.Headers.RetryAfter);
        }).ToList();
        var slow = await HostOnRelay.WaitForHealthAsync(scene.Host, report => report.GetProperty("warnings").GetArrayLength() > 0);
        Assert.Contains("is slow: the saves that are being written have taken", slow.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        await Task.WhenAll(saving).WaitAsync(LongestAnswer);
        var report = await scene.WaitForHealthAsync("unready");
        Assert.Matches(@"cannot be written: .* Since 20.* UTC\.$", Assert.Single(report.GetProperty("reasons").EnumerateArray()).GetString());
        using (var read = await scene.Host.Viewer.GetAsync("/api/records"))
            await Answer.JsonAsync(read, 200);

        await outside.CloseAsync();
        await scene.WaitForHealthAsync("ready");
        await scene.Host.InsertAsync(new { title = "After" });
        using var records = await scene.Host.Viewer.GetAsync("/api/records");
        Assert.Equal(["After", "Before"], (await Answer.JsonAsync(records, 200)).GetProperty("records").EnumerateArray().Select(record => record.GetProperty("title").GetString()).Order());
    }

    [PostgresFact]
    public async Task What_does_not_fit_into_the_queue_is_refused_at_once_and_the_rest_in_time()
    {
        await using var scene = await HostOnRelay.StartAsync();
        var database = scene.Host.Get<Database>();
        await using var outside = await scene.ConnectAsync();
        await outside.ExecuteAsync("SELECT pg_advisory_lock(4017102001)");
        var began = Stopwatch.GetTimestamp();
        var writing = Enumerable.Range(0, Writer.QueueLimit + 1000).Select(async number =>
        {
            var exception = await Assert.ThrowsAnyAsync<Exception>(() => database.WriteAsync(scope => number, default));
            Assert.Equal(StorageTrouble.Unavailable, database.Engine.Judge(exception));
            return (exception.Message, Took: Stopwatch.GetElapsedTime(began));
        }).ToList();
        var answers = await Task.WhenAll(writing).WaitAsync(LongestAnswer);
        // All but the queue and the batch that had been taken out of it.
        var full = answers.Where(answer => answer.Message.Contains("too many saves wait", StringComparison.Ordinal)).ToList();
        Assert.InRange(full.Count, 1000 - 256, 1000);
        Assert.All(full, answer => Assert.InRange(answer.Took, TimeSpan.Zero, TimeSpan.FromSeconds(5)));
        Assert.Contains(answers, answer => answer.Message.Contains("turn has not come", StringComparison.Ordinal));

        await outside.CloseAsync();
        await scene.WaitForHealthAsync("ready");
        Assert.Equal(7, await database.WriteAsync(_ => 7, default));
    }

    private static Task<int[]> ReadAsync(RunningHost host, int count) => Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
    {
        using var response = await host.Viewer.GetAsync("/api/records");
        return (int)response.StatusCode;
    }));
}
