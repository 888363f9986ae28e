using SampleHost.EditPage;
using SampleHost.Pages.Record;
using SampleHost.Records;

namespace Host.Tests.EditPage;

public sealed class MergeTests
{
    private static readonly ContentType Type = new ContentTypes().Find("document")!;

    [Theory]
    [InlineData("mine", "stored", "original", ChangedBy.Both, true)]
    [InlineData("mine", "original", "original", ChangedBy.Me, true)]
    [InlineData("original", "stored", "original", ChangedBy.Them, false)]
    [InlineData("mine", "stored", null, ChangedBy.Both, true)]
    [InlineData("", "stored", "stored", ChangedBy.Me, true)]
    public void It_tells_who_changed_a_field(string mine, string stored, string? original, ChangedBy expected, bool takesMine)
    {
        var field = Assert.Single(Merge.Compare(Type, Values(mine), Values(stored), original is null ? null : Values(original), "en"));
        Assert.Equal((expected, takesMine), (field.ChangedBy, field.TakeMine));
    }

    [Fact]
    public void Equal_values_and_fields_without_a_box_are_no_conflict()
    {
        var stored = Values("same");
        stored["location"] = ["Bern"];
        Assert.Empty(Merge.Compare(Type, Values("same"), stored, Values("other"), "en"));
    }

    [Fact]
    public void Only_what_is_chosen_is_saved()
    {
        var mine = Values("mine");
        mine["location"] = ["Bern"];
        Assert.Equal(["location"], Merge.Choose(mine, name => name == "location").Keys);
    }

    private static FieldValues Values(string title)
    {
        var values = new FieldValues();
        values["title"] = title.Length == 0 ? [] : [title];
        return values;
    }
}
