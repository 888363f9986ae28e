using System.Text;
using Dam.Hosting;
using Plugin.ApiWebhooks.Detect;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Replay;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Replay;

public sealed class ReplayTests : ReplayFixture
{
    [Fact]
    public async Task All_sends_what_was_delivered_again_with_the_same_ids_and_bytes()
    {
        await F.StartAsync(Hook());
        await DeliverAsync(3);
        var first = Receiver.All.OrderBy(each => each.Id).Select(each => (each.Id, Encoding.UTF8.GetString(each.Body))).ToList();
        var report = await RunAsync(ReplayWhich.All, 3);
        Assert.Equal(new ReplayCounts(3, 3, 0, 0), report.Job.Counts);
        Assert.Equal(first, Receiver.All.Skip(3).OrderBy(each => each.Id).Select(each => (each.Id, Encoding.UTF8.GetString(each.Body))));
        Assert.Equal("delivered 3", States());
        Assert.Equal(3, F.Query<int>("SELECT count(*) FROM message"));
    }

    [Theory]
    [InlineData(DeliveryOrder.Record)]
    [InlineData(DeliveryOrder.Strict)]
    internal async Task To_a_hook_with_an_order_the_past_is_sent_in_that_order(DeliveryOrder order)
    {
        Append(300);
        await F.StartAsync(Hook() with { Order = order });
        await DeliverAsync(3);
        await RunAsync(ReplayWhich.All, 303);
        Assert.Equal("delivered 303", States());
        Assert.Equal(3 + 303, Receiver.All.Count);
        if (order == DeliveryOrder.Strict)
            Assert.Equal(F.Log.All.Select(change => $"msg_{change.Id:N}_1"), Receiver.All.Skip(3).Select(each => each.Id));
    }

    [Theory]
    [InlineData(DeliveryOrder.Record)]
    [InlineData(DeliveryOrder.Strict)]
    internal async Task To_a_hook_whose_order_was_taken_away_the_past_is_sent_in_none(DeliveryOrder order)
    {
        await F.StartAsync(Hook() with { Order = order });
        await DeliverAsync(3);
        await F.ChangeHooksAsync(Hook());
        await RunAsync(ReplayWhich.All, 3);
        Assert.Equal("delivered 3", States());
        Assert.Equal(0, F.Query<int>("SELECT count(stream) FROM delivery"));
    }

    [Fact]
    public async Task Failed_sends_what_was_given_up_and_nothing_else()
    {
        F.Settings = F.Settings with { Delivery = F.Settings.Delivery with { Schedule = [TimeSpan.Zero] } };
        await F.StartAsync(Hook());
        await DeliverAsync(2);
        Receiver.AnswerWith(500);
        await DeliverAsync(1);
        Receiver.AnswerWith(200);
        Assert.Equal("delivered 2, exhausted 1", States());
        var report = await RunAsync(ReplayWhich.Failed, 1);
        Assert.Equal(new ReplayCounts(1, 1, 0, 0), report.Job.Counts);
        Assert.Equal(2, Arrived()[3]);
        Assert.Equal(1, Arrived()[1]);
    }

    [Fact]
    public async Task Never_delivered_sends_what_came_before_the_subscription_and_what_was_cancelled()
    {
        Append(4);
        await F.StartAsync(Hook());
        await DeliverAsync(2);
        await F.Database.WriteAsync(c => c.Prepared("UPDATE delivery SET state = 'cancelled' WHERE change_sequence = 5").ExecuteNonQuery());
        var report = await RunAsync(ReplayWhich.NeverDelivered, 5);
        Assert.Equal(new ReplayCounts(6, 5, 1, 0), report.Job.Counts);
        Assert.Equal([1, 1, 1, 1, 2, 1], Arrived().OrderBy(each => each.Key).Select(each => each.Value));
        Assert.Equal("delivered 6", States());
    }

    [Fact]
    public async Task A_window_of_positions_has_what_comes_after_the_one_and_up_to_the_other()
    {
        Append(10);
        await F.StartAsync(Hook());
        var report = await RunAsync(ReplayWhich.All, 3, request => request with { After = 2, UpTo = 5 });
        Assert.Equal([3, 4, 5], Arrived().Keys.Order());
        Assert.Equal(new ReplayCounts(3, 3, 0, 0), report.Job.Counts);
        Assert.Equal((2, 5, 5), (report.Job.Window.After, report.Job.Window.UpTo, report.Job.Position));
        Assert.Equal(new ReplayCounts(1, 1, 0, 0), (await RunAsync(ReplayWhich.All, 1, request => request with { After = 9, UpTo = 4711 })).Job.Counts);
        Assert.Equal(default, (await RunAsync(ReplayWhich.All, 0, request => request with { After = 10 })).Job.Counts);
    }

    [Fact]
    public async Task A_window_of_time_has_its_first_instant_and_not_its_last_also_when_the_clock_was_set_back()
    {
        foreach (var minute in (int[])[0, 10, 20, 15, 30, 40])
            F.Log.Append(change => change with { OccurredAt = At("2026-03-01T12:00:00Z").AddMinutes(minute) });
        await F.StartAsync(Hook());
        var report = await RunAsync(
            ReplayWhich.All, 3, request => request with { From = At("2026-03-01T12:10:00Z"), To = At("2026-03-01T12:30:00Z") });
        Assert.Equal([2, 3, 4], Arrived().Keys.Order());
        Assert.Equal(new ReplayCounts(3, 3, 0, 0), report.Job.Counts);
        await RunAsync(ReplayWhich.All, 1, request => request with { From = At("2026-03-01T12:40:00Z") });
        Assert.Contains(6, Arrived().Keys);
    }

    [Theory]
    [InlineData("All")]
    [InlineData("Failed")]
    [InlineData("NeverDelivered")]
    public async Task A_dry_run_counts_what_would_be_done_and_does_nothing(string name)
    {
        var which = Enum.Parse<ReplayWhich>(name);
        Append(700);
        await F.StartAsync(Hook());
        await DeliverAsync(5);
        await F.Database.WriteAsync(c => c.Prepared("UPDATE delivery SET state = 'exhausted' WHERE change_sequence > 703").ExecuteNonQuery());
        var (before, sent) = (States(), Receiver.All.Count);
        var dry = await RunAsync(which, 0, request => request with { DryRun = true });
        Assert.Equal((before, sent), (States(), Receiver.All.Count));
        var real = await RunAsync(which, (int)dry.Job.Counts.Owed);
        Assert.Equal(dry.Job.Counts, real.Job.Counts);
        Assert.Equal(real.Job.Counts.Owed, Receiver.All.Count - sent);
        Assert.Equal(which switch { ReplayWhich.All => 705, ReplayWhich.Failed => 2, _ => 702 }, real.Job.Counts.Owed);
    }

    [Fact]
    public async Task A_change_that_is_owed_already_is_not_made_owed_twice()
    {
        Receiver.AnswerWith(500);
        await F.StartAsync(Hook());
        await DeliverAsync(1);
        var report = await RunAsync(ReplayWhich.All, 0);
        Assert.Equal(new ReplayCounts(1, 0, 1, 0), report.Job.Counts);
        Assert.Equal("waiting 1", States());
    }

    [Fact]
    public async Task Other_subscriptions_get_nothing_of_it_and_a_receivers_own_changes_are_left_out()
    {
        F.Log.Append(change => change with { Actor = new Actor("editor", "own") });
        Append(2);
        await F.StartAsync(Hook() with { ApiKeyName = "own" }, Hook(key: "other"));
        await RunAsync(ReplayWhich.NeverDelivered, 2);
        Assert.Equal([2, 3], Arrived().Keys.Order());
        Assert.Empty(Arrived("other"));
    }

    [Fact]
    public async Task What_the_change_log_does_not_have_any_more_is_told()
    {
        Append(10);
        await F.StartAsync(Hook());
        F.Log.Forget(4);
        var report = await RunAsync(ReplayWhich.All, 6);
        Assert.Equal(4, report.Job.MissingUpTo);
        Assert.Contains("begins after change 4", Assert.Single(report.Notices), StringComparison.Ordinal);
        Assert.Equal(6, report.Job.Counts.Owed);
        var whole = await RunAsync(ReplayWhich.All, 2, request => request with { After = 8 });
        Assert.Empty(whole.Notices);
        var byTime = await RunAsync(ReplayWhich.NeverDelivered, 0, request => request with { From = At("2020-01-01T00:00:00Z") });
        Assert.Equal(4, byTime.Job.MissingUpTo);
    }

    [Fact]
    public async Task A_piece_that_comes_after_a_cancelling_or_for_the_second_time_stores_nothing()
    {
        Append(4);
        await F.StartAsync(Hook());
        await F.Pipeline.Subscriptions!.PauseAsync(1, "test", default);
        var store = new ReplayStore(F.Database, new RefusalTally(F.Database), F.Clock);
        var job = await BeginAsync(ReplayWhich.All);
        var change = Changes.Inserted(1);
        var message = MessageRendering.ToMessage(
            change, new RenderedMessage(new Rendering("text/plain", "text"u8.ToArray()), null, null), []);
        var chunk = new ReplayChunk(2, [new ReplayItem(null, message)]);
        Assert.Equal(1, (await store.StoreAsync(job, chunk))!.Owed);
        Assert.Null(await store.StoreAsync(job, chunk));
        await Replays.CancelAsync(job.Id);
        Assert.Null(await store.StoreAsync(job with { Position = 2 }, chunk with { To = 3 }));
        Assert.Equal((1L, 2L), (Replays.Find(job.Id)!.Job.Counts.Owed, Replays.Find(job.Id)!.Job.Position));
        Assert.Equal("held 1", States());
    }

    [Fact]
    public async Task A_subscription_that_is_not_in_the_file_is_refused()
    {
        await F.StartAsync(Hook());
        Assert.Null(await Replays.BeginAsync(99, new ReplayRequest(ReplayWhich.All), default));
    }
}
