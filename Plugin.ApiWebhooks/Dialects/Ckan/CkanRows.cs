using System.Globalization;
using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Ckan;

/// <summary>Makes CKAN's rows of records and files.</summary>
internal static class CkanRows
{
    private const string Active = "active";
    private const string Draft = "draft";
    private const string Deleted = "deleted";

    private static readonly IReadOnlyDictionary<string, string> NoExtras = new Dictionary<string, string>();

    /// <summary>The row of a change's record.</summary>
    public static CkanDataset Dataset(Change change, RecordSnapshot record) => new()
    {
        Id = record.Pid,
        Name = string.Create(CultureInfo.InvariantCulture, $"record-{record.Id}"),
        Title = record.Title,
        Version = Field(record, "version"),
        Url = Field(record, "url") ?? Field(record, "link"),
        Author = Field(record, "author") ?? Field(record, "creator"),
        AuthorEmail = Field(record, "author_email"),
        Maintainer = Field(record, "maintainer"),
        MaintainerEmail = Field(record, "maintainer_email"),
        Notes = Field(record, "notes") ?? Field(record, "description") ?? Field(record, "summary"),
        LicenseId = Field(record, "license_id") ?? Field(record, "license") ?? Field(record, "licence"),
        Type = record.Type,
        OwnerOrg = record.Collection,
        CreatorUserId = record.CreatedBy,
        MetadataCreated = Instant(record.CreatedAt),
        MetadataModified = Instant(change.Kind == ChangeKind.RecordDeleted ? change.OccurredAt : record.ModifiedAt),
        Private = record.Private,
        State = change.Kind == ChangeKind.RecordDeleted ? Deleted : record.Draft ? Draft : Active,
        RevisionId = change.Id.ToString(),
    };

    /// <summary>The row of a change's file.</summary>
    /// <param name="change">The change.</param>
    /// <param name="record">The file's record.</param>
    /// <param name="file">The file.</param>
    /// <param name="site">The host's address without a trailing slash.</param>
    public static CkanResource Resource(Change change, RecordSnapshot record, FileSnapshot file, string site) => new()
    {
        Id = file.Pid,
        PackageId = record.Pid,
        Url = $"{site}/files/{Uri.EscapeDataString(file.Pid)}/content",
        Format = Path.GetExtension(file.Name).TrimStart('.').ToUpperInvariant(),
        Description = "",
        Hash = file.Sha256,
        Position = PositionOf(record, file),
        Name = file.Name,
        Mimetype = file.MediaType,
        Size = file.Length,
        Created = change.Kind == ChangeKind.FileAdded ? Instant(change.OccurredAt) : null,
        LastModified = Instant(change.OccurredAt),
        UrlType = "upload",
        Extras = NoExtras,
        State = change.Kind == ChangeKind.FileDeleted ? Deleted : Active,
        RevisionId = change.Id.ToString(),
    };

    /// <summary>An instant as Python's <c>datetime.isoformat()</c> writes one without a zone: microseconds, and none where they are zero.</summary>
    public static string Instant(DateTimeOffset at)
    {
        // The format O is 2026-03-01T12:00:00.2500000Z, and many times as quick as one of one's own.
        Span<char> text = stackalloc char[28];
        at.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        return new string(text[..(at.Ticks % TimeSpan.TicksPerSecond < TimeSpan.TicksPerMicrosecond ? 19 : 26)]);
    }

    private static int? PositionOf(RecordSnapshot record, FileSnapshot file)
    {
        for (var at = 0; at < record.Files.Count; at++)
        {
            if (record.Files[at].Pid == file.Pid)
                return at;
        }
        return null;
    }

    // A column holds one text.
    private static string? Field(RecordSnapshot record, string name)
    {
        foreach (var field in record.Fields)
        {
            if (field.Name == name)
                return field.Values.Count == 1 ? field.Values[0] : string.Join(", ", field.Values);
        }
        return null;
    }
}
