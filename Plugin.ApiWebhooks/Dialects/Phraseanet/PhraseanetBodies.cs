using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Phraseanet;

/// <summary>Makes the bodies of events: the fields of Phraseanet 4.1 from what a change says.</summary>
internal static class PhraseanetBodies
{
    // Phraseanet keeps the bits 0 to 3 to itself; the first two that a base defines of its own stand for what this host knows.
    private const int DraftBit = 4;
    private const int PrivateBit = 5;

    // So Phraseanet joins the values of a field.
    private const string Joint = "; ";

    /// <summary>The bytes of an event.</summary>
    /// <param name="name">The event that the change is.</param>
    /// <param name="change">The change.</param>
    /// <param name="host">The host's address and title.</param>
    public static ReadOnlyMemory<byte> Write(string name, Change change, IHostInformation host) => name switch
    {
        PhraseanetEvents.RecordCreated => OfRecord(name, change, host, CreatedOf(change.Record!, change.Actor, host), PhraseanetJson.Default.CreatedEvent),
        PhraseanetEvents.RecordEdited => OfRecord(name, change, host, EditedOf(change.Record!, change.ChangedFields), PhraseanetJson.Default.EditedEvent),
        PhraseanetEvents.RecordCollectionChanged => OfRecord(name, change, host, MovedOf(change.Record!, change.PreviousCollection), PhraseanetJson.Default.MovedEvent),
        PhraseanetEvents.RecordStatusChanged => OfRecord(name, change, host, StatusOf(change.Record!, change.PreviousStatus!), PhraseanetJson.Default.StatusEvent),
        PhraseanetEvents.RecordDeleted or PhraseanetEvents.RecordMediaSubstituted =>
            OfRecord(name, change, host, Fill(change.Record!), PhraseanetJson.Default.RecordEvent),
        PhraseanetEvents.UserCreated or PhraseanetEvents.UserDeleted => Write(
            new UserEvent
            {
                Event = name, WebhookId = change.Sequence, Url = host.BaseUri.AbsoluteUri, InstanceName = host.SiteTitle, EventTime = DateOf(change),
                User = UserOf(change.User!),
            },
            PhraseanetJson.Default.UserEvent),
        PhraseanetEvents.RegistrationGranted or PhraseanetEvents.RegistrationRejected => OfRegistration(name, change, host),
        PhraseanetEvents.NewFeedEntry => OfFeed(name, change, host, change.FeedEntry!),
        _ => Write(
            new OrderEvent
            {
                Event = name, WebhookId = change.Sequence, Url = host.BaseUri.AbsoluteUri, InstanceName = host.SiteTitle, EventTime = DateOf(change),
                User = UserOf(change.Order!.User), Order = change.Order.Id,
            },
            PhraseanetJson.Default.OrderEvent),
    };

    /// <summary>The bytes of a published entry in the documented shape of before.</summary>
    public static ReadOnlyMemory<byte> WriteLegacy(FeedEntrySnapshot entry) => Write(
        new LegacyFeedEvent
        {
            UsersWereNotified = entry.NotifiedUsers.Count > 0,
            Feed = new LegacyFeed(entry.FeedTitle, entry.FeedDescription, entry.FeedIsPublic),
            Entry = new LegacyEntry(new PhraseanetAuthor(entry.AuthorName, entry.AuthorEmail), entry.Title, entry.Description),
            Users = [.. entry.Recipients.Select(user => new LegacyReader(user.Email, user.FirstName, user.LastName))],
        },
        PhraseanetJson.Default.LegacyFeedEvent);

    private static ReadOnlyMemory<byte> OfRecord<TData>(string name, Change change, IHostInformation host, TData data, JsonTypeInfo<RecordEvent<TData>> type)
        where TData : RecordData => Write(
        new RecordEvent<TData>
        {
            Event = name, WebhookId = change.Sequence, Url = host.BaseUri.AbsoluteUri, InstanceName = host.SiteTitle, EventTime = DateOf(change),
            Data = data,
        },
        type);

    private static ReadOnlyMemory<byte> OfRegistration(string name, Change change, IHostInformation host)
    {
        var collection = change.Registration!.Collection;
        var map = new PhpMap([new(collection.Id.ToString(CultureInfo.InvariantCulture), collection.Name)]);
        var isGranted = name == PhraseanetEvents.RegistrationGranted;
        return Write(
            new RegistrationEvent
            {
                Event = name, WebhookId = change.Sequence, Url = host.BaseUri.AbsoluteUri, InstanceName = host.SiteTitle, EventTime = DateOf(change),
                User = UserOf(change.User!), Granted = isGranted ? map : PhpMap.Empty, Rejected = isGranted ? PhpMap.Empty : map,
            },
            PhraseanetJson.Default.RegistrationEvent);
    }

    private static ReadOnlyMemory<byte> OfFeed(string name, Change change, IHostInformation host, FeedEntrySnapshot entry) => Write(
        new FeedEvent
        {
            Event = name, WebhookId = change.Sequence, Url = host.BaseUri.AbsoluteUri, InstanceName = host.SiteTitle, EventTime = DateOf(change),
            UsersWereNotified = entry.NotifiedUsers.Count > 0,
            Feed = new PhraseanetFeed(entry.FeedId, entry.FeedTitle, entry.FeedDescription),
            Entry = new PhraseanetEntry(entry.EntryId, new PhraseanetAuthor(entry.AuthorName, entry.AuthorEmail), entry.Title, entry.Description),
            Users = [.. entry.Recipients.Select(user => new FeedReader(user.Email, user.FirstName, user.LastName))],
        },
        PhraseanetJson.Default.FeedEvent);

    private static ReadOnlyMemory<byte> Write<T>(T body, JsonTypeInfo<T> type) => MessageJson.Write(json => JsonSerializer.Serialize(json, body, type));

    private static RecordData Fill(RecordSnapshot record) => new()
    {
        RecordId = record.Id, CollectionName = record.Collection ?? "", BaseId = record.CollectionId ?? 0, RecordType = TypeOf(record),
    };

    private static CreatedData CreatedOf(RecordSnapshot record, Actor actor, IHostInformation host)
    {
        var file = record.Files.Count > 0 ? record.Files[0] : null;
        return new CreatedData
        {
            RecordId = record.Id, CollectionName = record.Collection ?? "", BaseId = record.CollectionId ?? 0, RecordType = TypeOf(record),
            MediaType = MediaTypeOf(file?.MediaType),
            Type = file?.MediaType ?? "",
            OriginalName = file?.Name ?? record.Title,
            InitiatorUserId = actor.UserId,
            Permalink = file is null ? "" : $"{host.BaseUri.AbsoluteUri.TrimEnd('/')}/files/{Uri.EscapeDataString(file.Pid)}/content",
        };
    }

    private static EditedData EditedOf(RecordSnapshot record, IReadOnlyList<ChangedField> changed) => new()
    {
        RecordId = record.Id, CollectionName = record.Collection ?? "", BaseId = record.CollectionId ?? 0, RecordType = TypeOf(record),
        Description = new BeforeAndAfter<PhpMap>(DescriptionBefore(record, changed), DescriptionOf(record)),
    };

    private static MovedData MovedOf(RecordSnapshot record, CollectionRef? before) => new()
    {
        RecordId = record.Id, CollectionName = record.Collection ?? "", BaseId = record.CollectionId ?? 0, RecordType = TypeOf(record),
        Before = new CollectionPlace(before?.Name ?? "", before?.Id ?? 0),
        After = new CollectionPlace(record.Collection ?? "", record.CollectionId ?? 0),
    };

    private static StatusData StatusOf(RecordSnapshot record, RecordStatus before) => new()
    {
        RecordId = record.Id, CollectionName = record.Collection ?? "", BaseId = record.CollectionId ?? 0, RecordType = TypeOf(record),
        Before = BitsOf(before.Draft, before.Private),
        After = BitsOf(record.Draft, record.Private),
    };

    private static StatusBits BitsOf(bool isDraft, bool isPrivate) => new([new(DraftBit, isDraft), new(PrivateBit, isPrivate)]);

    private static PhpMap DescriptionOf(RecordSnapshot record)
    {
        var entries = new KeyValuePair<string, string>[record.Fields.Count];
        for (var n = 0; n < entries.Length; n++)
            entries[n] = new(record.Fields[n].Name, string.Join(Joint, record.Fields[n].Values));
        return new PhpMap(entries);
    }

    // What it is now, but for what changed. A field that was emptied has no place any more and comes last.
    private static PhpMap DescriptionBefore(RecordSnapshot record, IReadOnlyList<ChangedField> changed)
    {
        var entries = new List<KeyValuePair<string, string>>(record.Fields.Count + changed.Count);
        foreach (var field in record.Fields)
        {
            var values = Find(changed, field.Name)?.Before ?? field.Values;
            if (values.Count > 0)
                entries.Add(new(field.Name, string.Join(Joint, values)));
        }
        foreach (var field in changed)
        {
            if (field.After.Count == 0 && field.Before.Count > 0)
                entries.Add(new(field.Name, string.Join(Joint, field.Before)));
        }
        return new PhpMap(entries);
    }

    private static ChangedField? Find(IReadOnlyList<ChangedField> changed, string name)
    {
        foreach (var field in changed)
        {
            if (field.Name == name)
                return field;
        }
        return null;
    }

    private static PhraseanetUser UserOf(UserSnapshot user) => new(user.Id, user.Email, user.Name);

    private static string TypeOf(RecordSnapshot record) => record.Files.Count > 1 ? "story" : "record";

    private static PhpDate DateOf(Change change) => new() { Date = change.OccurredAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) };

    private static string MediaTypeOf(string? mediaType) => mediaType switch
    {
        null => "unknown",
        "application/x-shockwave-flash" or "video/x-flv" => "flash",
        _ when mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) => "image",
        _ when mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase) => "video",
        _ when mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) => "audio",
        "application/octet-stream" => "unknown",
        _ when mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || mediaType.StartsWith("application/", StringComparison.OrdinalIgnoreCase) => "document",
        _ => "unknown",
    };
}
