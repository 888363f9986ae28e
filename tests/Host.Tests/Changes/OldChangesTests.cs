using System.Text.Json;
using Dam.Hosting;
using SampleHost.Changes;

namespace Host.Tests.Changes;

/// <summary>The stored form of a change: what older versions wrote is read, and what this one writes is read back whole.</summary>
public sealed class OldChangesTests
{
    // As the first version of the log wrote them.
    private const string OldRecordChange = """
        {"sequence":0,"id":"019a2f4c-7f10-7c3a-8a51-0f5b0e0a4c11","kind":"MetadataChanged","occurredAt":"2026-03-01T10:00:00+00:00",
         "actor":{"userName":"editor","apiKeyName":"demo-editor"},"via":"Api",
         "record":{"id":7,"pid":"dam:x","type":"document","title":"T","language":"en","owner":"editor","collection":"maps","private":false,"draft":true,
                   "workflowState":"draft","version":2,"createdAt":"2026-03-01T09:00:00+00:00","createdBy":"editor","modifiedAt":"2026-03-01T10:00:00+00:00",
                   "modifiedBy":"editor","fields":[{"name":"title","values":["T"]}],"files":[]},
         "changedFields":[{"name":"title","before":["S"],"after":["T"]}]}
        """;

    private const string OldFeedChange = """
        {"sequence":0,"id":"019a2f4c-7f10-7c3a-8a51-0f5b0e0a4c12","kind":"FeedEntryPublished","occurredAt":"2026-03-01T10:00:00+00:00",
         "actor":{"userName":"editor"},"via":"Page","changedFields":[],
         "feedEntry":{"feedId":1,"feedTitle":"News","feedDescription":"","feedIsPublic":true,"entryId":3,"title":"E","description":"","authorName":"The editor",
                      "notifiedUsers":["viewer"]}}
        """;

    [Fact]
    public void A_change_of_a_record_without_the_newer_members_is_read()
    {
        var change = Read(OldRecordChange);
        Assert.Equal(ChangeKind.MetadataChanged, change.Kind);
        Assert.Equal(("maps", null), (change.Record!.Collection, change.Record.CollectionId));
        Assert.Null(change.Actor.UserId);
        Assert.Null(change.PreviousCollection);
        Assert.Null(change.PreviousStatus);
        Assert.Null(change.User);
        Assert.Null(change.Registration);
        Assert.Null(change.Order);
    }

    [Fact]
    public void A_feed_entry_without_the_newer_members_is_read_with_empty_lists()
    {
        var entry = Read(OldFeedChange).FeedEntry!;
        Assert.Equal(["viewer"], entry.NotifiedUsers);
        Assert.Empty(entry.Recipients);
        Assert.Empty(entry.RecordIds);
    }

    [Fact]
    public void What_is_written_is_read_back_whole()
    {
        var user = new UserSnapshot { Id = 4, Name = "vera", DisplayName = "Vera", FirstName = "Vera", LastName = "Voss", Email = "vera@example.org" };
        var change = Read(OldFeedChange) with
        {
            Actor = new Actor("admin") { UserId = 2 },
            PreviousCollection = new CollectionRef(3, "maps"),
            PreviousStatus = new RecordStatus(true, false, "draft"),
            User = user,
            Registration = new RegistrationSnapshot { Id = 5, Collection = new CollectionRef(1, "letters") },
            Order = new OrderSnapshot { Id = 6, User = user, RecordIds = [9, 8], State = "pending" },
        };
        change = change with { FeedEntry = change.FeedEntry! with { Recipients = [user], RecordIds = [7] } };

        var text = JsonSerializer.Serialize(change, ChangeJson.Default.Change);
        var read = Read(text);
        Assert.Equal(text, JsonSerializer.Serialize(read, ChangeJson.Default.Change));
        Assert.Equal((change.Actor, change.PreviousCollection, change.PreviousStatus, change.User), (read.Actor, read.PreviousCollection, read.PreviousStatus, read.User));
        Assert.Equal(change.Registration, read.Registration);
        Assert.Equal([9L, 8L], read.Order!.RecordIds);
        Assert.Equal(user, Assert.Single(read.FeedEntry!.Recipients));
    }

    private static Change Read(string json) => JsonSerializer.Deserialize(json, ChangeJson.Default.Change)!;
}
