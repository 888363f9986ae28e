using System.Globalization;
using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Standard;

/// <summary>Makes of a change what the standard dialect, and others with its vocabulary, write.</summary>
internal static class StandardPayload
{
    /// <summary>The bytes of a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="baseUri">The host's address, for the link to the record.</param>
    public static ReadOnlyMemory<byte> Write(Change change, Uri baseUri) => Write(change, Data(change, baseUri));

    /// <summary>The bytes of a change in the thin form.</summary>
    /// <param name="change">The change.</param>
    /// <param name="baseUri">The host's address, for the link to the record.</param>
    public static ReadOnlyMemory<byte> WriteThin(Change change, Uri baseUri) => Write(change, ThinData(change, baseUri));

    /// <summary>The bytes of a notice.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="baseUri">The host's address, for the link to the page where the subscription is seen.</param>
    public static ReadOnlyMemory<byte> Write(DisabledNotice notice, Uri baseUri) => MessageJson.Write(
        new StandardNotice { Type = DisabledNotice.Type, Timestamp = Instant(notice.At), Data = Data(notice, baseUri) },
        StandardJson.Default.StandardNotice);

    /// <summary>What happened, to what, by whom.</summary>
    public static StandardData Data(Change change, Uri baseUri)
    {
        var record = change.Record;
        return new StandardData
        {
            ChangeId = change.Id,
            Sequence = change.Sequence,
            Id = record?.Id,
            Pid = record?.Pid,
            Type = record?.Type,
            Title = record?.Title,
            Language = record?.Language,
            Version = record?.Version,
            Collection = record?.Collection,
            CollectionId = record?.CollectionId,
            ParentId = record?.ParentId,
            WorkflowState = record?.WorkflowState,
            Private = record?.Private,
            Draft = record?.Draft,
            Link = record is null ? null : Link(record, baseUri),
            Fields = record is null ? null : Fields(record),
            ChangedFields = ChangedFields(change.ChangedFields),
            File = File(change.File),
            PreviousFile = File(change.PreviousFile),
            PreviousCollection = Collection(change.PreviousCollection),
            PreviousStatus = Status(change.PreviousStatus),
            Workflow = Workflow(change.Workflow),
            Feed = change.FeedEntry is { } feed
                ? new StandardFeed { Id = feed.FeedId, Title = feed.FeedTitle, Description = feed.FeedDescription, Public = feed.FeedIsPublic }
                : null,
            Entry = Entry(change.FeedEntry),
            User = User(change.User, IsOfUser(change.Kind)),
            Registration = change.Registration is { } registration ? new StandardRegistration(registration.Id, Collection(registration.Collection)) : null,
            Order = change.Order is { } order ? new StandardOrder(order.Id, order.State, order.RecordIds, User(order.User, isWhole: false)) : null,
            Actor = Actor(change.Actor),
            Via = Via(change.Via),
        };
    }

    /// <summary>The same without what may be long and can be fetched.</summary>
    public static StandardData ThinData(Change change, Uri baseUri)
    {
        var record = change.Record;
        return new StandardData
        {
            ChangeId = change.Id,
            Sequence = change.Sequence,
            Thin = true,
            Id = record?.Id,
            Pid = record?.Pid,
            Type = record?.Type,
            Version = record?.Version,
            Link = record is null ? null : Link(record, baseUri),
            File = change.File is { } file ? new StandardFile { Pid = file.Pid } : null,
            PreviousCollection = Collection(change.PreviousCollection),
            PreviousStatus = Status(change.PreviousStatus),
            Workflow = Workflow(change.Workflow),
            Feed = change.FeedEntry is { } feed ? new StandardFeed { Id = feed.FeedId } : null,
            Entry = change.FeedEntry is { } entry ? new StandardEntry { Id = entry.EntryId, RecordIds = Listed(entry.RecordIds) } : null,
            User = change.User is { } user ? new StandardUser { Id = user.Id } : null,
            Registration = change.Registration is { } registration ? new StandardRegistration(registration.Id, null) : null,
            Order = change.Order is { } order ? new StandardOrder(order.Id, order.State, order.RecordIds, null) : null,
            Actor = Actor(change.Actor),
            Via = Via(change.Via),
        };
    }

    /// <summary>What a notice says.</summary>
    public static StandardNoticeData Data(DisabledNotice notice, Uri baseUri) => new()
    {
        Subscription = new StandardSubscription(notice.SubscriptionId, notice.Key, notice.Label),
        Reason = notice.Reason,
        FailingSince = notice.FailingSince is { } since ? Instant(since) : null,
        Link = $"{baseUri.AbsoluteUri.TrimEnd('/')}/plugins/ApiWebhooks/",
    };

    /// <summary>An instant as it is written: UTC, with milliseconds.</summary>
    public static string Instant(DateTimeOffset at)
    {
        // The format O is 2026-03-01T12:00:00.2500000Z, and many times as quick as one of one's own.
        Span<char> text = stackalloc char[28];
        at.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        text[23] = 'Z';
        return new string(text[..24]);
    }

    private static ReadOnlyMemory<byte> Write(Change change, StandardData data) => MessageJson.Write(
        new StandardMessage { Type = StandardEvents.Of(change.Kind), Timestamp = Instant(change.OccurredAt), Data = data },
        StandardJson.Default.StandardMessage);

    private static string Link(RecordSnapshot record, Uri baseUri) =>
        string.Create(CultureInfo.InvariantCulture, $"{baseUri.AbsoluteUri.TrimEnd('/')}/records/{record.Id}");

    private static Dictionary<string, IReadOnlyList<string>> Fields(RecordSnapshot record)
    {
        var fields = new Dictionary<string, IReadOnlyList<string>>(record.Fields.Count, StringComparer.Ordinal);
        foreach (var field in record.Fields)
            fields[field.Name] = field.Values;
        return fields;
    }

    private static StandardChangedField[]? ChangedFields(IReadOnlyList<ChangedField> fields)
    {
        if (fields.Count == 0)
            return null;
        var changed = new StandardChangedField[fields.Count];
        for (var i = 0; i < changed.Length; i++)
            changed[i] = new StandardChangedField(fields[i].Name, fields[i].Before, fields[i].After);
        return changed;
    }

    private static StandardFile? File(FileSnapshot? file) => file is null
        ? null
        : new StandardFile { Pid = file.Pid, Name = file.Name, MediaType = file.MediaType, Length = file.Length, Sha256 = file.Sha256 };

    private static StandardCollection? Collection(CollectionRef? collection) => collection is null ? null : new StandardCollection(collection.Id, collection.Name);

    private static StandardStatus? Status(RecordStatus? status) => status is null ? null : new StandardStatus(status.Private, status.Draft, status.WorkflowState);

    private static StandardWorkflow? Workflow(WorkflowStep? step) =>
        step is null ? null : new StandardWorkflow(step.Workflow, step.EventName, step.FromState, step.ToState);

    private static StandardEntry? Entry(FeedEntrySnapshot? entry) => entry is null
        ? null
        : new StandardEntry
        {
            Id = entry.EntryId,
            Title = entry.Title,
            Description = entry.Description,
            Author = entry.AuthorName,
            AuthorEmail = entry.AuthorEmail,
            NotifiedUsers = entry.NotifiedUsers,
            RecordIds = Listed(entry.RecordIds),
        };

    private static StandardUser? User(UserSnapshot? user, bool isWhole) => user is null
        ? null
        : new StandardUser
        {
            Id = user.Id,
            Name = user.Name,
            DisplayName = user.DisplayName,
            FirstName = isWhole ? user.FirstName : null,
            LastName = isWhole ? user.LastName : null,
            Email = isWhole ? user.Email : null,
        };

    private static bool IsOfUser(ChangeKind kind) => kind is ChangeKind.UserCreated or ChangeKind.UserChanged or ChangeKind.UserDeleted;

    private static IReadOnlyList<long>? Listed(IReadOnlyList<long> ids) => ids.Count == 0 ? null : ids;

    private static StandardActor Actor(Actor actor) => new() { User = actor.UserName, UserId = actor.UserId, ApiKey = actor.ApiKeyName };

    private static string Via(ChangeOrigin origin) => origin switch
    {
        ChangeOrigin.Page => "page",
        ChangeOrigin.Api => "api",
        ChangeOrigin.Button => "button",
        ChangeOrigin.System => "system",
        _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, null),
    };
}
