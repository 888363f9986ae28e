using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Replay;
using Plugin.ApiWebhooks.Track;
using Plugin.Tests.Replay;

namespace Plugin.Tests.Deliver;

/// <summary>What becomes of what a hook missed while it was not served.</summary>
public sealed class ResumeTests : ReplayFixture
{
    [Fact]
    public async Task What_is_held_is_told_with_the_times_of_its_changes()
    {
        await PauseWithHeldAsync(3);
        Assert.Equal(
            new HeldSummary(3, At("2026-03-01T12:01:00Z"), At("2026-03-01T12:03:00Z"), IsKept: false), new DeliveryHistory(F.Database).FindHeld(1));
        var stored = F.WhenStored(3);
        await F.Pipeline.Subscriptions!.ResumeAsync(1, default);
        await stored;
        Assert.Null(new DeliveryHistory(F.Database).FindHeld(1));
        Assert.Equal([1, 2, 3], Arrived().Keys.Order());
    }

    [Fact]
    public async Task Cancelled_it_is_not_sent_and_can_be_replayed()
    {
        await PauseWithHeldAsync(3);
        await F.Pipeline.Subscriptions!.ResumeAsync(1, default, HeldChoice.Cancel);
        await DeliverAsync(1);
        Assert.Equal([4], Arrived().Keys);
        Assert.Equal("cancelled 3, delivered 1", States());
        Assert.Equal(3, (await RunAsync(ReplayWhich.Failed, 3)).Job.Counts.Owed);
        Assert.Equal("delivered 4", States());
    }

    [Fact]
    public async Task Kept_it_stays_held_across_a_restart_and_an_edit_until_it_is_asked_for()
    {
        await PauseWithHeldAsync(3);
        await F.Pipeline.Subscriptions!.ResumeAsync(1, default, HeldChoice.Keep);
        await DeliverAsync(1);
        await F.ChangeHooksAsync(Hook() with { Timeout = TimeSpan.FromSeconds(3) });
        Assert.Equal("delivered 1, held 3", States());
        await F.StopAsync();
        await F.StartAsync(Hook());
        await DeliverAsync(1);
        Assert.Equal([4, 5], Arrived().Keys.Order());
        Assert.True(new DeliveryHistory(F.Database).FindHeld(1)!.IsKept);

        // Paused again, what is held then is not kept.
        await F.Pipeline.Subscriptions!.PauseAsync(1, "test", default);
        await HoldAsync(1);
        var stored = F.WhenStored(4);
        await F.Pipeline.Subscriptions.ResumeAsync(1, default, HeldChoice.Deliver);
        await stored;
        Assert.Equal("delivered 6", States());
    }

    [Fact]
    public async Task One_that_is_not_in_the_file_is_left_alone()
    {
        await PauseWithHeldAsync(1);
        await F.ChangeHooksAsync();
        Assert.False(await F.Pipeline.Subscriptions!.ResumeAsync(1, default, HeldChoice.Cancel));
        Assert.Equal("held 1", States());
    }

    private async Task PauseWithHeldAsync(int count)
    {
        await F.StartAsync(Hook(), Hook(key: "other"));
        await F.Pipeline.Subscriptions!.PauseAsync(1, "test", default);
        await HoldAsync(count);
    }

    // Another hook gets the same changes in the same transaction: when it has them, they are held for the first.
    private async Task HoldAsync(int count)
    {
        if (F.Pipeline.Subscriptions!.Current.Count == 1)
            await F.ChangeHooksAsync(Hook(), Hook(key: "other" + count));
        var stored = F.WhenStored(count);
        for (var i = 1; i <= count; i++)
        {
            var minute = i;
            F.Log.Append(change => change with { OccurredAt = At("2026-03-01T12:00:00Z").AddMinutes(minute) });
        }
        await stored;
        await F.ChangeHooksAsync(Hook());
        await F.Database.WriteAsync(c => c.Prepared("DELETE FROM delivery WHERE subscription_id > 1").ExecuteNonQuery());
    }
}
