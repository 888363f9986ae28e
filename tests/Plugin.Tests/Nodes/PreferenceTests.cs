using Plugin.ApiWebhooks.Nodes;

namespace Plugin.Tests.Nodes;

public sealed class PreferenceTests
{
    private static readonly long[] Three = [11, 12, 15];
    private static readonly long[] Two = [11, 15];

    [Fact]
    public void Subscriptions_are_spread_evenly()
    {
        var counts = Enumerable.Range(1, 3000).CountBy(id => Preference.Of(id, Three)).ToDictionary();
        Assert.All(Three, node => Assert.InRange(counts[node], 900, 1100));
    }

    [Fact]
    public void When_a_node_goes_only_what_it_had_moves()
    {
        for (var id = 1; id <= 1000; id++)
        {
            var before = Preference.Of(id, Three);
            if (before != 12)
                Assert.Equal(before, Preference.Of(id, Two));
        }
    }
}
