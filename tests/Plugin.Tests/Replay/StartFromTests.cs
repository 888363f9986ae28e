using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Replay;

namespace Plugin.Tests.Replay;

public sealed class StartFromTests : ReplayFixture
{
    [Fact]
    public async Task A_hook_that_starts_at_the_beginning_gets_the_past_and_what_comes_each_once()
    {
        Append(1200);
        var stored = F.WhenStored(1300);
        await F.StartAsync(Hook("beginning"), Hook(key: "now"));
        Append(50);
        await stored;
        Assert.Equal(1250, Arrived().Count);
        Assert.All(Arrived().Values, times => Assert.Equal(1, times));
        Assert.Equal(50, Arrived("now").Count);
        var report = await WhenFinishedAsync(1);
        Assert.Equal((ReplayCause.Start, 1200L), (report.Job.Cause, report.Job.Counts.Owed));
    }

    [Fact]
    public async Task A_hook_that_starts_at_a_time_gets_what_was_made_then_or_later()
    {
        foreach (var minute in (int[])[0, 10, 20])
            F.Log.Append(change => change with { OccurredAt = At("2026-03-01T12:00:00Z").AddMinutes(minute) });
        var stored = F.WhenStored(2);
        await F.StartAsync(Hook("2026-03-01T13:10:00+01:00"));
        await stored;
        await WhenFinishedAsync(1);
        Assert.Equal([2, 3], Arrived().Keys.Order());
    }

    [Fact]
    public async Task It_is_decided_when_the_hook_is_first_seen()
    {
        Append(3);
        await F.StartAsync(Hook());
        await F.ChangeHooksAsync(Hook("beginning"));
        await DeliverAsync(1);
        Assert.Equal([4], Arrived().Keys);
        Assert.Null(Replays.Find(1));

        var stored = F.WhenStored(4);
        await F.ChangeHooksAsync(Hook("beginning"), Hook("beginning", "later"));
        await stored;
        Assert.Equal([1, 2, 3, 4], Arrived("later").Keys.Order());
    }

    [Fact]
    public async Task A_hook_that_is_not_enabled_gets_its_past_when_it_is()
    {
        Append(3);
        await F.StartAsync(Hook("beginning") with { Enabled = false });
        Assert.Equal(0, F.Query<int>("SELECT count(*) FROM delivery"));
        var stored = F.WhenStored(3);
        await F.ChangeHooksAsync(Hook("beginning"));
        await stored;
        Assert.Equal([1, 2, 3], Arrived().Keys.Order());
    }

    [Fact]
    public async Task At_the_very_first_start_nothing_falls_between_the_hook_and_the_reader()
    {
        // Seen, but killed before the reader began: the position is not stored yet.
        await F.StartAsync(Hook());
        await F.StopAsync();
        await using (var database = TestDatabase.Open(F.DatabasePath))
            await database.WriteAsync(c => c.Prepared("DELETE FROM reader").ExecuteNonQuery());
        var stored = F.WhenStored(1);
        Append(1);
        await F.StartAsync(Hook());
        await stored;
        Assert.Equal([1], Arrived().Keys);
    }
}
