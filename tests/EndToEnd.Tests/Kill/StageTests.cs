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

    [Fact]
    public async Task Killed_during_a_replay()
    {
        // More than a replay puts into the queue at once: while the receiver does not answer, it stands in the middle.
        const int past = 800;
        const int answeredBetween = 200;
        await using var scene = await KillScene.StartAsync(output);
        using (var over = new CancellationTokenSource())
        {
            var saving = scene.Load.RunAsync(scene.Host.Client, clients: 6, round: 1, over.Token);
            await scene.Receiver.WaitForRequestsAsync(past, KillScene.Patience);
            await over.CancelAsync();
            await saving;
        }

        await using var late = await EventReceiver.StartAsync();
        late.BeforeAnswer = HoldAsync;
        await scene.ConfigureAsync(KillScene.HookOf(scene.Receiver, "Kill test"), KillScene.HookOf(late, "Late", startFrom: "beginning"));
        await late.WaitForRequestsAsync(1, KillScene.Patience);
        await scene.WaitForStoredAsync("SELECT count(*) FROM replay WHERE state = 'running' AND seen > 0 AND position < up_to", 1);
        await scene.KillAsync();

        // Once more, after some of it was taken.
        var before = late.Requests;
        late.BeforeAnswer = arrival => arrival.Number <= before + answeredBetween ? Task.CompletedTask : HoldAsync(arrival);
        await scene.Host.StartAgainAsync();
        await late.WaitForRequestsAsync(before + answeredBetween + 1, KillScene.Patience);
        await scene.KillAsync();

        late.BeforeAnswer = null;
        await scene.Host.StartAgainAsync();
        await scene.WaitForStoredAsync("SELECT count(*) FROM replay WHERE state = 'done'", 1);
        var missing = await late.WaitForAsync(scene.Load.Acknowledged, KillScene.Patience);
        output.WriteLine($"replayed           {scene.Load.Acknowledged.Count - missing.Count} of {scene.Load.Acknowledged.Count} saves, {late.Repeats} messages again");
        Assert.Empty(missing);
        Assert.Empty(late.Contradictions);
        Assert.InRange(late.Repeats, 1, scene.MayComeAgain);
        await scene.CloseTheBooksAsync();
    }

    private static Task HoldAsync(EventReceiver.Arrival arrival) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, arrival.Gone);
}
