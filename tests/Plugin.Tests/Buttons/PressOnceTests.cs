using System.Net.Sockets;
using Dam.Hosting;
using Plugin.ApiWebhooks.Buttons;
using Plugin.Tests.Send;

namespace Plugin.Tests.Buttons;

/// <summary>One press is one POST, however it comes and whatever happens meanwhile.</summary>
public sealed class PressOnceTests
{
    private static readonly byte[] Ok = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\ndone"u8.ToArray();

    [Fact]
    public async Task Presses_of_one_key_at_the_same_time_are_one_POST_and_one_answer()
    {
        var gate = new TaskCompletionSource();
        await using var receiver = new RawReceiver(async (_, stream, stop) =>
        {
            await gate.Task.WaitAsync(stop);
            await stream.WriteAsync(Ok, stop);
        });
        await using var fixture = await PressFixture.StartAsync(receiver.Url);
        var presses = Enumerable.Range(0, 20).Select(_ => Task.Run(() => fixture.PressAsync(fixture.Press("same")))).ToArray();
        gate.SetResult();
        var outcomes = await Task.WhenAll(presses);
        Assert.Single(receiver.Requests);
        Assert.Single(outcomes.Distinct());
        Assert.IsType<PressOutcome.Succeeded>(outcomes[0]);
    }

    [Fact]
    public async Task A_key_that_was_used_is_answered_from_the_log_also_after_a_restart_and_without_its_button()
    {
        await using var receiver = new RawReceiver((_, stream, stop) => stream.WriteAsync(Ok, stop).AsTask());
        await using var fixture = await PressFixture.StartAsync(receiver.Url);
        var first = await fixture.PressAsync(fixture.Press("once"));
        Assert.Equal(first, await fixture.PressAsync(fixture.Press("once")));
        // Two requests may both have looked into the log before the first was entered: entering decides.
        var late = await fixture.Plugin.Get<PressRunner>().RunAsync(fixture.Plugin.Settings.Current.Buttons[0], fixture.Press("once"), "Fetch");
        Assert.Equal(first, PressWords.Tell(late, TimeSpan.Zero));
        File.WriteAllText(fixture.Plugin.Folder.ConfigPath, "{}");
        await fixture.RestartAsync();
        Assert.Empty(fixture.Plugin.Settings.Current.Buttons);
        Assert.Equal(first, await fixture.PressAsync(fixture.Press("once")));
        Assert.Equal(first, (await fixture.Buttons.FindPressAsync("once", default))!.Outcome);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task A_key_of_another_user_record_or_button_is_refused_also_while_it_runs()
    {
        var arrived = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        await using var receiver = new RawReceiver(async (_, stream, stop) =>
        {
            arrived.TrySetResult();
            await gate.Task.WaitAsync(stop);
            await stream.WriteAsync(Ok, stop);
        });
        await using var fixture = await PressFixture.StartAsync(receiver.Url);
        var running = fixture.PressAsync(fixture.Press("mine"));
        await arrived.Task;
        Assert.IsType<PressOutcome.Refused>(await fixture.PressAsync(fixture.Press("mine", user: "admin")));
        gate.SetResult();
        Assert.IsType<PressOutcome.Succeeded>(await running);
        Assert.IsType<PressOutcome.Refused>(await fixture.PressAsync(fixture.Press("mine", user: "admin")));
        Assert.IsType<PressOutcome.Refused>(await fixture.PressAsync(fixture.Press("mine", record: 14)));
        Assert.IsType<PressOutcome.Refused>(await fixture.PressAsync(fixture.Press("mine", button: "other")));
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task A_slow_target_is_still_running_and_its_end_is_kept_and_shown()
    {
        var gate = new TaskCompletionSource();
        await using var receiver = new RawReceiver(async (_, stream, stop) =>
        {
            await gate.Task.WaitAsync(stop);
            await stream.WriteAsync(Ok, stop);
        });
        await using var fixture = await PressFixture.StartAsync(receiver.Url, """ "timeoutSeconds": 0.2 """);
        var outcome = Assert.IsType<PressOutcome.StillRunning>(await fixture.PressAsync(fixture.Press("slow")));
        Assert.Contains("has not answered within", outcome.Message, StringComparison.Ordinal);
        Assert.IsType<PressOutcome.StillRunning>((await fixture.Buttons.FindPressAsync("slow", default))!.Outcome);
        gate.SetResult();
        var joined = await fixture.Plugin.Get<PressRunner>().RunAsync(fixture.Plugin.Settings.Current.Buttons[0], fixture.Press("slow"), "Fetch");
        Assert.NotNull(joined.End);
        var report = await fixture.Buttons.FindPressAsync("slow", default);
        Assert.Equal("done", Assert.IsType<PressOutcome.Succeeded>(report!.Outcome).Answer);
        Assert.Equal((13, "editor", "fetch"), (report.RecordId, report.UserName, report.ButtonKey));
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task A_target_that_answers_drop_by_drop_does_not_hold_the_editor()
    {
        await using var receiver = new RawReceiver(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n"u8.ToArray(), stop);
            while (!stop.IsCancellationRequested)
            {
                await stream.WriteAsync("."u8.ToArray(), stop);
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop);
            }
        });
        await using var fixture = await PressFixture.StartAsync(receiver.Url, """ "timeoutSeconds": 0.3, "giveUpSeconds": 1 """);
        Assert.IsType<PressOutcome.StillRunning>(await fixture.PressAsync(fixture.Press("drip")));
        var ended = await fixture.Plugin.Get<PressRunner>().RunAsync(fixture.Plugin.Settings.Current.Buttons[0], fixture.Press("drip"), "Fetch");
        var outcome = Assert.IsType<PressOutcome.Failed>(PressWords.Tell(ended, TimeSpan.Zero));
        Assert.Contains("did not answer within 1", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_editor_who_leaves_does_not_stop_the_press()
    {
        var arrived = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        await using var receiver = new RawReceiver(async (_, stream, stop) =>
        {
            arrived.TrySetResult();
            await gate.Task.WaitAsync(stop);
            await stream.WriteAsync(Ok, stop);
        });
        await using var fixture = await PressFixture.StartAsync(receiver.Url);
        using var leaving = new CancellationTokenSource();
        var pressed = fixture.Buttons.PressAsync(fixture.Press("left"), leaving.Token);
        await arrived.Task;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pressed);
        gate.SetResult();
        Assert.IsType<PressOutcome.Succeeded>(await fixture.PressAsync(fixture.Press("left")));
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task A_press_that_the_host_died_in_is_told_as_unknown_and_not_sent_again()
    {
        await using var receiver = new RawReceiver((_, stream, stop) => stream.WriteAsync(Ok, stop).AsTask());
        await using var fixture = await PressFixture.StartAsync(receiver.Url);
        // What a crash leaves: the row that was made before the POST, without an end.
        var press = fixture.Press("crashed");
        var button = fixture.Plugin.Settings.Current.Buttons[0];
        var post = PressRequest.Make(button, press, DateTimeOffset.UnixEpoch);
        Assert.True(await fixture.Plugin.Get<PressLog>().BeginAsync(PressRunner.EntryOf(button, press, "Fetch", post)));
        await fixture.RestartAsync();
        var outcome = Assert.IsType<PressOutcome.Failed>(await fixture.PressAsync(press));
        Assert.Contains("The outcome is unknown: the host stopped while the press ran", outcome.Message, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
        Assert.Contains(fixture.Plugin.Host.Log.Entries, entry => entry.Message.Contains("1 presses were cut off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopping_the_plugin_breaks_off_what_does_not_end_and_says_so()
    {
        var arrived = new TaskCompletionSource();
        await using var receiver = new RawReceiver(async (_, _, stop) =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        });
        await using var fixture = await PressFixture.StartAsync(receiver.Url);
        var pressed = fixture.PressAsync(fixture.Press("stopped"));
        await arrived.Task;
        await fixture.Plugin.Get<PressRunner>().StopAsync(new CancellationToken(canceled: true));
        Assert.Contains("unknown", Assert.IsType<PressOutcome.Failed>(await pressed).Message, StringComparison.Ordinal);
        Assert.NotNull(fixture.Plugin.Get<PressLog>().Find("stopped")!.End);
    }
}
