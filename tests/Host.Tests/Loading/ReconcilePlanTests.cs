using SampleHost.Loading;

namespace Host.Tests.Loading;

public sealed class ReconcilePlanTests
{
    [Fact]
    public void What_is_new_or_changed_is_loaded_what_is_gone_removed_and_the_rest_left_alone()
    {
        PluginSlot[] slots =
        [
            new("Changed", "1", PluginState.Running), new("Failed", "1", PluginState.Failed), new("Gone", "1", PluginState.Running),
            new("Same", "1", PluginState.Running),
        ];
        PluginFolder[] found = [new("Changed", "/p/Changed", "2"), new("Failed", "/p/Failed", "1"), new("New", "/p/New", "1"), new("Same", "/p/Same", "1")];

        var plan = ReconcilePlan.Decide(slots, found);

        Assert.Equal(["Gone"], plan.Remove);
        Assert.Equal(["Changed", "New"], plan.Load.Select(folder => folder.Id));
        Assert.False(plan.IsEmpty);
        Assert.True(ReconcilePlan.Decide([slots[3]], [found[3]]).IsEmpty);
    }

    [Fact]
    public void What_is_still_being_copied_or_removed_waits_for_the_next_look()
    {
        var first = new ReconcilePlan(["Back again", "Gone"], [new("Copying", "/p/Copying", "1"), new("Copied", "/p/Copied", "1")]);
        var later = new ReconcilePlan(["Gone"], [new("Copying", "/p/Copying", "2"), new("Copied", "/p/Copied", "1")]);

        var settled = first.StillIn(later);

        Assert.Equal(["Gone"], settled.Remove);
        Assert.Equal(["Copied"], settled.Load.Select(folder => folder.Id));
    }
}
