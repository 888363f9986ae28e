using System.Net.Http.Json;
using Microsoft.Data.Sqlite;
using SampleHost.Storage;

namespace Host.Tests.Storage;

/// <summary>The host's file can be read and not written for a while, as after an administrator's slip or a fault of the disk. Nobody restarts anything.</summary>
public sealed class ReadOnlyDatabaseTests
{
    [Trait("Storage", "sqlite")]
    [Fact]
    public async Task Saves_are_refused_in_words_reading_goes_on_health_says_why_and_once_writable_all_is_well()
    {
        await using var own = new Disposing(await RunningHost.StartAsync());
        var host = own.Host;
        var writer = await host.Get<Database>().WriteAsync(scope => (SqliteConnection)scope.Connection, CancellationToken.None);
        using (var before = await host.Editor.PostAsJsonAsync("/api/records", new { title = "Before" }))
            await Answer.JsonAsync(before, 201);

        SetReadOnly(writer, true);
        using (var refused = await host.Editor.PostAsJsonAsync("/api/records", new { title = "Refused" }))
            Assert.Contains("cannot be written. Nothing was saved", (await Answer.JsonAsync(refused, 503)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        using (var read = await host.Editor.GetAsync("/api/records"))
        {
            var titles = (await Answer.JsonAsync(read, 200)).GetProperty("records").EnumerateArray().Select(record => record.GetProperty("title").GetString());
            Assert.Equal(["Before"], titles);
        }

        using (var unready = await host.Nobody.GetAsync("/healthz"))
            Assert.Contains("cannot be written", Assert.Single((await Answer.JsonAsync(unready, 503)).GetProperty("reasons").EnumerateArray()).GetString(), StringComparison.Ordinal);

        // The health notices by itself, without a save.
        SetReadOnly(writer, false);
        using (var ready = await host.Nobody.GetAsync("/healthz"))
            await Answer.JsonAsync(ready, 200);
        using var after = await host.Editor.PostAsJsonAsync("/api/records", new { title = "After" });
        await Answer.JsonAsync(after, 201);
    }

    // SQLite refuses every transaction on the writing connection, in the words in which it refuses one to a file that it may only read.
    private static void SetReadOnly(SqliteConnection writer, bool isReadOnly) =>
        Assert.Equal(0, SQLitePCL.raw.sqlite3_exec(writer.Handle, $"PRAGMA query_only = {(isReadOnly ? "ON" : "OFF")}"));
}
