using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Plugin.ApiWebhooks.Dialects.Standard;

/// <summary>A change as the standard dialect writes it.</summary>
internal sealed record StandardMessage
{
    [Description("The event's type, such as record.inserted.")]
    public required string Type { get; init; }

    [Description("When it happened: UTC, with milliseconds.")]
    public required string Timestamp { get; init; }

    [Description("What happened, to what, by whom.")]
    public required StandardData Data { get; init; }
}

/// <summary>
/// What happened, to what, by whom. What a change does not have is left out; lists of values are lists also for one value. The thin form has ids and links, and what
/// cannot be fetched later; no titles, texts and fields.
/// </summary>
internal sealed record StandardData
{
    [Description("The change's id, unique for all time; the same however often it is sent.")]
    public required Guid ChangeId { get; init; }

    [Description("Its place in the host's change log; rises with the order of the saves.")]
    public required long Sequence { get; init; }

    [Description("Whether this is the thin form; left out in the whole one.")]
    public bool? Thin { get; init; }

    [Description("The record's id.")]
    public long? Id { get; init; }

    [Description("The record's persistent identifier.")]
    public string? Pid { get; init; }

    [Description("The record's content type.")]
    public string? Type { get; init; }

    [Description("The record's title.")]
    public string? Title { get; init; }

    [Description("The language of its metadata, a BCP 47 tag.")]
    public string? Language { get; init; }

    [Description("Its version: one more after each change.")]
    public long? Version { get; init; }

    [Description("The collection it lies in, by name.")]
    public string? Collection { get; init; }

    [Description("The id of that collection.")]
    public long? CollectionId { get; init; }

    [Description("The id of the record it lies below.")]
    public long? ParentId { get; init; }

    [Description("Its workflow state.")]
    public string? WorkflowState { get; init; }

    [Description("Whether only those with rights to its collection may see it.")]
    public bool? Private { get; init; }

    [Description("Whether it is not yet published.")]
    public bool? Draft { get; init; }

    [Description("The address of the record's page.")]
    public string? Link { get; init; }

    [Description("All fields that have values, by name.")]
    public Dictionary<string, IReadOnlyList<string>>? Fields { get; init; }

    [Description("The fields whose values changed.")]
    public IReadOnlyList<StandardChangedField>? ChangedFields { get; init; }

    [Description("The file concerned.")]
    public StandardFile? File { get; init; }

    [Description("The file before it was replaced.")]
    public StandardFile? PreviousFile { get; init; }

    [Description("The collection the record lay in before it was moved.")]
    public StandardCollection? PreviousCollection { get; init; }

    [Description("What decides who sees the record, as it was before; where it changed.")]
    public StandardStatus? PreviousStatus { get; init; }

    [Description("The workflow step.")]
    public StandardWorkflow? Workflow { get; init; }

    [Description("The feed in which an entry was published.")]
    public StandardFeed? Feed { get; init; }

    [Description("The entry that was published.")]
    public StandardEntry? Entry { get; init; }

    [Description("The user concerned.")]
    public StandardUser? User { get; init; }

    [Description("What a user had asked access to.")]
    public StandardRegistration? Registration { get; init; }

    [Description("The order.")]
    public StandardOrder? Order { get; init; }

    [Description("Who did it.")]
    public required StandardActor Actor { get; init; }

    [Description("The door it came in by.")]
    [AllowedValues("page", "api", "button", "system")]
    public required string Via { get; init; }
}

/// <summary>A field whose values changed.</summary>
internal sealed record StandardChangedField(string Name, IReadOnlyList<string> Before, IReadOnlyList<string> After);

/// <summary>A file; its pid alone in the thin form.</summary>
internal sealed record StandardFile
{
    public required string Pid { get; init; }

    public string? Name { get; init; }

    public string? MediaType { get; init; }

    [Description("In bytes.")]
    public long? Length { get; init; }

    [Description("Of the content, lower-case hexadecimal.")]
    public string? Sha256 { get; init; }
}

/// <summary>A collection.</summary>
internal sealed record StandardCollection(long Id, string Name);

/// <summary>What decides who sees a record.</summary>
internal sealed record StandardStatus(bool Private, bool Draft, string? WorkflowState);

/// <summary>A step in a workflow.</summary>
internal sealed record StandardWorkflow(string Name, string Event, string From, string To);

/// <summary>A feed; its id alone in the thin form.</summary>
internal sealed record StandardFeed
{
    public required long Id { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    [Description("Whether anybody may read it.")]
    public bool? Public { get; init; }
}

/// <summary>An entry of a feed; its id and those of its records in the thin form.</summary>
internal sealed record StandardEntry
{
    public required long Id { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    public string? Author { get; init; }

    public string? AuthorEmail { get; init; }

    [Description("The names of those who were notified; their addresses are nobody else's business.")]
    public IReadOnlyList<string>? NotifiedUsers { get; init; }

    [Description("The records it shows.")]
    public IReadOnlyList<long>? RecordIds { get; init; }
}

/// <summary>A user; the id alone in the thin form. What a person is called and written to stands in <c>user.*</c> events only.</summary>
internal sealed record StandardUser
{
    public required long Id { get; init; }

    public string? Name { get; init; }

    public string? DisplayName { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? Email { get; init; }
}

/// <summary>A request for access to a collection.</summary>
internal sealed record StandardRegistration(long Id, StandardCollection? Collection);

/// <summary>An order of records; without who ordered in the thin form.</summary>
internal sealed record StandardOrder(long Id, string State, IReadOnlyList<long> RecordIds, StandardUser? User);

/// <summary>Who did something.</summary>
internal sealed record StandardActor
{
    public required string User { get; init; }

    public long? UserId { get; init; }

    [Description("The name of the API key or of the program that acted for the user.")]
    public string? ApiKey { get; init; }
}

/// <summary>A notice of the plugin's own.</summary>
internal sealed record StandardNotice
{
    public required string Type { get; init; }

    public required string Timestamp { get; init; }

    public required StandardNoticeData Data { get; init; }
}

/// <summary>Which subscription was disabled, and why.</summary>
internal sealed record StandardNoticeData
{
    public required StandardSubscription Subscription { get; init; }

    public required string Reason { get; init; }

    [Description("Since when every attempt failed.")]
    public string? FailingSince { get; init; }

    [Description("The page where the subscription is seen.")]
    public required string Link { get; init; }
}

/// <summary>A subscription, named.</summary>
internal sealed record StandardSubscription(long Id, string Key, string Label);

/// <summary>How these are written: lower case with underscores, and nothing that is null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StandardMessage))]
[JsonSerializable(typeof(StandardNotice))]
internal sealed partial class StandardJson : JsonSerializerContext;
