using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Plugin.ApiWebhooks.Dialects.Phraseanet;

/// <summary>What every body begins with. The order of the members is that of the bodies.</summary>
internal abstract record Envelope
{
    [JsonPropertyOrder(-6), Description("The event's name.")]
    public required string Event { get; init; }

    [JsonPropertyName("webhookId"), JsonPropertyOrder(-5), Description("The id of the event: the same for all receivers and on each attempt.")]
    public required long WebhookId { get; init; }

    [JsonPropertyOrder(-4), Description("The version of the format.")]
    public int Version { get; } = 1;

    [JsonPropertyOrder(-3), Description("The address of the site.")]
    public required string Url { get; init; }

    [JsonPropertyOrder(-2), Description("The title of the site.")]
    public required string InstanceName { get; init; }

    [JsonPropertyOrder(-1), Description("When it happened.")]
    public required PhpDate EventTime { get; init; }
}

/// <summary>A date as PHP serialises it.</summary>
internal sealed record PhpDate
{
    [Description("Date and time with microseconds, such as 2026-03-01 12:00:00.250000.")]
    public required string Date { get; init; }

    [Description("3: the time zone is named.")]
    public int TimezoneType { get; } = 3;

    public string Timezone { get; } = "UTC";
}

/// <summary>An event of a record: seven keys.</summary>
internal sealed record RecordEvent<TData> : Envelope
    where TData : RecordData
{
    public required TData Data { get; init; }
}

/// <summary>What is said of a record at each event.</summary>
internal record RecordData
{
    [JsonPropertyOrder(-5), Description("Always 1: the host has one base of records.")]
    public int DataboxId { get; } = 1;

    [JsonPropertyOrder(-4)]
    public required long RecordId { get; init; }

    [JsonPropertyOrder(-3), Description("Empty for a record in no collection.")]
    public required string CollectionName { get; init; }

    [JsonPropertyOrder(-2), Description("The collection's id; 0 for a record in no collection.")]
    public required long BaseId { get; init; }

    [JsonPropertyOrder(-1), Description("story for a record of several files, else record.")]
    public required string RecordType { get; init; }
}

/// <summary>A record that was created.</summary>
internal sealed record CreatedData : RecordData
{
    [Description("image, video, audio, document, flash or unknown, by its first file.")]
    public required string MediaType { get; init; }

    [Description("The media type (MIME) of its first file; empty without one.")]
    public required string Type { get; init; }

    [Description("The name of its first file; its title without one.")]
    public required string OriginalName { get; init; }

    public required long? InitiatorUserId { get; init; }

    [Description("Where its first file is fetched by who may see it; empty without one.")]
    public required string Permalink { get; init; }
}

/// <summary>A record whose description changed.</summary>
internal sealed record EditedData : RecordData
{
    public required BeforeAndAfter<PhpMap> Description { get; init; }
}

/// <summary>A record that was moved.</summary>
internal sealed record MovedData : RecordData
{
    public required CollectionPlace Before { get; init; }

    public required CollectionPlace After { get; init; }
}

/// <summary>A record whose status changed.</summary>
internal sealed record StatusData : RecordData
{
    public required StatusBits Before { get; init; }

    public required StatusBits After { get; init; }
}

internal sealed record BeforeAndAfter<T>(T Before, T After);

internal sealed record CollectionPlace(string CollectionName, long BaseId);

internal sealed record StatusBits(IReadOnlyList<StatusBit> Status);

/// <summary>One bit of a record's status: 4 for a draft, 5 for a private record.</summary>
internal sealed record StatusBit(int Bit, bool State);

/// <summary>An event of a user: seven keys.</summary>
internal sealed record UserEvent : Envelope
{
    public required PhraseanetUser User { get; init; }
}

internal sealed record PhraseanetUser(long Id, string? Email, string Login);

/// <summary>An answered request for access: nine keys.</summary>
internal sealed record RegistrationEvent : Envelope
{
    public required PhraseanetUser User { get; init; }

    public required PhpMap Granted { get; init; }

    public required PhpMap Rejected { get; init; }
}

/// <summary>An event of an order: eight keys.</summary>
internal sealed record OrderEvent : Envelope
{
    public required PhraseanetUser User { get; init; }

    [Description("The order's id.")]
    public required long Order { get; init; }
}

/// <summary>A published entry: ten keys.</summary>
internal sealed record FeedEvent : Envelope
{
    public required bool UsersWereNotified { get; init; }

    public required PhraseanetFeed Feed { get; init; }

    public required PhraseanetEntry Entry { get; init; }

    [Description("Who was notified.")]
    public required IReadOnlyList<FeedReader> Users { get; init; }
}

internal sealed record PhraseanetFeed(long Id, string Title, string Description);

internal sealed record PhraseanetEntry(long Id, PhraseanetAuthor Author, string Title, string Description);

internal sealed record PhraseanetAuthor(string Name, string? Email);

internal sealed record FeedReader(string? Email, string? Firstname, string? Lastname);

/// <summary>A published entry as Phraseanet's documentation of 3.8 to 4.1 shows it: flat, no envelope, no ids.</summary>
internal sealed record LegacyFeedEvent
{
    [Description("The event's name.")]
    public string Name { get; } = PhraseanetEvents.NewFeedEntry;

    public required bool UsersWereNotified { get; init; }

    public required LegacyFeed Feed { get; init; }

    public required LegacyEntry Entry { get; init; }

    [Description("Who was notified.")]
    public required IReadOnlyList<LegacyReader> Users { get; init; }
}

internal sealed record LegacyFeed(string Title, string Description, bool IsPublic);

internal sealed record LegacyEntry(PhraseanetAuthor Author, string Title, string Description);

internal sealed record LegacyReader(string? Mail, string? Firstname, string? Lastname);

/// <summary>How the bodies are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RecordEvent<RecordData>), TypeInfoPropertyName = "RecordEvent")]
[JsonSerializable(typeof(RecordEvent<CreatedData>), TypeInfoPropertyName = "CreatedEvent")]
[JsonSerializable(typeof(RecordEvent<EditedData>), TypeInfoPropertyName = "EditedEvent")]
[JsonSerializable(typeof(RecordEvent<MovedData>), TypeInfoPropertyName = "MovedEvent")]
[JsonSerializable(typeof(RecordEvent<StatusData>), TypeInfoPropertyName = "StatusEvent")]
[JsonSerializable(typeof(UserEvent))]
[JsonSerializable(typeof(RegistrationEvent))]
[JsonSerializable(typeof(OrderEvent))]
[JsonSerializable(typeof(FeedEvent))]
[JsonSerializable(typeof(LegacyFeedEvent))]
internal sealed partial class PhraseanetJson : JsonSerializerContext;
