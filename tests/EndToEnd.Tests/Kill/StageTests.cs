using Microsoft.AspNetCore.Http;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Kill;

/// <summary>
/// The host's process is killed at a stage of a change's way that the test holds it in from outside: by the right to write to its files, by what the
/// receiver answers, by stopping the process. Nothing depends on a lucky moment, and nothing in the product knows of these tests.
/// </summary>
public sealed class StageTests(ITestOutputHelper output)
{
    private const int Saves = 5;

    [Fact]
    public async Task Killed_between_the_commit_of_a_change_and_its_detection()
    {
        await using var scene = await KillScene.StartAsync(output);
        // Nobody else may write to the plugin's file: whatever is saved stays in the host's log.
        using (SqliteFile.TakeWriting(scene.PluginDatabase))
        {
            await scene.SaveAsync(Saves);
            await scene.KillAsync();
        }

        Assert.Equal(0, scene.Receiver.Requests);
        Assert.Equal(0, await SqliteFile.ReadDeadAsync(scene.PluginDatabase, "SELECT count(*) FROM delivery"));
        await scene.Host.StartAgainAsync();
        Assert.Equal(0, await scene.CloseTheBooksAsync());
    }

    [Fact]
    public async Task Killed_after_detection_before_the_post()
    {
        // One at a time, and the receiver keeps the first: the others are stored and stand in the lane.
        await using var scene = await KillScene.StartAsync(output, perHookConcurrency: 1);
        scene.Receiver.BeforeAnswer = HoldAsync;
        await scene.SaveAsync(Saves);
        await scene.Receiver.WaitForRequestsAsync(1, KillScene.Patience);
        await scene.WaitForStoredAsync("SELECT count(*) FROM delivery", Saves);
        await scene.KillAsync();
        Assert.Equal(1, scene.Receiver.Requests);

        scene.Receiver.BeforeAnswer = null;
        await scene.Host.StartAgainAsync();
        Assert.Equal(1, await scene.CloseTheBooksAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_during_the_post(bool afterTheHeadOfTheAnswer)
    {
        await using var scene = await KillScene.StartAsync(output);
        scene.Receiver.BeforeAnswer = async arrival =>
        {
            if (afterTheHeadOfTheAnswer)
            {
                arrival.AnswerWith(StatusCodes.Status200OK);
                arrival.Context.Response.ContentLength = 10;
                await arrival.Context.Response.Body.WriteAsync("half "u8.ToArray(), arrival.Gone);
                await arrival.Context.Response.Body.FlushAsync(arrival.Gone);
            }

            await HoldAsync(arrival);
        };
        await scene.SaveAsync(Saves);
        await scene.Receiver.WaitForRequestsAsync(Saves, KillScene.Patience);
        await scene.KillAsync();

        scene.Receiver.BeforeAnswer = null;
        await scene.Host.StartAgainAsync();
        Assert.Equal(Saves, await scene.CloseTheBooksAsync());
    }

    [Fact]
    public async Task Killed_between_the_answer_and_its_settling()
    {
        // One at a time: that the next request comes proves that the answer to the last one was read.
        await using var scene = await KillScene.StartAsync(output, perHookConcurrency: 1);
        var mayAnswer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Receiver.BeforeAnswer = arrival => arrival.Number < Saves ? mayAnswer.Task : HoldAsync(arrival);
        await scene.SaveAsync(Saves);
        await scene.WaitForStoredAsync("SELECT count(*) FROM delivery WHERE state = 'in_flight'", Saves);
        using (SqliteFile.TakeWriting(scene.PluginDatabase))
        {
            mayAnswer.SetResult();
            await scene.Receiver.WaitForRequestsAsync(Saves, KillScene.Patience);
            await scene.KillAsync();
        }

        Assert.Equal(0, await SqliteFile.ReadDeadAsync(scene.PluginDatabase, "SELECT count(*) FROM delivery WHERE state = 'delivered'"));
        scene.Receiver.BeforeAnswer = null;
        await scene.Host.StartAgainAsync();
        Assert.Equal(Saves, await scene.CloseTheBooksAsync());
    }

    [LinuxTheory]
    [InlineData("host")]
    [InlineData("plugin")]
    public async Task Killed_within_a_group_commit(string database)
    {
        const int kills = 3;
        await using var scene = await KillScene.StartAsync(output);
        for (var kill = 1; kill <= kills; kill++)
        {
            using var over = new CancellationTokenSource();
            var saving = scene.Load.RunAsync(scene.Host.Client, clients: 6, kill, over.Token);
            // In full swing: saves share commits, and deliveries are stored and settled at the same time.
            await scene.Receiver.WaitForRequestsAsync(scene.Receiver.Requests + 100, KillScene.Patience);
            using (var watch = new CommitWatch(database == "host" ? scene.HostDatabase : scene.PluginDatabase))
                output.WriteLine($"killed within a commit of the {database}'s file, {watch.StopWithin(scene.Host.ProcessId, KillScene.Patience)} pages written");
            await scene.KillAsync();
            await over.CancelAsync();
            await saving;
            await scene.Host.StartAgainAsync();
        }

        await scene.CloseTheBooksAsync();
    }

    private static Task HoldAsync(EventReceiver.Arrival arrival) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, arrival.Gone);
}
