using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Deliver;

namespace Plugin.Tests.Deliver;

public sealed class TokenBucketTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void After_a_quiet_time_the_burst_goes_at_once_and_then_one_at_each_interval()
    {
        var bucket = new TokenBucket(new RateLimit(4, 3), _clock);
        Assert.Equal(3, TakeAll(bucket));
        Assert.Equal(TimeSpan.FromMilliseconds(250), bucket.UntilNext);
        _clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Equal(0, TakeAll(bucket));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, TakeAll(bucket));
        // No more than the burst is kept, however long it is quiet.
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, TakeAll(bucket));
    }

    [Theory]
    [InlineData(0.001, 1_000_000)]
    [InlineData(0.5, 2000)]
    [InlineData(1, 1000)]
    [InlineData(3, 333.3334)]
    public void A_rate_may_be_a_fraction(double perSecond, double milliseconds)
    {
        var bucket = new TokenBucket(RateLimit.Of(perSecond, 1), _clock);
        bucket.Take();
        Assert.Equal(milliseconds, bucket.UntilNext.TotalMilliseconds);
    }

    [Theory]
    [InlineData(0.25, 1)]
    [InlineData(1, 1)]
    [InlineData(20, 20)]
    [InlineData(20.5, 21)]
    public void The_usual_burst_is_what_may_go_in_a_second(double perSecond, int burst) => Assert.Equal(burst, RateLimit.Of(perSecond, null).Burst);

    [Fact]
    public void A_clock_that_is_set_changes_nothing()
    {
        var bucket = new TokenBucket(new RateLimit(1, 1), _clock);
        bucket.Take();
        _clock.Jump(TimeSpan.FromDays(-1));
        Assert.Equal(TimeSpan.FromSeconds(1), bucket.UntilNext);
        _clock.Jump(TimeSpan.FromDays(2));
        Assert.Equal(TimeSpan.FromSeconds(1), bucket.UntilNext);
    }

    [Fact]
    public void In_no_stretch_of_time_more_go_than_rate_and_burst_allow()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var limit = new RateLimit(random.NextDouble() * 50, random.Next(1, 10));
            var (clock, taken) = (new FakeClock(), new List<TimeSpan>());
            var start = clock.GetTimestamp();
            var bucket = new TokenBucket(limit, clock);
            for (var i = 0; i < 500; i++)
            {
                clock.Advance(TimeSpan.FromMilliseconds(random.Next(0, 200)));
                for (var j = random.Next(5); j > 0 && bucket.UntilNext == TimeSpan.Zero; j--)
                {
                    bucket.Take();
                    taken.Add(clock.GetElapsedTime(start));
                }
            }
            for (var i = 0; i < taken.Count; i++)
            {
                for (var j = i; j < taken.Count; j++)
                    Assert.True(j - i + 1 <= limit.Burst + ((taken[j] - taken[i]).TotalSeconds * limit.PerSecond) + 1e-3, $"Seed {seed}: {j - i + 1} in {taken[j] - taken[i]}, {limit}.");
            }
        }
    }

    private static int TakeAll(TokenBucket bucket)
    {
        var count = 0;
        for (; bucket.UntilNext == TimeSpan.Zero; count++)
            bucket.Take();
        return count;
    }
}
