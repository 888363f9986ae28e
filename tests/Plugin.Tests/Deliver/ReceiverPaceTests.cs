using Plugin.ApiWebhooks.Deliver;
using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Deliver;

public sealed class ReceiverPaceTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ReceiverPace _pace = new();

    [Fact]
    public void Success_raises_the_limit_up_to_the_settings()
    {
        Learn(AttemptOutcome.Succeeded, 100);
        Assert.Equal(16, _pace.Limit);
    }

    [Fact]
    public void Trouble_halves_the_limit_down_to_one()
    {
        Learn(AttemptOutcome.TimedOut, 1);
        Assert.Equal(4, _pace.Limit);
        Learn(AttemptOutcome.TimedOut, 5);
        Assert.Equal(1, _pace.Limit);
    }

    [Theory]
    [InlineData(nameof(AttemptOutcome.ClientError))]
    [InlineData(nameof(AttemptOutcome.Redirected))]
    [InlineData(nameof(AttemptOutcome.Gone))]
    [InlineData(nameof(AttemptOutcome.Interrupted))]
    public void What_is_not_the_receivers_load_changes_nothing(string outcome)
    {
        Learn(Enum.Parse<AttemptOutcome>(outcome), 50);
        Assert.Equal(ReceiverPace.FirstLimit, _pace.Limit);
        Assert.Null(_pace.RestsUntil);
    }

    [Fact]
    public void Trouble_that_lasts_brings_ever_longer_rests_and_one_probe_after_each()
    {
        Learn(AttemptOutcome.ServerError, ReceiverPace.FailuresBeforeRest - 1);
        Assert.Null(_pace.RestsUntil);
        Learn(AttemptOutcome.ServerError, 1);
        Assert.Equal(At.AddSeconds(5), _pace.RestsUntil);
        // Others that were under way bring no further rest.
        Learn(AttemptOutcome.ServerError, 3);
        Assert.Equal(At.AddSeconds(5), _pace.RestsUntil);
        var at = At;
        var rests = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            at = _pace.RestsUntil!.Value;
            Assert.Equal(1, _pace.Limit);
            Learn(AttemptOutcome.ServerError, 1, at);
            rests.Add((_pace.RestsUntil!.Value - at).TotalSeconds);
        }
        Assert.Equal([10, 20, 40, 80, 160, 300, 300, 300], rests);
        Learn(AttemptOutcome.Succeeded, 1, at);
        Assert.Null(_pace.RestsUntil);
    }

    [Fact]
    public void After_trouble_the_limit_rises_by_one_when_as_many_were_answered()
    {
        Learn(AttemptOutcome.ServerError, ReceiverPace.FailuresBeforeRest);
        var limits = new List<int>();
        for (var i = 0; i < 10; i++)
        {
            Learn(AttemptOutcome.Succeeded, 1);
            limits.Add(_pace.Limit);
        }
        Assert.Equal([2, 2, 3, 3, 3, 4, 4, 4, 4, 5], limits);
        Learn(AttemptOutcome.Succeeded, 200);
        Assert.Equal(16, _pace.Limit);
    }

    [Fact]
    public void Rests_are_stretched_at_random_so_that_many_do_not_end_together()
    {
        Learn(AttemptOutcome.ServerError, ReceiverPace.FailuresBeforeRest, random: 0.5);
        Assert.Equal(At.AddSeconds(5.5), _pace.RestsUntil);
    }

    [Fact]
    public void A_throttling_receiver_is_left_alone_as_long_as_it_asks_up_to_an_hour()
    {
        Learn(AttemptOutcome.Throttled, 1, retryAt: At.AddSeconds(30));
        Assert.Equal((1, At.AddSeconds(30)), (_pace.Limit, _pace.RestsUntil));
        var other = new ReceiverPace();
        other.Learn(Result(AttemptOutcome.Throttled, At, At.AddDays(2)), 16, 0);
        Assert.Equal(At.AddHours(1), other.RestsUntil);
        var silent = new ReceiverPace();
        silent.Learn(Result(AttemptOutcome.Throttled, At, null), 16, 0);
        Assert.Equal(At.AddSeconds(1), silent.RestsUntil);
    }

    [Fact]
    public void A_rest_made_by_a_clock_that_has_been_set_back_since_is_over()
    {
        _pace.Learn(Result(AttemptOutcome.Throttled, At, At.AddHours(5)), 16, 0.99);
        Assert.True(_pace.Rests(At));
        Assert.True(_pace.Rests(At.AddMinutes(71)));
        Assert.False(_pace.Rests(At.AddMinutes(72)));
        Assert.False(_pace.Rests(At.AddYears(-1)));
        // And another may begin.
        _pace.Learn(Result(AttemptOutcome.Throttled, At.AddYears(-1), At.AddYears(-1).AddMinutes(1)), 16, 0);
        Assert.True(_pace.Rests(At.AddYears(-1).AddSeconds(59)));
    }

    private void Learn(AttemptOutcome outcome, int times, DateTimeOffset? at = null, DateTimeOffset? retryAt = null, double random = 0)
    {
        for (var i = 0; i < times; i++)
            _pace.Learn(Result(outcome, at ?? At, retryAt), 16, random);
    }

    private static AttemptResult Result(AttemptOutcome outcome, DateTimeOffset at, DateTimeOffset? retryAt) =>
        new() { Outcome = outcome, StartedAt = at, Duration = TimeSpan.Zero, RetryAt = retryAt };
}
