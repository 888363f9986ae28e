using System.Text;
using System.Text.Json;
using Dam.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Plugin.ApiWebhooks;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Dialects.Ckan;
using Plugin.ApiWebhooks.Dialects.Standard;

namespace Plugin.Tests.Dialects;

/// <summary>Any subscription may choose any dialect: each makes a message of every kind of change, or does not want it.</summary>
public sealed class DialectsOfAllChangesTests
{
    private static readonly Uri Site = new("http://dam.example");

    // One hook for each event of the catalogue: its keys are such as the dialect accepts.
    public static TheoryData<string, string> Hooks()
    {
        var data = new TheoryData<string, string>();
        foreach (var entry in Catalogue.TestCatalogue.Instance.All.DistinctBy(entry => (entry.Dialect, entry.Event.Hook)))
            data.Add(entry.Dialect, entry.Event.Hook);
        return data;
    }

    [Theory]
    [MemberData(nameof(Hooks))]
    public void Each_dialect_makes_a_message_of_a_change_or_does_not_want_it(string dialect, string hook)
    {
        var rules = PayloadTests.Read(dialect, hook, [])!;
        Assert.All(Enum.GetValues<ChangeKind>().Select(ExampleChanges.Of).Where(rules.Wants), change =>
        {
            var rendering = rules.Render(change, new TestHost());
            using var body = JsonDocument.Parse(rendering.Body);
            if (rules.RenderThin(change, new TestHost()) is { } thin)
                Assert.InRange(thin.Body.Length, 1, rendering.Body.Length + 20);
        });
    }

    // As changes were before there were ids, collections and files in them.
    [Theory]
    [MemberData(nameof(Hooks))]
    public void Each_dialect_bears_a_change_that_has_little_but_its_kind(string dialect, string hook)
    {
        var rules = PayloadTests.Read(dialect, hook, [])!;
        var bare = Enum.GetValues<ChangeKind>().Select(ExampleChanges.Of).Select(change => change with
        {
            Record = change.Record is null ? null : Detect.Changes.Record(1),
            ChangedFields = [],
            PreviousFile = null,
            PreviousCollection = null,
            PreviousStatus = null,
            Actor = new Actor("editor"),
        });
        Assert.All(bare.Where(rules.Wants), change => Assert.NotEqual(0, rules.Render(change, new TestHost()).Body.Length));
    }

    [Fact]
    public void All_dialects_of_the_plugin_are_tested()
    {
        var services = new ServiceCollection();
        new ApiWebhooksPlugin().ConfigureServices(services, new PluginContext { Id = "ApiWebhooks", Version = "0.1.0", Directory = "", DataDirectory = "" });
        Assert.All(
            services.Where(service => service.ServiceType == typeof(IDialect)).Select(service => service.ImplementationType!),
            type => Assert.Contains(type, PayloadTests.AllDialects.Select(dialect => dialect.GetType())));
    }

    [Fact]
    public void Nobodys_address_stands_in_messages_that_are_not_about_that_user()
    {
        foreach (var kind in Enum.GetValues<ChangeKind>())
        {
            var body = Encoding.UTF8.GetString(StandardPayload.Write(ExampleChanges.Of(kind), Site).Span);
            var isOfUser = kind is ChangeKind.UserCreated or ChangeKind.UserChanged or ChangeKind.UserDeleted;
            Assert.Equal(isOfUser, body.Contains("viewer@example.org", StringComparison.Ordinal));
            Assert.DoesNotContain("viewer@example.org", Encoding.UTF8.GetString(StandardPayload.WriteThin(ExampleChanges.Of(kind), Site).Span), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_thin_form_has_ids_and_what_cannot_be_fetched_later()
    {
        Assert.Equal(["change_id", "sequence", "thin", "id", "pid", "type", "version", "link", "previous_collection", "actor", "via"], ThinKeys(ChangeKind.RecordMoved));
        Assert.Equal(["change_id", "sequence", "thin", "id", "pid", "type", "version", "link", "file", "actor", "via"], ThinKeys(ChangeKind.FileReplaced));
        Assert.Equal(["change_id", "sequence", "thin", "feed", "entry", "actor", "via"], ThinKeys(ChangeKind.FeedEntryPublished));
        Assert.Equal(["change_id", "sequence", "thin", "user", "actor", "via"], ThinKeys(ChangeKind.UserChanged));
        Assert.Equal(["change_id", "sequence", "thin", "order", "actor", "via"], ThinKeys(ChangeKind.OrderDelivered));
        Assert.DoesNotContain("Lighthouse", Encoding.UTF8.GetString(StandardPayload.WriteThin(ExampleChanges.Of(ChangeKind.FeedEntryPublished), Site).Span), StringComparison.Ordinal);

        static IEnumerable<string> ThinKeys(ChangeKind kind)
        {
            using var body = JsonDocument.Parse(StandardPayload.WriteThin(ExampleChanges.Of(kind), Site));
            return [.. body.RootElement.GetProperty("data").EnumerateObject().Select(member => member.Name)];
        }
    }

    public static TheoryData<ChangeKind, string?> Topics => new()
    {
        { ChangeKind.RecordInserted, "dataset/create" },
        { ChangeKind.MetadataChanged, "dataset/update" },
        { ChangeKind.RecordPublished, "dataset/update" },
        { ChangeKind.RecordUnpublished, "dataset/update" },
        { ChangeKind.RecordMoved, "dataset/update" },
        { ChangeKind.WorkflowStateChanged, "dataset/update" },
        { ChangeKind.RecordDeleted, "dataset/delete" },
        { ChangeKind.FileAdded, "resource/create" },
        { ChangeKind.FileReplaced, "resource/update" },
        { ChangeKind.FileDeleted, "resource/delete" },
        { ChangeKind.RecordAppended, null },
        { ChangeKind.WorkflowEventRaised, null },
        { ChangeKind.FeedEntryPublished, null },
        { ChangeKind.UserChanged, null },
        { ChangeKind.OrderCreated, null },
    };

    [Theory]
    [MemberData(nameof(Topics))]
    public void Ckan_has_these_topics(ChangeKind kind, string? topic) => Assert.Equal(topic, CkanTopics.Of(ExampleChanges.Of(kind)));

    [Fact]
    public void Ckan_tells_a_save_that_edits_moves_and_publishes_once()
    {
        var before = new RecordStatus(Private: false, Draft: true, null);
        var edit = ExampleChanges.Of(ChangeKind.MetadataChanged);
        var move = ExampleChanges.Of(ChangeKind.RecordMoved) with { ChangedFields = edit.ChangedFields };
        var publish = ExampleChanges.Of(ChangeKind.RecordPublished);
        Assert.Equal([null, null, "dataset/update"], new[] { edit with { PreviousStatus = before }, move with { PreviousStatus = before }, publish }.Select(CkanTopics.Of));
        Assert.Equal(["dataset/update", null], new[] { edit, move }.Select(CkanTopics.Of));
        var hide = new RecordStatus(Private: true, Draft: false, null);
        Assert.Equal(["dataset/update", null], new[] { edit with { ChangedFields = [], PreviousStatus = hide }, move with { ChangedFields = [], PreviousStatus = hide } }.Select(CkanTopics.Of));
    }

    [Theory]
    [InlineData("""{"topic":"dataset/created"}""", "hook.topic")]
    [InlineData("""{"topic":["dataset/create"]}""", "hook.topic")]
    public void Ckan_refuses_unknown_topics(string keys, string place)
    {
        var faults = new List<PluginFault>();
        Assert.Null(PayloadTests.Read("ckan", keys, faults));
        Assert.Equal(place, Assert.Single(faults).Place);
    }
}
