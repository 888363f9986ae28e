using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Replay;

namespace Plugin.Tests.Replay;

/// <summary>How jobs run: in pieces, no faster than the receiver takes, and across stops of every kind.</summary>
public sealed class ReplayRunTests : ReplayFixture
{
    [Fact]
    public async Task A_long_window_is_sent_whole_and_each_change_once()
    {
        const int count = 2600;
        Append(count);
        await F.StartAsync(Hook());
        var report = await RunAsync(ReplayWhich.NeverDelivered, count);
        Assert.Equal(new ReplayCounts(count, count, 0, 0), report.Job.Counts);
        Assert.Equal(count, Arrived().Count);
        Assert.All(Arrived().Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task A_receiver_that_hangs_stops_its_replay_and_new_changes_go_on_to_others()
    {
        var blocked = Block();
        Append(3000);
        await F.StartAsync(Hook(), Hook(key: "other"));
        var job = await BeginAsync(ReplayWhich.NeverDelivered);
        await Receiver.WaitAsync(); // the first piece is under way
        var stored = F.WhenStored(3);
        Append(3);
        await stored;
        Assert.Equal(3, Arrived("other").Count);
        var report = Replays.Find(job.Id)!;
        Assert.Equal(ReplayState.Running, report.Job.State);
        Assert.Equal(ReplayRunner.MostOpen, F.Query<int>("SELECT count(*) FROM delivery WHERE subscription_id = 1 AND change_sequence <= 3000"));
        Assert.Equal(ReplayRunner.MostOpen, report.Job.Position);

        stored = F.WhenStored(3003);
        blocked.SetResult();
        await stored;
        Assert.Equal(3003, Arrived().Count);
        Assert.Equal(ReplayState.Done, (await WhenFinishedAsync(job.Id)).Job.State);
    }

    [Fact]
    public async Task Killed_in_the_middle_it_goes_on_where_it_was_skips_nothing_and_owes_nothing_twice()
    {
        const int count = 2000;
        var blocked = Block();
        Append(count);
        await F.StartAsync(Hook());
        var job = await BeginAsync(ReplayWhich.NeverDelivered);
        await Receiver.WaitAsync();
        await F.Database.DisposeAsync(); // from here on nothing is stored any more
        blocked.SetResult();
        await F.Pipeline.DisposeAsync();
        // Read before anybody goes on.
        await using (var between = TestDatabase.Open(F.DatabasePath))
            Assert.InRange(between.Read(c => (long)c.Prepared("SELECT position FROM replay").ExecuteScalar()!), 0, ReplayRunner.MostOpen * 3);

        var stored = F.WhenStored(count);
        await F.StartAsync(Hook());
        await stored;
        Assert.Equal(new ReplayCounts(count, count, 0, 0), (await WhenFinishedAsync(job.Id)).Job.Counts);
        Assert.Equal($"delivered {count}", States());
        Assert.Equal(count, Arrived().Count);
    }

    [Fact]
    public async Task Stopped_in_good_order_it_goes_on_after_the_start()
    {
        var blocked = Block();
        Append(1500);
        await F.StartAsync(Hook());
        var job = await BeginAsync(ReplayWhich.All);
        await Receiver.WaitAsync();
        await F.Pipeline.StopAsync(new CancellationToken(canceled: true));
        blocked.SetResult();
        await F.StopAsync();

        var stored = F.WhenStored(1500);
        await F.StartAsync(Hook());
        await stored;
        Assert.Equal(1500, (await WhenFinishedAsync(job.Id)).Job.Counts.Owed);
        Assert.Equal("delivered 1500", States());
    }

    [Fact]
    public async Task Cancelled_it_makes_nothing_more_owed_and_what_it_made_owed_is_sent()
    {
        var blocked = Block();
        Append(2000);
        await F.StartAsync(Hook());
        var job = await BeginAsync(ReplayWhich.NeverDelivered);
        await Receiver.WaitAsync();
        Assert.True(await Replays.CancelAsync(job.Id));
        Assert.False(await Replays.CancelAsync(job.Id));
        var owed = (int)Replays.Find(job.Id)!.Job.Counts.Owed;
        Assert.InRange(owed, 1, ReplayRunner.MostOpen);
        var stored = F.WhenStored(owed);
        blocked.SetResult();
        await stored;
        Assert.Equal($"delivered {owed}", States());
        // The next job of the subscription is not kept by it.
        Assert.Equal(2000 - owed, (await RunAsync(ReplayWhich.NeverDelivered, 2000 - owed)).Job.Counts.Owed);
    }

    [Fact]
    public async Task One_that_fails_is_tried_again_after_a_pause_and_keeps_no_other_from_going_on()
    {
        Append(3);
        await F.StartAsync(Hook(), Hook(key: "other"));
        await ExecuteAsync(TestDatabase.IsOnPostgres
            ? "ALTER TABLE delivery ADD CONSTRAINT not_the_first CHECK (id & 1048575 <> 1) NOT VALID"
            : "CREATE TRIGGER not_the_first BEFORE INSERT ON delivery WHEN new.id & 1048575 = 1 BEGIN SELECT RAISE(ABORT, 'not the first'); END");
        var failing = await BeginAsync(ReplayWhich.NeverDelivered);
        await RunAsync(ReplayWhich.NeverDelivered, 3, subscriptionId: 2);
        Assert.Equal(ReplayState.Running, Replays.Find(failing.Id)!.Job.State);
        Assert.Empty(Arrived());

        await ExecuteAsync(TestDatabase.IsOnPostgres ? "ALTER TABLE delivery DROP CONSTRAINT not_the_first" : "DROP TRIGGER not_the_first");
        var stored = F.WhenStored(3);
        F.Clock.Advance(TimeSpan.FromSeconds(1));
        await stored;
        Assert.Equal(ReplayState.Done, (await WhenFinishedAsync(failing.Id)).Job.State);

        Task ExecuteAsync(string sql) => F.Database.WriteAsync(c =>
        {
            c.Run(sql);
            return 0;
        });
    }

    [Fact]
    public async Task For_a_paused_subscription_it_waits_and_counts_all_the_same()
    {
        Append(5);
        await F.StartAsync(Hook());
        await F.Pipeline.Subscriptions!.PauseAsync(1, "test", default);
        Assert.Equal(5, (await RunAsync(ReplayWhich.NeverDelivered, 0, request => request with { DryRun = true })).Job.Counts.Owed);
        var job = await BeginAsync(ReplayWhich.NeverDelivered);
        Assert.Contains("paused", Replays.Find(job.Id)!.WaitsFor, StringComparison.Ordinal);
        Assert.Equal(0, F.Query<int>("SELECT count(*) FROM delivery"));
        var stored = F.WhenStored(5);
        await F.Pipeline.Subscriptions.ResumeAsync(1, default);
        await stored;
        Assert.Equal(ReplayState.Done, (await WhenFinishedAsync(job.Id)).Job.State);
    }

    [Fact]
    public async Task Jobs_of_one_subscription_run_one_after_the_other()
    {
        Append(1000);
        await F.StartAsync(Hook());
        var stored = F.WhenStored(1000);
        var first = await BeginAsync(ReplayWhich.NeverDelivered, request => request with { UpTo = 800 });
        var second = await BeginAsync(ReplayWhich.NeverDelivered);
        await stored;
        Assert.Equal(800, (await WhenFinishedAsync(first.Id)).Job.Counts.Owed);
        Assert.Equal(200, (await WhenFinishedAsync(second.Id)).Job.Counts.Owed);
        Assert.Equal(1000, Arrived().Count);
        Assert.All(Arrived().Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task To_a_hook_with_an_order_it_is_sent_in_the_order_of_the_changes()
    {
        const int count = 700; // more than one piece
        Append(count);
        await F.StartAsync(Hook() with { Order = DeliveryOrder.Strict });
        var report = await RunAsync(ReplayWhich.NeverDelivered, count);
        Assert.Equal(count, report.Job.Counts.Owed);
        var sent = Receiver.All.Select(each => System.Text.Json.JsonDocument.Parse(each.Body).RootElement.GetProperty("data").GetProperty("sequence").GetInt64());
        Assert.Equal(Enumerable.Range(1, count).Select(each => (long)each), sent);
    }

    // The hook's receiver hangs until the source is completed; others answer.
    private TaskCompletionSource Block()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Receiver.Answer = async (received, context) =>
        {
            if (received.Path == "/hook")
                await open.Task;
            context.Response.StatusCode = 200;
        };
        return open;
    }
}
