using System.Text.Json.Serialization;

namespace Plugin.ApiWebhooks.Dialects.Ckan;

/// <summary>What ckanext-webhooks posts about a dataset.</summary>
internal sealed record CkanDatasetEvent
{
    /// <summary>The dataset after the change; a deleted one as it last was.</summary>
    public required CkanDataset Entity { get; init; }

    /// <summary>The address posted to, as it was given.</summary>
    public required string Address { get; init; }

    /// <summary>The webhook's id.</summary>
    public required string WebhookId { get; init; }

    /// <summary>The address of this site.</summary>
    public required string Ckan { get; init; }

    /// <summary>What happened: one of the six topics.</summary>
    public required string Topic { get; init; }

    /// <summary>Who owns the webhook; empty for one of the configuration file.</summary>
    public required string UserRef { get; init; }
}

/// <summary>What ckanext-webhooks posts about a resource, a file of a dataset.</summary>
internal sealed record CkanResourceEvent
{
    /// <summary>The resource after the change; a deleted one as it last was.</summary>
    public required CkanResource Entity { get; init; }

    /// <summary>The address posted to, as it was given.</summary>
    public required string Address { get; init; }

    /// <summary>The webhook's id.</summary>
    public required string WebhookId { get; init; }

    /// <summary>The address of this site.</summary>
    public required string Ckan { get; init; }

    /// <summary>What happened: one of the six topics.</summary>
    public required string Topic { get; init; }

    /// <summary>Who owns the webhook; empty for one of the configuration file.</summary>
    public required string UserRef { get; init; }
}

/// <summary>The row of CKAN's table <c>package</c>: each column, also where it is null. Tags, extras and resources are no columns.</summary>
internal sealed record CkanDataset
{
    /// <summary>The record's pid.</summary>
    public required string Id { get; init; }

    /// <summary>A name that is unique and never changes, in the letters that CKAN allows: <c>record-13</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>The field <c>version</c>.</summary>
    public string? Version { get; init; }

    /// <summary>The field <c>url</c>, or <c>link</c>.</summary>
    public string? Url { get; init; }

    /// <summary>The field <c>author</c>, or <c>creator</c>.</summary>
    public string? Author { get; init; }

    /// <summary>The field <c>author_email</c>.</summary>
    public string? AuthorEmail { get; init; }

    /// <summary>The field <c>maintainer</c>.</summary>
    public string? Maintainer { get; init; }

    /// <summary>The field <c>maintainer_email</c>.</summary>
    public string? MaintainerEmail { get; init; }

    /// <summary>The field <c>notes</c>, <c>description</c> or <c>summary</c>.</summary>
    public string? Notes { get; init; }

    /// <summary>The field <c>license_id</c>, <c>license</c> or <c>licence</c>.</summary>
    public string? LicenseId { get; init; }

    /// <summary>The record's type.</summary>
    public required string Type { get; init; }

    /// <summary>The record's collection, by name.</summary>
    public string? OwnerOrg { get; init; }

    /// <summary>The name of the user who created the record.</summary>
    public required string CreatorUserId { get; init; }

    /// <summary>When it was created: UTC, written without a zone.</summary>
    public required string MetadataCreated { get; init; }

    /// <summary>When it was last changed: UTC, written without a zone.</summary>
    public required string MetadataModified { get; init; }

    /// <summary>Whether only those with rights to its collection may see it.</summary>
    public required bool Private { get; init; }

    /// <summary><c>active</c>, <c>draft</c> or <c>deleted</c>.</summary>
    public required string State { get; init; }

    /// <summary>The id of the change.</summary>
    public required string RevisionId { get; init; }
}

/// <summary>The row of CKAN's table <c>resource</c>: each column, also where it is null.</summary>
internal sealed record CkanResource
{
    /// <summary>The file's pid.</summary>
    public required string Id { get; init; }

    /// <summary>The pid of its record.</summary>
    public required string PackageId { get; init; }

    /// <summary>Where its content is.</summary>
    public required string Url { get; init; }

    /// <summary>The ending of its name in capitals: <c>CSV</c>; empty when it has none.</summary>
    public required string Format { get; init; }

    /// <summary>Empty: files have no description of their own.</summary>
    public required string Description { get; init; }

    /// <summary>The SHA-256 of the content, lower-case hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>Its place among the files of its record, from 0; null for a deleted one.</summary>
    public int? Position { get; init; }

    /// <summary>The file's name.</summary>
    public required string Name { get; init; }

    /// <summary>Always null.</summary>
    public string? ResourceType { get; init; }

    /// <summary>The media type.</summary>
    public required string Mimetype { get; init; }

    /// <summary>Always null.</summary>
    public string? MimetypeInner { get; init; }

    /// <summary>The length in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>When it was added, in a <c>resource/create</c>: UTC, written without a zone; else null.</summary>
    public string? Created { get; init; }

    /// <summary>When it was changed: UTC, written without a zone.</summary>
    public required string LastModified { get; init; }

    /// <summary>Always null.</summary>
    public string? CacheUrl { get; init; }

    /// <summary>Always null.</summary>
    public string? CacheLastUpdated { get; init; }

    /// <summary>Always <c>upload</c>: the content lies here.</summary>
    public required string UrlType { get; init; }

    /// <summary>Always empty.</summary>
    public required IReadOnlyDictionary<string, string> Extras { get; init; }

    /// <summary><c>active</c> or <c>deleted</c>.</summary>
    public required string State { get; init; }

    /// <summary>The id of the change.</summary>
    public required string RevisionId { get; init; }
}

/// <summary>How these are written: column names in lower case with underscores.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CkanDatasetEvent))]
[JsonSerializable(typeof(CkanResourceEvent))]
internal sealed partial class CkanJson : JsonSerializerContext;
