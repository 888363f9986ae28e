using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.Tests.Track;

public sealed class DelaysTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly HookBacklog Hook = new()
    {
        SubscriptionId = 1,
        Key = "index",
        State = SubscriptionState.Active,
        Counts = new Dictionary<DeliveryState, long> { [DeliveryState.Waiting] = 2, [DeliveryState.Pending] = 1 },
        OldestAt = Now - TimeSpan.FromSeconds(10),
    };

    private static readonly IReadOnlyDictionary<DeliveryState, long> Nothing = new Dictionary<DeliveryState, long>();

    [Fact]
    public void A_hook_that_is_sent_to_as_it_should_be_is_not_late() => Assert.Null(Reason(Hook));

    [Fact]
    public void A_hook_that_is_owed_something_for_a_minute_is_late() =>
        Assert.Equal("More is owed to it than its receiver takes, or single messages wait to be sent again.", Reason(Hook, age: Delays.LateAfter));

    [Fact]
    public void A_receiver_that_fails_is_told_with_its_time() => Assert.Equal(
        "Its receiver is in trouble: every attempt failed since 2026-03-01 11:00:00 UTC; what it is owed is sent again by the schedule.",
        Reason(Hook with { FailingSince = Now.AddHours(-1) }));

    [Fact]
    public void A_receiver_that_rests_is_told_with_the_end_of_its_rest() =>
        Assert.Equal("Its receiver is in trouble and is called again at 2026-03-01 12:00:30 UTC.", Reason(Hook, restsUntil: Now.AddSeconds(30)));

    [Fact]
    public void A_paused_hook_is_late_only_when_it_is_owed_something()
    {
        var paused = Hook with { State = SubscriptionState.Paused };
        Assert.Equal("Paused. What it is owed is held until it is resumed.", Reason(paused));
        Assert.Null(Reason(paused with { Counts = Nothing }));
    }

    [Fact]
    public void A_disabled_hook_is_told_also_when_it_is_owed_nothing_and_without_what_its_receiver_said()
    {
        var disabled = Hook with { State = SubscriptionState.Disabled, Counts = Nothing, FailingSince = Now.AddDays(-5), StateReason = "The receiver answered: secret" };
        Assert.Equal("Disabled: every attempt failed since 2026-02-24 12:00:00 UTC. What it is owed is held until it is resumed.", Reason(disabled));
    }

    [Fact]
    public void A_hook_taken_out_of_the_configuration_is_not_waited_for() => Assert.Null(Reason(Hook with { State = SubscriptionState.Removed }, age: TimeSpan.FromDays(1)));

    private static string? Reason(HookBacklog hook, TimeSpan age = default, DateTimeOffset? restsUntil = null) => Delays.ReasonOf(hook, age, restsUntil);
}
