using System.Text.Json.Serialization;
using Dam.Hosting;
using SampleHost.Accounts;

namespace SampleHost.Api;

/// <summary>A record as the Host API shows it.</summary>
internal sealed record RecordView
{
    public required long Id { get; init; }
    public required string Pid { get; init; }
    public required string Type { get; init; }
    public required string Title { get; init; }
    public required string Language { get; init; }
    public required string Owner { get; init; }
    public string? Collection { get; init; }
    public long? CollectionId { get; init; }
    public required bool Private { get; init; }
    public required bool Draft { get; init; }
    public string? WorkflowState { get; init; }
    public required long Version { get; init; }
    public long? ParentId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset ModifiedAt { get; init; }
    public required string ModifiedBy { get; init; }
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Fields { get; init; }
    public required IReadOnlyList<FileView> Files { get; init; }

    public static RecordView From(RecordSnapshot record) => new()
    {
        Id = record.Id,
        Pid = record.Pid,
        Type = record.Type,
        Title = record.Title,
        Language = record.Language,
        Owner = record.Owner,
        Collection = record.Collection,
        CollectionId = record.CollectionId,
        Private = record.Private,
        Draft = record.Draft,
        WorkflowState = record.WorkflowState,
        Version = record.Version,
        ParentId = record.ParentId,
        CreatedAt = record.CreatedAt,
        CreatedBy = record.CreatedBy,
        ModifiedAt = record.ModifiedAt,
        ModifiedBy = record.ModifiedBy,
        Fields = record.Fields.ToDictionary(field => field.Name, field => field.Values),
        Files = record.Files.Select(FileView.From).ToList(),
    };
}

/// <summary>A file as the Host API shows it.</summary>
internal sealed record FileView(string Pid, string Name, string MediaType, long Length, string Sha256, string Url)
{
    public static FileView From(FileSnapshot file) =>
        new(file.Pid, file.Name, file.MediaType, file.Length, file.Sha256, $"{HostApi.Root}/files/{Uri.EscapeDataString(file.Pid)}/content");
}

/// <summary>A page of records; <c>next</c> is what to give as <c>after</c> for the following page, null at the end.</summary>
internal sealed record RecordPageView(IReadOnlyList<RecordView> Records, long? Next);

/// <summary>A page of the change log; <c>last</c> is what to give as <c>after</c> next time.</summary>
internal sealed record ChangePageView(IReadOnlyList<Change> Changes, long Last);

internal sealed record FeedView(long Id, string Title, string Description, bool IsPublic, string Owner);

internal sealed record FeedPageView(IReadOnlyList<FeedView> Feeds, long? Next);

internal sealed record FeedEntryView(
    long Id, long FeedId, string Title, string Description, string AuthorName, string? AuthorEmail, IReadOnlyList<string> NotifiedUsers, DateTimeOffset PublishedAt)
{
    public IReadOnlyList<long> Records { get; init; } = [];
}

internal sealed record FeedEntryPageView(IReadOnlyList<FeedEntryView> Entries, long? Next);

internal sealed record CollectionListView(IReadOnlyList<Collection> Collections);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RecordView))]
[JsonSerializable(typeof(RecordPageView))]
[JsonSerializable(typeof(ChangePageView))]
[JsonSerializable(typeof(FeedView))]
[JsonSerializable(typeof(FeedPageView))]
[JsonSerializable(typeof(FeedEntryView))]
[JsonSerializable(typeof(FeedEntryPageView))]
[JsonSerializable(typeof(CollectionListView))]
[JsonSerializable(typeof(Collection))]
[JsonSerializable(typeof(UserView))]
[JsonSerializable(typeof(UserPageView))]
[JsonSerializable(typeof(RegistrationView))]
[JsonSerializable(typeof(RegistrationPageView))]
[JsonSerializable(typeof(OrderView))]
[JsonSerializable(typeof(OrderPageView))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class ApiJson : JsonSerializerContext;
