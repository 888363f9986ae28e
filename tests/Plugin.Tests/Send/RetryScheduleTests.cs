using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Send;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Ended = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan[] Schedule = [TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5)];

    [Theory]
    [InlineData(1, 0.0, 5)]
    [InlineData(1, 0.5, 5.5)]
    [InlineData(2, 0.0, 300)]
    [InlineData(2, 0.999, 359.94)]
    public void Waits_by_the_schedule_stretched_by_the_jitter(int attempts, double random, double seconds) =>
        Assert.Equal(seconds, (RetrySchedule.NextAttempt(Schedule, attempts, 20, random, Ended, null)!.Value - Ended).TotalSeconds, 3);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Ends_with_the_schedule(int attempts) => Assert.Null(RetrySchedule.NextAttempt(Schedule, attempts, 20, 0, Ended, Ended.AddDays(1)));

    [Fact]
    public void Is_never_early_and_never_beyond_the_jitter()
    {
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var wait = TimeSpan.FromTicks(random.NextInt64(TimeSpan.TicksPerDay));
            var ended = Ended.AddTicks(random.NextInt64(TimeSpan.TicksPerSecond));
            var next = RetrySchedule.NextAttempt([default, wait], 1, 20, random.NextDouble(), ended, null)!.Value;
            // Stored in milliseconds, and still not early.
            var stored = DateTimeOffset.FromUnixTimeMilliseconds(next.ToUnixTimeMilliseconds());
            Assert.InRange(stored - ended, wait, (wait * 1.2) + TimeSpan.FromMilliseconds(1)); // rounded up
        }
    }

    [Fact]
    public void Retry_after_counts_when_it_is_later_and_up_to_a_day()
    {
        Assert.Equal(Ended.AddSeconds(5), RetrySchedule.NextAttempt(Schedule, 1, 20, 0, Ended, Ended.AddSeconds(1)));
        Assert.Equal(Ended.AddSeconds(60), RetrySchedule.NextAttempt(Schedule, 1, 20, 0, Ended, Ended.AddSeconds(60)));
        Assert.Equal(Ended.AddSeconds(63), RetrySchedule.NextAttempt(Schedule, 1, 20, 0.5, Ended, Ended.AddSeconds(60)));
        Assert.Equal(Ended.AddHours(24), RetrySchedule.NextAttempt(Schedule, 1, 20, 0, Ended, Ended.AddDays(300)));
    }

    [Theory]
    [InlineData("http://user:pw@host:81/a/b?token=x&flag&q=y#f", "http://host:81/a/b?token=***&flag&q=***")]
    [InlineData("https://host/a", "https://host/a")]
    [InlineData("https://host/a?", "https://host/a")]
    [InlineData("nonsense", "(no address)")]
    public void Shown_address_hides_what_may_be_secret(string url, string shown) => Assert.Equal(shown, ShownUrl.Of(url));
}
