using System.Diagnostics;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Kill;

/// <summary>The host is asked to end (SIGTERM) while much is owed.</summary>
public sealed class ShutdownTests(ITestOutputHelper output)
{
    // The host gives plugins 15 s to stop; the rest is for slow machines.
    private static readonly TimeSpan s_longestStop = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task With_a_backlog_it_ends_in_time_finishes_what_it_can_and_loses_nothing()
    {
        if (OperatingSystem.IsWindows())
            return; // There is no SIGTERM.
        const int saves = 50;
        await using var scene = await KillScene.StartAsync(output, perHookConcurrency: 2);
        var mayAnswer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Receiver.BeforeAnswer = arrival => arrival.Number == 1 ? mayAnswer.Task : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, arrival.Gone);
        await scene.SaveAsync(saves);
        await scene.Receiver.WaitForRequestsAsync(2, KillScene.Patience);
        await scene.WaitForStoredAsync("SELECT count(*) FROM delivery", saves);

        var watch = Stopwatch.StartNew();
        var stopping = scene.Host.StopAsync();
        await scene.Host.WaitForOutputAsync("Application is shutting down", KillScene.Patience);
        mayAnswer.SetResult();
        Assert.Equal(0, await stopping);
        output.WriteLine($"ended in           {watch.Elapsed.TotalSeconds:0.0} s with {saves - 1} owed");
        Assert.True(watch.Elapsed < s_longestStop, $"Ending took {watch.Elapsed}.");

        // The one that was answered is done, and what was not is free again. A third may have been begun before the plugin was told to stop, and no more.
        var unanswered = scene.Receiver.Requests - 1;
        Assert.InRange(unanswered, 1, 2);
        Assert.Equal(1, await SqliteFile.ReadDeadAsync(scene.PluginDatabase, "SELECT count(*) FROM delivery WHERE state = 'delivered'"));
        Assert.Equal(saves - 1, await SqliteFile.ReadDeadAsync(scene.PluginDatabase, "SELECT count(*) FROM delivery WHERE state = 'pending'"));
        scene.MayComeAgain = unanswered;
        scene.Receiver.BeforeAnswer = null;
        await scene.Host.StartAgainAsync();
        Assert.Equal(unanswered, await scene.CloseTheBooksAsync());
    }
}
