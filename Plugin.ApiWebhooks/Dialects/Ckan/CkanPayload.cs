using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Plugin.ApiWebhooks.Dialects.Ckan;

/// <summary>What ckanext-webhooks posts about a dataset.</summary>
internal sealed record CkanDatasetEvent
{
    [Description("The dataset after the change; a deleted one as it last was.")]
    public required CkanDataset Entity { get; init; }

    [Description("The address posted to, as it was given.")]
    public required string Address { get; init; }

    [Description("The webhook's id.")]
    public required string WebhookId { get; init; }

    [Description("The address of this site.")]
    public required string Ckan { get; init; }

    [Description("What happened: one of the six topics.")]
    public required string Topic { get; init; }

    [Description("Who owns the webhook; empty for one of the configuration file.")]
    public required string UserRef { get; init; }
}

/// <summary>What ckanext-webhooks posts about a resource, a file of a dataset.</summary>
internal sealed record CkanResourceEvent
{
    [Description("The resource after the change; a deleted one as it last was.")]
    public required CkanResource Entity { get; init; }

    [Description("The address posted to, as it was given.")]
    public required string Address { get; init; }

    [Description("The webhook's id.")]
    public required string WebhookId { get; init; }

    [Description("The address of this site.")]
    public required string Ckan { get; init; }

    [Description("What happened: one of the six topics.")]
    public required string Topic { get; init; }

    [Description("Who owns the webhook; empty for one of the configuration file.")]
    public required string UserRef { get; init; }
}

/// <summary>The row of CKAN's table <c>package</c>: each column, also where it is null. Tags, extras and resources are no columns.</summary>
internal sealed record CkanDataset
{
    [Description("The record's pid.")]
    public required string Id { get; init; }

    [Description("A name that is unique and never changes, in the letters that CKAN allows: record-13.")]
    public required string Name { get; init; }

    [Description("The title.")]
    public required string Title { get; init; }

    [Description("The field version.")]
    public string? Version { get; init; }

    [Description("The field url, or link.")]
    public string? Url { get; init; }

    [Description("The field author, or creator.")]
    public string? Author { get; init; }

    [Description("The field author_email.")]
    public string? AuthorEmail { get; init; }

    [Description("The field maintainer.")]
    public string? Maintainer { get; init; }

    [Description("The field maintainer_email.")]
    public string? MaintainerEmail { get; init; }

    [Description("The field notes, description or summary.")]
    public string? Notes { get; init; }

    [Description("The field license_id, license or licence.")]
    public string? LicenseId { get; init; }

    [Description("The record's type.")]
    public required string Type { get; init; }

    [Description("The record's collection, by name.")]
    public string? OwnerOrg { get; init; }

    [Description("The name of the user who created the record.")]
    public required string CreatorUserId { get; init; }

    [Description("When it was created: UTC, written without a zone.")]
    public required string MetadataCreated { get; init; }

    [Description("When it was last changed: UTC, written without a zone.")]
    public required string MetadataModified { get; init; }

    [Description("Whether only those with rights to its collection may see it.")]
    public required bool Private { get; init; }

    [Description("active, draft or deleted.")]
    public required string State { get; init; }

    [Description("The id of the change.")]
    public required string RevisionId { get; init; }
}

/// <summary>The row of CKAN's table <c>resource</c>: each column, also where it is null.</summary>
internal sealed record CkanResource
{
    [Description("The file's pid.")]
    public required string Id { get; init; }

    [Description("The pid of its record.")]
    public required string PackageId { get; init; }

    [Description("Where its content is.")]
    public required string Url { get; init; }

    [Description("The ending of its name in capitals: CSV; empty when it has none.")]
    public required string Format { get; init; }

    [Description("Empty: files have no description of their own.")]
    public required string Description { get; init; }

    [Description("The SHA-256 of the content, lower-case hexadecimal.")]
    public required string Hash { get; init; }

    [Description("Its place among the files of its record, from 0; null for a deleted one.")]
    public int? Position { get; init; }

    [Description("The file's name.")]
    public required string Name { get; init; }

    [Description("Always null.")]
    public string? ResourceType { get; init; }

    [Description("The media type.")]
    public required string Mimetype { get; init; }

    [Description("Always null.")]
    public string? MimetypeInner { get; init; }

    [Description("The length in bytes.")]
    public required long Size { get; init; }

    [Description("When it was added, in a resource/create: UTC, written without a zone; else null.")]
    public string? Created { get; init; }

    [Description("When it was changed: UTC, written without a zone.")]
    public required string LastModified { get; init; }

    [Description("Always null.")]
    public string? CacheUrl { get; init; }

    [Description("Always null.")]
    public string? CacheLastUpdated { get; init; }

    [Description("Always upload: the content lies here.")]
    public required string UrlType { get; init; }

    [Description("Always empty.")]
    public required IReadOnlyDictionary<string, string> Extras { get; init; }

    [Description("active or deleted.")]
    public required string State { get; init; }

    [Description("The id of the change.")]
    public required string RevisionId { get; init; }
}

/// <summary>How these are written: column names in lower case with underscores.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CkanDatasetEvent))]
[JsonSerializable(typeof(CkanResourceEvent))]
internal sealed partial class CkanJson : JsonSerializerContext;
