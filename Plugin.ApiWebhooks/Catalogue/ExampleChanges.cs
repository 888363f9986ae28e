using Dam.Hosting;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Catalogue;

/// <summary>One believable change of each kind, always the same: what the examples of the event catalogue tell of.</summary>
internal static class ExampleChanges
{
    private const string Rico = "https://www.ica.org/standards/RiC/ontology#";

    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);
    private static readonly DateTimeOffset Made = new(2026, 2, 14, 9, 30, 0, TimeSpan.Zero);

    private static readonly FileSnapshot File = new()
    {
        Pid = "dam:2001",
        Name = "lighthouse.jpg",
        MediaType = "image/jpeg",
        Length = 482_133,
        Sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    };

    private static readonly FileSnapshot FormerFile = File with
    {
        Name = "lighthouse-scan.jpg",
        Length = 120_954,
        Sha256 = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
    };

    private static readonly RecordSnapshot Record = new()
    {
        Id = 13,
        Pid = "dam:1013",
        Type = "image",
        Title = "Lighthouse at dusk",
        Language = "en",
        Owner = "editor",
        Collection = "Harbour",
        CollectionId = 5,
        Private = false,
        Draft = false,
        WorkflowState = "published",
        Version = 4,
        ParentId = 7,
        CreatedAt = Made,
        CreatedBy = "editor",
        ModifiedAt = At,
        ModifiedBy = "editor",
        Fields =
        [
            new FieldSnapshot { Name = "title", Values = ["Lighthouse at dusk"], Predicate = Rico + "title" },
            new FieldSnapshot { Name = "description", Values = ["The lighthouse on Gull Island, seen from the pier."], Predicate = Rico + "scopeAndContent" },
            new FieldSnapshot { Name = "keywords", Values = ["lighthouse", "coast"] },
        ],
        Files = [File],
    };

    private static readonly UserSnapshot Viewer = new()
    {
        Id = 4,
        Name = "viewer",
        DisplayName = "Vi Ewer",
        FirstName = "Vi",
        LastName = "Ewer",
        Email = "viewer@example.org",
    };

    private static readonly OrderSnapshot Order = new() { Id = 21, User = Viewer, RecordIds = [13, 14], State = "pending" };

    private static readonly ChangedField[] AllFields =
        [.. Record.Fields.Select(field => new ChangedField(field.Name, [], field.Values) { Predicate = field.Predicate, Category = field.Category })];

    /// <summary>The example of a kind, with every member that such a change can have.</summary>
    public static Change Of(ChangeKind kind)
    {
        var number = (int)kind + 1;
        var change = new Change
        {
            Sequence = 4200 + number,
            Id = new Guid($"0195512a-5cfa-7000-8000-{number:x12}"),
            Kind = kind,
            OccurredAt = At,
            Actor = new Actor("editor", "catalogue-import") { UserId = 3 },
            Via = ChangeOrigin.Api,
            Record = Record,
            TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        };
        return kind switch
        {
            ChangeKind.RecordInserted => change with { Record = Record with { Version = 1, Draft = true, WorkflowState = "draft" }, ChangedFields = AllFields },
            ChangeKind.MetadataChanged => change with
            {
                ChangedFields =
                [
                    new ChangedField("title", ["Lighthouse"], ["Lighthouse at dusk"]) { Predicate = Rico + "title" },
                    new ChangedField("keywords", ["lighthouse"], ["lighthouse", "coast"]),
                ],
            },
            ChangeKind.RecordAppended or ChangeKind.FileAdded or ChangeKind.FileDeleted => change with { File = File },
            ChangeKind.FileReplaced => change with { File = File, PreviousFile = FormerFile },
            ChangeKind.RecordPublished => change with { PreviousStatus = new RecordStatus(Private: false, Draft: true, "review") },
            ChangeKind.RecordUnpublished => change with
            {
                Record = Record with { Draft = true, WorkflowState = "draft" },
                PreviousStatus = new RecordStatus(Private: false, Draft: false, "published"),
            },
            ChangeKind.RecordMoved => change with { PreviousCollection = new CollectionRef(2, "Incoming") },
            ChangeKind.UserCreated or ChangeKind.UserChanged or ChangeKind.UserDeleted => change with { Record = null, User = Viewer },
            ChangeKind.RegistrationGranted or ChangeKind.RegistrationRejected => change with
            {
                Record = null,
                User = Viewer,
                Registration = new RegistrationSnapshot { Id = 8, Collection = new CollectionRef(5, "Harbour") },
            },
            ChangeKind.OrderCreated => change with { Record = null, Order = Order },
            ChangeKind.OrderDelivered => change with { Record = null, Order = Order with { State = "delivered" } },
            ChangeKind.OrderDenied => change with { Record = null, Order = Order with { State = "denied" } },
            ChangeKind.WorkflowEventRaised or ChangeKind.WorkflowStateChanged => change with
            {
                PreviousStatus = new RecordStatus(Private: false, Draft: true, "review"),
                Workflow = new WorkflowStep("publication", "approve", "review", "published"),
            },
            ChangeKind.FeedEntryPublished => change with
            {
                Record = null,
                FeedEntry = new FeedEntrySnapshot
                {
                    FeedId = 3,
                    FeedTitle = "New in the collection",
                    FeedDescription = "What was catalogued lately.",
                    FeedIsPublic = true,
                    EntryId = 12,
                    Title = "Lighthouses",
                    Description = "Five pictures of the lighthouse on Gull Island.",
                    AuthorName = "Ed Itor",
                    AuthorEmail = "editor@example.org",
                    NotifiedUsers = ["viewer"],
                    Recipients = [Viewer],
                    RecordIds = [13],
                },
            },
            _ => change,
        };
    }

    /// <summary>The example of the plugin's own notice.</summary>
    public static DisabledNotice Notice { get; } = new()
    {
        Id = new Guid("0195512a-5cfa-7000-8000-0000000000ff"),
        At = At,
        SubscriptionId = 2,
        Key = "archive-feeder",
        Label = "Archive feeder",
        Reason = "Every attempt failed for 5 days; the last answer was 503 Service Unavailable.",
        FailingSince = At - TimeSpan.FromDays(5),
    };
}
