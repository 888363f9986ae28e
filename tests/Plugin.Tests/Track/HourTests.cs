using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Replay;
using Plugin.ApiWebhooks.Track;
using Plugin.Tests.Replay;

namespace Plugin.Tests.Track;

/// <summary>What became of deliveries is counted by the hour, in the transaction in which it happens.</summary>
public sealed class HourTests : ReplayFixture
{
    // Each row: the hour after the first one, delivered, repeated, given up, cancelled, failed, and how many have a lag.
    private const string Rows = """
        SELECT string_agg(concat_ws(' ', hour - (SELECT min(hour) FROM subscription_hour WHERE hour > 0), delivered, repeated, given_up, cancelled, failed, lag_count), ', ')
        FROM (SELECT * FROM subscription_hour ORDER BY subscription_id, hour) AS hours
        """;

    [Fact]
    public async Task Attempts_are_counted_in_their_hour_and_what_waits_or_was_given_up_has_its_reason()
    {
        F.Settings = F.Settings with { Delivery = F.Settings.Delivery with { Schedule = [TimeSpan.Zero, TimeSpan.FromHours(1)], DisableAfter = TimeSpan.Zero } };
        await F.StartAsync(Hook());
        await DeliverAsync(2);
        Receiver.AnswerWith(500);
        await DeliverAsync(1);
        Assert.Equal("0 2 0 0 0 1 2", F.Query<string>(Rows));
        Assert.Equal("waiting ServerError 1", Failures());
        var retried = F.WhenStored(1);
        F.Clock.Advance(TimeSpan.FromHours(1));
        await retried;
        Assert.Equal("0 2 0 0 0 1 2, 1 0 0 1 0 1 0", F.Query<string>(Rows));
        Assert.Equal("exhausted ServerError 1", Failures());

        var summary = Assert.Single(F.History.ReadSubscriptions(1, 1));
        Assert.Equal((2, 1, 0), (summary.Count(DeliveryState.Delivered), summary.Count(DeliveryState.Exhausted), summary.Count(DeliveryState.Waiting)));
        Assert.Null(summary.OldestUndeliveredAt);
    }

    [Fact]
    public async Task A_retry_that_succeeds_is_late_by_all_of_its_time_and_has_no_reason_any_more()
    {
        F.Settings = F.Settings with { Delivery = F.Settings.Delivery with { Schedule = [TimeSpan.Zero, TimeSpan.FromSeconds(90)] } };
        await F.StartAsync(Hook());
        Receiver.AnswerWith(500);
        await DeliverAsync(1);
        Receiver.AnswerWith(200);
        var retried = F.WhenStored(1);
        F.Clock.Advance(TimeSpan.FromSeconds(90));
        await retried;
        Assert.Equal("0 1 0 0 0 1 1", F.Query<string>(Rows));
        Assert.InRange(F.Query<long>("SELECT lag_max_ms FROM subscription_hour"), 89_000, 91_000);
        Assert.Equal("", Failures());
    }

    [Fact]
    public async Task What_is_sent_again_is_delivered_once_and_is_not_late()
    {
        await F.StartAsync(Hook());
        await DeliverAsync(2);
        F.Clock.Advance(TimeSpan.FromHours(2));
        var resent = F.WhenStored(1);
        Assert.IsType<ActionResult.Done>(await F.Pipeline.ResendAsync(DeliveryId.Of(1, 1)));
        await resent;
        Assert.Equal("0 2 0 0 0 0 2, 2 1 1 0 0 0 0", F.Query<string>(Rows));
        await RunAsync(ReplayWhich.All, 2);
        Assert.Equal("0 2 0 0 0 0 2, 2 3 3 0 0 0 0", F.Query<string>(Rows));
        Assert.Equal(2, F.History.ReadSubscriptions(1, 1)[0].Count(DeliveryState.Delivered));
    }

    [Fact]
    public async Task What_a_person_gives_up_is_cancelled_and_sent_again_it_is_delivered()
    {
        await F.StartAsync(Hook());
        await F.Pipeline.Subscriptions!.PauseAsync(1, "Paused.", CancellationToken.None);
        var position = F.Log.All.Count;
        Append(3);
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System))
        {
            while (States() != "held 3")
                await timer.WaitForNextTickAsync();
        }
        Assert.IsType<ActionResult.Done>(await F.Pipeline.CancelAsync(DeliveryId.Of(position + 1, 1)));
        Assert.Equal("0 0 0 0 1 0 0", F.Query<string>(Rows));
        await F.Pipeline.Subscriptions.ResumeAsync(1, CancellationToken.None, HeldChoice.Cancel);
        Assert.Equal("0 0 0 0 3 0 0", F.Query<string>(Rows));
        Assert.Equal("cancelled Cancelled 3", Failures());
        await RunAsync(ReplayWhich.Failed, 3);
        Assert.Equal("0 3 0 0 3 0 3", F.Query<string>(Rows));
        Assert.Equal("", Failures());
    }

    [Fact]
    public async Task Old_hours_are_folded_and_the_sums_stay_right_when_the_deliveries_are_gone()
    {
        await F.StartAsync(Hook());
        await DeliverAsync(2);
        F.Clock.Advance(TimeSpan.FromHours(20));
        await DeliverAsync(1);
        await HourTable.FoldAsync(F.Database, F.Clock.GetUtcNow());
        Assert.Equal("0 2 0 0 0 0 2, 20 1 0 0 0 0 1", F.Query<string>(Rows));
        F.Clock.Advance(TimeSpan.FromHours(10));
        await HourTable.FoldAsync(F.Database, F.Clock.GetUtcNow());
        F.Clock.Advance(TimeSpan.FromHours(40));
        await HourTable.FoldAsync(F.Database, F.Clock.GetUtcNow());
        await F.Database.WriteAsync(c => c.Prepared("DELETE FROM delivery").ExecuteNonQuery());
        Assert.Equal(1, F.Query<int>("SELECT count(*) FROM subscription_hour WHERE hour = 0"));
        Assert.Equal(1, F.Query<int>("SELECT count(*) FROM subscription_hour"));
        Assert.Equal(3, F.History.ReadSubscriptions(1, 1)[0].Count(DeliveryState.Delivered));
    }

    private string Failures() => F.Query<string>("""
        SELECT coalesce(string_agg(concat_ws(' ', state, failure, n), ', '), '')
        FROM (SELECT state, failure, count(*) AS n FROM delivery WHERE failure IS NOT NULL GROUP BY state, failure) AS failures
        """);
}
