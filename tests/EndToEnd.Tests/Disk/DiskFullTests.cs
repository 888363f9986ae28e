using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EndToEnd.Tests.Kill;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Disk;

/// <summary>The disk runs full under a working host and is freed again. Nobody restarts anything.</summary>
public sealed class DiskFullTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("dam-disk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SmallDiskFact]
    public async Task Under_the_host_saves_are_refused_in_words_and_never_half_done_and_with_room_again_all_goes_on()
    {
        using var disk = SmallDisk.Mount(Path.Combine(_folder, "data"), 96);
        await using var scene = await KillScene.StartAsync(output, folder: _folder);
        await scene.SaveAsync(5, "before");
        disk.Fill();

        var refused = new List<string>();
        for (var i = 1; refused.Count < 5; i++)
        {
            Assert.True(i < 2000, "A full disk takes everything.");
            if (await IsRefusedAsync(scene, $"full-{i}."))
                refused.Add($"full-{i}.");
        }

        Assert.Contains("cannot be written", await ReadHealthAsync(scene, HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        disk.Free();
        await WaitForHealthAsync(scene, report => !report.Contains("cannot be written", StringComparison.Ordinal));
        await scene.SaveAsync(5, "after");
        await scene.CloseTheBooksAsync();
        output.WriteLine($"saves refused      {refused.Count}");
        Assert.DoesNotContain(refused, scene.Receiver.HasTaken);
        Assert.Empty(refused.Intersect(await ReadTitlesAsync(scene)));
        Assert.Empty(scene.Load.Acknowledged.Except(await ReadTitlesAsync(scene)));
    }

    [SmallDiskFact]
    public async Task Under_the_plugin_saves_go_on_and_with_room_again_everything_arrives()
    {
        using var disk = SmallDisk.Mount(Path.Combine(_folder, "data", "plugins"), 8);
        await using var scene = await KillScene.StartAsync(output, folder: _folder);
        await scene.SaveAsync(5, "before");
        disk.Fill();

        // Until the plugin has no room left to put anything.
        for (var i = 1; !(await ReadHealthAsync(scene, HttpStatusCode.OK)).Contains("\"place\":\"storage\"", StringComparison.Ordinal); i++)
        {
            Assert.True(i < 100, "A full disk takes everything.");
            await scene.SaveAsync(20, $"full-{i}");
        }

        await scene.SaveAsync(20, "waiting");
        // What was sent and could not be recorded may come again.
        scene.MayComeAgain = scene.Receiver.Requests;
        disk.Free();
        await scene.SaveAsync(5, "after");
        await scene.CloseTheBooksAsync();
        await WaitForHealthAsync(scene, report => !report.Contains("\"place\":\"storage\"", StringComparison.Ordinal));
    }

    // 507 is the answer that says why; any other failure ends the test.
    private static async Task<bool> IsRefusedAsync(KillScene scene, string title)
    {
        try
        {
            await scene.Load.SaveAsync(scene.Host.Client, title, null);
            return false;
        }
        catch (HttpRequestException exception) when (exception.StatusCode == HttpStatusCode.InsufficientStorage)
        {
            return true;
        }
    }

    private static async Task<string> ReadHealthAsync(KillScene scene, HttpStatusCode expected)
    {
        using var response = await scene.Host.Client.GetAsync("/healthz");
        var report = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{response.StatusCode}: {report}");
        return report;
    }

    private static async Task WaitForHealthAsync(KillScene scene, Func<string, bool> isSo)
    {
        using var over = new CancellationTokenSource(s_patience);
        string report;
        while (!isSo(report = await scene.Host.Client.GetStringAsync("/healthz")))
            Assert.False(over.IsCancellationRequested, report);
    }

    private static async Task<HashSet<string>> ReadTitlesAsync(KillScene scene)
    {
        var titles = new HashSet<string>();
        for (long? after = 0; after is not null;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/records?after={after}&limit=100");
            request.Headers.Add("X-Api-Key", "demo-sysadmin-key");
            using var response = await scene.Host.Client.SendAsync(request);
            response.EnsureSuccessStatusCode();
            var page = await response.Content.ReadFromJsonAsync<JsonElement>();
            titles.UnionWith(page.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("title").GetString()!));
            after = page.TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.Number ? next.GetInt64() : null;
        }

        return titles;
    }
}
