using Plugin.ApiWebhooks.Track;

namespace Plugin.Tests.Track;

public sealed class RetentionReachTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(10);

    [Fact]
    public void Before_it_begins_all_that_is_old_enough_is_looked_at()
    {
        var reach = new RetentionReach();
        Assert.Equal(Now, reach.Advance(Now, Look));
        Assert.False(reach.IsKnown);
    }

    [Fact]
    public void Usually_it_is_what_is_kept_that_limits()
    {
        var reach = new RetentionReach();
        Assert.Equal(Now, reach.Begin(Now, Now - Look, Look));
        Assert.Equal(Now + Look, reach.Advance(Now + Look, Look));
    }

    [Fact]
    public void A_clock_that_jumps_ahead_by_years_takes_a_day_in_an_hour_and_one_that_is_set_right_again_goes_on_from_there()
    {
        var reach = new RetentionReach();
        reach.Begin(Now, Now, Look);
        var cleared = Now;
        for (var look = 1; look <= 6; look++)
            cleared = reach.Advance(Now.AddYears(10), Look);
        Assert.Equal(TimeSpan.FromHours(24), cleared - Now);
        Assert.Equal(Now + Look, reach.Advance(Now + Look, Look));
    }

    [Fact]
    public void After_a_long_pause_it_catches_up()
    {
        var reach = new RetentionReach();
        Assert.Equal(Now.AddDays(-400).AddHours(4), reach.Begin(Now, Now.AddDays(-400), Look));
        Assert.Equal(Now.AddDays(-400).AddHours(8), reach.Advance(Now, Look));
        Assert.Equal(Now, reach.Advance(Now, TimeSpan.FromDays(20)));
    }
}
