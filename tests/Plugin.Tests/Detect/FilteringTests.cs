using System.Text;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Replay;
using Plugin.Tests.Deliver;
using Plugin.Tests.Replay;

namespace Plugin.Tests.Detect;

/// <summary>Filters and the thin form on the whole way of events, and when the past is replayed.</summary>
public sealed class FilteringTests : ReplayFixture
{
    private static readonly HookFilter ToOpen = new() { Fields = [new FieldFilter("rights", [], ["open"])] };

    [Fact]
    public async Task A_hook_is_sent_what_passes_its_filter_and_a_replay_makes_no_more_owed()
    {
        await F.StartAsync(Hook() with { Filter = ToOpen }, Hook(key: "all"));
        var stored = F.WhenStored(4);
        AppendRights("restricted", "open");
        AppendRights("open", "restricted");
        F.Log.Append();
        await stored;
        Assert.Equal([1], Arrived().Keys);
        Assert.Equal([1, 2, 3], Arrived("all").Keys.Order());
        Assert.Equal(new ReplayCounts(3, 1, 0, 0), (await RunAsync(ReplayWhich.All, 1)).Job.Counts);
        Assert.Equal(2, Arrived()[1]);
    }

    [Fact]
    public async Task Who_asked_for_the_thin_form_is_sent_it_and_others_the_whole_also_by_a_replay()
    {
        await F.StartAsync(Hook() with { IsThin = true }, Hook(key: "all"));
        var stored = F.WhenStored(2);
        F.Log.Append();
        await stored;
        Assert.True(IsThin("/hook"));
        Assert.False(IsThin("/all"));
        await F.Database.WriteAsync(c => c.Prepared("DELETE FROM delivery").ExecuteNonQuery());
        await RunAsync(ReplayWhich.All, 1);
        Assert.Equal(2, Receiver.All.Count(each => each.Path == "/hook"));
        Assert.True(IsThin("/hook"));
    }

    private bool IsThin(string path) => JsonNode.Parse(Receiver.All.Last(each => each.Path == path).Body)!["data"]!["thin"]?.GetValue<bool>() == true;

    private void AppendRights(string before, string after) =>
        F.Log.Append(change => change with { Kind = ChangeKind.MetadataChanged, ChangedFields = [new ChangedField("rights", [before], [after])] });
}
