using Plugin.Tests.Replay;

namespace Plugin.Tests.Detect;

public sealed class LostChangesTests : ReplayFixture
{
    [Fact]
    public async Task Changes_that_the_host_removed_before_they_were_read_are_told_and_the_rest_is_sent()
    {
        await F.StartAsync(Hook());
        await DeliverAsync(2);
        Assert.Empty(F.Pipeline.GetFaults());
        await F.StopAsync();
        Append(5);
        F.Log.Forget(5);
        var stored = F.WhenStored(2);
        await F.StartAsync(Hook());
        await stored;
        Assert.Equal([1, 2, 6, 7], Arrived().Keys.Order());
        var fault = Assert.Single(F.Pipeline.GetFaults());
        Assert.Equal("Change log", fault.Place);
        Assert.Contains("after 2 and up to 5", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_read_before_it_was_removed_is_no_loss()
    {
        await F.StartAsync(Hook());
        await DeliverAsync(4);
        F.Log.Forget(4);
        await DeliverAsync(1);
        await F.StopAsync();
        await F.StartAsync(Hook());
        await DeliverAsync(1);
        Assert.Empty(F.Pipeline.GetFaults());
    }
}
