using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Dialects.Phraseanet;

namespace Plugin.Tests.Dialects;

/// <summary>What Phraseanet's own tests of its webhooks check, restated: which events an application hears, with which keys, and by which rights of its owner.</summary>
public sealed class PhraseanetRulesTests
{
    public static TheoryData<string> Raised() => [.. PhraseanetEvents.All.Where(each => each.Kind is not null).Select(each => each.Name)];

    [Theory]
    [MemberData(nameof(Raised))]
    public void Without_a_list_everything_is_heard_and_with_one_its_events_alone(string name)
    {
        var change = ChangeOf(name);
        Assert.True(Read("{}").Wants(change));
        Assert.True(Read("""{"listened_events":[]}""").Wants(change));
        Assert.True(Read($$"""{"listened_events":["{{name}}"]}""").Wants(change));
        var others = PhraseanetEvents.All.Select(each => each.Name).Where(each => each != name);
        Assert.False(Read($$"""{"listened_events":{{JsonSerializer.Serialize(others)}}}""").Wants(change));
    }

    [Fact]
    public void Kinds_that_are_no_event_of_Phraseanet_are_not_heard()
    {
        var heard = Enum.GetValues<ChangeKind>().Where(kind => Read("{}").Wants(ExampleChanges.Of(kind)));
        Assert.Equal(
            [ChangeKind.FileAdded, ChangeKind.WorkflowEventRaised, ChangeKind.UserChanged],
            Enum.GetValues<ChangeKind>().Except(heard));
        // Published again, or moved on in its workflow only: no bit of the status differs.
        Assert.False(Read("{}").Wants(ExampleChanges.Of(ChangeKind.RecordPublished) with { PreviousStatus = null }));
        Assert.False(Read("{}").Wants(ExampleChanges.Of(ChangeKind.WorkflowStateChanged) with { PreviousStatus = new RecordStatus(false, false, "review") }));
    }

    // The counts and the parts that Phraseanet's testDeliverAllEventWithoutBaseIdRestrictions expects.
    [Theory]
    [InlineData("record.", 7, "data")]
    [InlineData("user.created", 7, "user")]
    [InlineData("user.deleted", 7, "user")]
    [InlineData("user.registration.", 9, "user,granted,rejected")]
    [InlineData("new_feed_entry", 10, "users_were_notified,feed,entry,users")]
    [InlineData("order.", 8, "user,order")]
    public void Bodies_have_the_envelope_and_the_part_of_their_event(string prefix, int keys, string part)
    {
        foreach (var each in PhraseanetEvents.All.Where(each => each.Kind is not null && each.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            using var body = JsonDocument.Parse(Read("{}").Render(ChangeOf(each.Name), new TestHost()).Body);
            var names = body.RootElement.EnumerateObject().Select(member => member.Name).ToArray();
            Assert.Equal(keys, names.Length);
            Assert.Equal(["event", "webhookId", "version", "url", "instance_name", "event_time", .. part.Split(',')], names);
            Assert.Equal(each.Name, body.RootElement.GetProperty("event").GetString());
        }
    }

    [Theory]
    [InlineData("""{"listened_events":["record.created","record.edit"]}""", "hook.listened_events[1]", "Did you mean \"record.edited\"?")]
    [InlineData("""{"listened_events":["Expiring.Rights.Records"]}""", "hook.listened_events[0]", "Write one of: record.created")]
    [InlineData("""{"format":"old"}""", "hook.format", "Write one of: current, legacy.")]
    [InlineData("""{"format":"legacy","listened_events":["new_feed_entry","user.created"]}""", "hook.listened_events[1]", "Leave only new_feed_entry")]
    public void Faults_name_their_place_and_remedy(string keys, string place, string remedy)
    {
        var faults = new List<PluginFault>();
        Assert.Null(PayloadTests.Read("phraseanet", keys, faults));
        var fault = Assert.Single(faults);
        Assert.Equal(place, fault.Place);
        Assert.StartsWith(remedy, fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Renditions_are_accepted_in_the_list_and_never_raised()
    {
        var rules = Read("""{"listened_events":["record.subdef.created","record.subdef.creation_failed"]}""");
        Assert.DoesNotContain(Enum.GetValues<ChangeKind>(), kind => rules.Wants(ExampleChanges.Of(kind)));
    }

    [Fact]
    public void The_legacy_format_tells_of_feed_entries_alone() =>
        Assert.Equal([ChangeKind.FeedEntryPublished], Enum.GetValues<ChangeKind>().Where(kind => Read("""{"format":"legacy"}""").Wants(ExampleChanges.Of(kind))));

    [Fact]
    public void A_switched_off_application_is_owed_nothing_and_a_hook_of_the_file_what_it_misses()
    {
        var change = ChangeOf("record.edited");
        var section = HookSection.Parse("""{"enabled":false}""");
        Assert.True(new PhraseanetDialect().Read(section, [])!.Wants(change));
        Assert.False(new PhraseanetDialect().Read(section with { Owner = "ben" }, [])!.Wants(change));
    }

    [Fact]
    public void Bytes_are_shared_by_hooks_that_see_a_change_alike_only()
    {
        Assert.Equal(Read("{}").RenderingKey, Read("""{"listened_events":["record.edited"]}""").RenderingKey);
        Assert.NotEqual(Read("{}").RenderingKey, Read("""{"listened_events":["record.status_changed"]}""").RenderingKey);
        Assert.NotEqual(Read("{}").RenderingKey, Read("""{"format":"legacy"}""").RenderingKey);
    }

    // Each event with the least of rights that suffices, and with all others of the kind taken away. Phraseanet's testDeliverWithValidRight and testNoDeliverWithInvalidRight.
    [Theory]
    [InlineData("record.created", "see", "")]
    [InlineData("record.edited", "see,edit", "see")]
    [InlineData("record.edited", "see,edit", "edit")]
    [InlineData("record.deleted", "see,edit", "see,admin-role")]
    [InlineData("record.media_substituted", "see,edit", "see,editor-role")]
    [InlineData("record.collection_changed", "see,edit", "see")]
    [InlineData("record.status_changed", "see,edit", "see")]
    [InlineData("user.created", "admin-role", "see,edit,editor-role")]
    [InlineData("user.deleted", "admin-role", "see,edit,editor-role")]
    [InlineData("user.registration.granted", "admin-role", "see,edit,editor-role")]
    [InlineData("user.registration.rejected", "admin-role", "see,edit,editor-role")]
    [InlineData("new_feed_entry", "editor-role", "see,edit")]
    [InlineData("order.created", "admin-role", "see,edit,editor-role")]
    [InlineData("order.delivered", "admin-role", "see,edit,editor-role")]
    [InlineData("order.denied", "admin-role", "see,edit,editor-role")]
    public void An_event_needs_its_right(string name, string enough, string tooLittle)
    {
        Assert.True(MayReceive(name, enough));
        Assert.False(MayReceive(name, tooLittle));

        static bool MayReceive(string name, string rights)
        {
            var set = rights.Split(',');
            var roles = set.Where(right => right.EndsWith("-role", StringComparison.Ordinal)).Select(right => right.Split('-')[0]).ToArray();
            var reader = new RightsReader((_, _) => set.Contains("see"), (_, _) => set.Contains("edit"));
            return Read($$"""{"listened_events":["{{name}}"]}""").MayReceive(ChangeOf(name), TestHost.User("owner", roles), reader);
        }
    }

    [Fact]
    public void Who_was_not_to_know_of_a_record_before_does_not_learn_it_from_the_change()
    {
        var owner = TestHost.User("owner", "editor");
        var open = new RightsReader((_, record) => !record.Private && record.Collection != "Secret", (_, record) => !record.Private && record.Collection != "Secret");
        var record = ExampleChanges.Of(ChangeKind.MetadataChanged).Record!;
        var edited = ExampleChanges.Of(ChangeKind.MetadataChanged);
        var published = ExampleChanges.Of(ChangeKind.RecordPublished);
        var moved = ExampleChanges.Of(ChangeKind.RecordMoved);
        Assert.True(Read("{}").MayReceive(edited, owner, open));
        // Private now; opened by this save, with what it was before in the body; moved out of a collection that is closed to him, and into one.
        Assert.False(Read("{}").MayReceive(edited with { Record = record with { Private = true } }, owner, open));
        Assert.False(Read("{}").MayReceive(edited with { PreviousStatus = new RecordStatus(true, false, null) }, owner, open));
        Assert.False(Read("{}").MayReceive(published with { PreviousStatus = new RecordStatus(true, true, null) }, owner, open));
        Assert.True(Read("{}").MayReceive(moved, owner, open));
        Assert.False(Read("{}").MayReceive(moved with { PreviousCollection = new CollectionRef(9, "Secret") }, owner, open));
        Assert.False(Read("{}").MayReceive(moved with { Record = record with { Collection = "Secret", CollectionId = 9 } }, owner, open));
    }

    private static DialectRules Read(string keys)
    {
        var faults = new List<PluginFault>();
        var rules = PayloadTests.Read("phraseanet", keys, faults);
        Assert.Empty(faults);
        return rules!;
    }

    private static Change ChangeOf(string name) => ExampleChanges.Of(PhraseanetEvents.All.Single(each => each.Name == name).Kind!.Value);

    private sealed class RightsReader(Func<HostUser, RecordSnapshot, bool> canSee, Func<HostUser, RecordSnapshot, bool> canEdit) : IRecordReader
    {
        public Task<RecordSnapshot?> FindAsync(long id, CancellationToken cancellationToken) => Task.FromResult<RecordSnapshot?>(null);

        public bool CanSee(HostUser user, RecordSnapshot record) => canSee(user, record);

        public bool CanEdit(HostUser user, RecordSnapshot record) => canEdit(user, record);
    }
}
