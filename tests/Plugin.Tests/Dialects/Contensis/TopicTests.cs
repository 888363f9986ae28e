using Dam.Hosting;
using Plugin.ApiWebhooks.Dialects.Contensis;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Dialects.Contensis;

public sealed class TopicTests
{
    /// <summary>An entry of the type news in fr-FR, owned by t.durden.</summary>
    private static Change Entry(ChangeKind kind = ChangeKind.MetadataChanged) => Changes.Inserted(13) with
    {
        Kind = kind,
        Record = Changes.Record(13) with { Type = "news", Language = "fr-FR", Owner = "t.durden" },
    };

    private static Change Workflow(ChangeKind kind) => Entry(kind) with { Workflow = new WorkflowStep("basic", "submit", "draft", "submitted") };

    private static Change File(string mediaType, ChangeKind kind = ChangeKind.FileAdded) => Entry(kind) with
    {
        File = new FileSnapshot { Pid = "dam:f1", Name = "a.bin", MediaType = mediaType, Length = 1, Sha256 = new string('a', 64) },
    };

    private static bool Wants(string topics, Change change)
    {
        var faults = new List<PluginFault>();
        var rules = PayloadTests.Read("contensis", $$"""{"topics":{{topics}}}""", faults);
        Assert.Empty(faults);
        return rules!.Wants(change);
    }

    [Theory]
    // The resource type alone is every event of it.
    [InlineData("""[{"resourceType":"entry"}]""", true)]
    [InlineData("""[{"resourceType":"ENTRY"}]""", true)]
    [InlineData("""[{"resourceType":"asset"}]""", false)]
    [InlineData("""[{"resourceType":"contentType"}]""", false)]
    // Nothing, null and empty narrow nothing.
    [InlineData("""[{"resourceType":"entry","event":[],"language":null,"owner":"","contentTypeId":[]}]""", true)]
    // A text or texts; of the values one.
    [InlineData("""[{"resourceType":"entry","event":"updated"}]""", true)]
    [InlineData("""[{"resourceType":"entry","event":["created","updated"]}]""", true)]
    [InlineData("""[{"resourceType":"entry","event":["created"]}]""", false)]
    [InlineData("""[{"resourceType":"entry","contentTypeId":["blog","news"]}]""", true)]
    [InlineData("""[{"resourceType":"entry","contentTypeId":"blog"}]""", false)]
    [InlineData("""[{"resourceType":"entry","language":["fr-fr"]}]""", true)]
    [InlineData("""[{"resourceType":"entry","language":["fr"]}]""", false)]
    [InlineData("""[{"resourceType":"entry","owner":"t.durden"}]""", true)]
    [InlineData("""[{"resourceType":"entry","owner":["m.singer","t.durden"]}]""", true)]
    [InlineData("""[{"resourceType":"entry","owner":"m.singer"}]""", false)]
    [InlineData("""[{"resourceType":"entry","dataFormat":"entry"}]""", true)]
    [InlineData("""[{"resourceType":"entry","dataFormat":"asset"}]""", false)]
    [InlineData("""[{"resourceType":"entry","id":"dam:13"}]""", true)]
    [InlineData("""[{"resourceType":"entry","id":"3a7ce8e3-9c9f-4242-be20-35edb29c4a07"}]""", false)]
    // Of the fields all.
    [InlineData("""[{"resourceType":"entry","event":"updated","contentTypeId":"news","language":"fr-FR","owner":"t.durden"}]""", true)]
    [InlineData("""[{"resourceType":"entry","event":"updated","contentTypeId":"news","language":"de"}]""", false)]
    // Of the topics one.
    [InlineData("""[{"resourceType":"user"},{"resourceType":"entry","event":"updated"}]""", true)]
    [InlineData("""[{"resourceType":"entry","event":"updated"},{"resourceType":"entry"}]""", true)]
    [InlineData("""[{"resourceType":"user"},{"resourceType":"entry","event":"deleted"}]""", false)]
    // A filter on what the change lacks never holds.
    [InlineData("""[{"resourceType":"entry","workflowState":["basic.submitted"]}]""", false)]
    [InlineData("""[{"resourceType":"entry","event":["updated","workflowEventRaised"],"workflowEvent":["basic.draft.submit"]}]""", false)]
    public void Update_of_an_entry(string topics, bool wanted) => Assert.Equal(wanted, Wants(topics, Entry()));

    [Theory]
    [InlineData(ChangeKind.WorkflowEventRaised, """{"workflowEvent":["basic.draft.submit"]}""", true)]
    [InlineData(ChangeKind.WorkflowEventRaised, """{"workflowEvent":["other.draft.submit","BASIC.Draft.Submit"]}""", true)]
    [InlineData(ChangeKind.WorkflowEventRaised, """{"workflowEvent":["basic.submitted.submit"]}""", false)]
    [InlineData(ChangeKind.WorkflowEventRaised, """{"workflowEvent":["basic.draft.submitAndApprove"]}""", false)]
    [InlineData(ChangeKind.WorkflowEventRaised, """{"workflowEvent":["basic.draft"]}""", false)]
    [InlineData(ChangeKind.WorkflowEventRaised, """{"workflowEvent":["basic"]}""", false)]
    [InlineData(ChangeKind.WorkflowEventRaised, """{"workflowEvent":["basic.draft.submit."]}""", false)]
    [InlineData(ChangeKind.WorkflowEventRaised, """{"workflowState":["basic.submitted"]}""", false)]
    [InlineData(ChangeKind.WorkflowEventRaised, """{"event":"workflowEventRaised"}""", true)]
    [InlineData(ChangeKind.WorkflowEventRaised, """{"event":"workflowStateChanged"}""", false)]
    [InlineData(ChangeKind.WorkflowStateChanged, """{"workflowState":["Basic.Submitted"]}""", true)]
    [InlineData(ChangeKind.WorkflowStateChanged, """{"workflowState":["basic.draft"]}""", false)]
    [InlineData(ChangeKind.WorkflowStateChanged, """{"workflowState":["basic.submittedd"]}""", false)]
    [InlineData(ChangeKind.WorkflowStateChanged, """{"workflowEvent":["basic.draft.submit"]}""", false)]
    public void Step_of_a_workflow(ChangeKind kind, string filter, bool wanted) =>
        Assert.Equal(wanted, Wants($$"""[{"resourceType":"entry",{{filter[1..]}}]""", Workflow(kind)));

    [Theory]
    [InlineData("versionComplete", "archived", "archived", "archived")]
    [InlineData("archived", "draft", "unarchived", "unarchived")]
    [InlineData("versionComplete", "archived", "unarchived", null)]
    [InlineData("draft", "awaitingApproval", "archived", null)]
    // Both words asked for: one delivery, named by the change itself.
    [InlineData("versionComplete", "archived", "workflowStateChanged\",\"archived", "workflowStateChanged")]
    public void A_step_into_the_archive_is_an_event_of_the_entry_too(string from, string to, string events, string? name)
    {
        var change = Entry(ChangeKind.WorkflowStateChanged) with { Workflow = new WorkflowStep("contensisEntryApproval", "x", from, to) };
        var rules = PayloadTests.Read("contensis", $$"""{"topics":[{"resourceType":"entry","event":["{{events}}"]}]}""", [])!;
        Assert.Equal(name is not null, rules.Wants(change));
        if (name is not null)
            Assert.Contains($"\"eventName\":\"{name}\"", System.Text.Encoding.UTF8.GetString(rules.Render(change, new TestHost()).Body.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image/png", """{"contentTypeId":"image"}""", true)]
    [InlineData("application/pdf", """{"contentTypeId":["image","pdf"]}""", true)]
    [InlineData("application/pdf", """{"contentTypeId":"image"}""", false)]
    [InlineData("text/plain", """{"contentTypeId":"document"}""", true)]
    [InlineData("image/png", """{"contentTypeId":"news"}""", false)]
    [InlineData("image/png", """{"id":"dam:f1"}""", true)]
    [InlineData("image/png", """{"event":"created","owner":"t.durden","language":"fr-fr","dataFormat":"asset"}""", true)]
    public void File_is_an_asset(string mediaType, string filter, bool wanted) =>
        Assert.Equal(wanted, Wants($$"""[{"resourceType":"asset",{{filter[1..]}}]""", File(mediaType)));

    [Fact]
    public void A_topic_may_name_one_resource_by_its_uuid()
    {
        var id = ContensisIds.OfRecord(Entry().Record!);
        Assert.Equal(8, id.Version);
        Assert.True(Wants($$"""[{"resourceType":"entry","id":"{{id}}"}]""", Entry()));
        Assert.True(Wants($$"""[{"resourceType":"entry","id":["{{id.ToString().ToUpperInvariant()}}"]}]""", Entry()));
        Assert.False(Wants($$"""[{"resourceType":"entry","id":"{{id}}"}]""", Changes.Inserted(14)));
    }

    [Fact]
    public void Changes_that_contensis_has_no_word_for_are_not_wanted()
    {
        var all = string.Join(',', ContensisEvents.ResourceTypes.Select(type => $$"""{"resourceType":"{{type}}"}"""));
        Assert.False(Wants($"[{all}]", Entry(ChangeKind.FeedEntryPublished)));
    }

    [Fact]
    public void Every_documented_topic_can_be_saved()
    {
        var all = ContensisEvents.ResourceTypes.SelectMany(type => ContensisEvents.Of(type)!, (type, name) => $$"""{"resourceType":"{{type}}","event":["{{name}}"]}""");
        Assert.False(Wants($"[{string.Join(',', all)}]", Entry(ChangeKind.FeedEntryPublished)));
    }

    [Theory]
    [InlineData("""{}""", "hook.topics", "Add at least one topic")]
    [InlineData("""{"topics":[]}""", "hook.topics", "Add at least one topic")]
    [InlineData("""{"topics":[{"event":"created"}]}""", "hook.topics[0].resourceType", "Add \"resourceType\"")]
    [InlineData("""{"topics":[{"resourceType":"entrys"}]}""", "hook.topics[0].resourceType", "Did you mean \"entry\"?")]
    [InlineData("""{"topics":[{"resourceType":"entry","event":["create"]}]}""", "hook.topics[0].event[0]", "Did you mean \"created\"?")]
    [InlineData("""{"topics":[{"resourceType":"project","event":"deleted"}]}""", "hook.topics[0].event", "Write one of: updated.")]
    [InlineData("""{"topics":[{"resourceType":"entry","events":["created"]}]}""", "hook.topics[0].events", "Did you mean \"event\"?")]
    [InlineData("""{"topics":[{"resourceType":"entry","language":{"in":"fr"}}]}""", "hook.topics[0].language.in", "Write a text")]
    [InlineData("""{"topics":[{"resourceType":"entry","language":[["fr"]]}]}""", "hook.topics[0].language[0]", "Write a text")]
    public void Faults_name_place_and_remedy(string keys, string place, string remedy)
    {
        var faults = new List<PluginFault>();
        Assert.Null(PayloadTests.Read("contensis", keys, faults));
        var fault = Assert.Single(faults);
        Assert.Equal(place, fault.Place);
        Assert.StartsWith(remedy, fault.Remedy, StringComparison.Ordinal);
    }
}
