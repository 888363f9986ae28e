namespace Dam.Hosting;

/// <summary>A record at one moment. Never changes after it was made.</summary>
public sealed record RecordSnapshot
{
    /// <summary>The host's integer id; positive, never used again. Below zero only for an upload template on the edit page, which is no record.</summary>
    public required long Id { get; init; }

    /// <summary>The opaque persistent identifier.</summary>
    public required string Pid { get; init; }

    /// <summary>The name of the record's content type.</summary>
    public required string Type { get; init; }

    /// <summary>The title. It also stands among <see cref="Fields"/> under the name <c>title</c>.</summary>
    public required string Title { get; init; }

    /// <summary>The language of the metadata, a BCP 47 tag.</summary>
    public required string Language { get; init; }

    /// <summary>The name of the user who owns it.</summary>
    public required string Owner { get; init; }

    /// <summary>The collection it belongs to, by name, or null.</summary>
    public string? Collection { get; init; }

    /// <summary>The id of that collection; null when there is none, and in changes logged before collections had ids.</summary>
    public long? CollectionId { get; init; }

    /// <summary>Whether only those with rights to its collection may see it.</summary>
    public bool Private { get; init; }

    /// <summary>Whether it is a draft, not yet published.</summary>
    public bool Draft { get; init; }

    /// <summary>The workflow state, or null when its type has no workflow.</summary>
    public string? WorkflowState { get; init; }

    /// <summary>The version; 1 after the insert, one more after each change of record or files.</summary>
    public required long Version { get; init; }

    /// <summary>The id of the record it lies below, or null.</summary>
    public long? ParentId { get; init; }

    /// <summary>When it was created (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The name of the user who created it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was last changed (UTC).</summary>
    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>The name of the user who changed it last.</summary>
    public required string ModifiedBy { get; init; }

    /// <summary>Every field of the record's type that has a value, in the order of the type, <c>title</c> first.</summary>
    public IReadOnlyList<FieldSnapshot> Fields { get; init; } = [];

    /// <summary>Its files, oldest first.</summary>
    public IReadOnlyList<FileSnapshot> Files { get; init; } = [];
}

/// <summary>One field of a record with its values.</summary>
public sealed record FieldSnapshot
{
    /// <summary>The field's name, unique in its type.</summary>
    public required string Name { get; init; }

    /// <summary>The values in document order; at least one.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>The RDF predicate the field stands for, an absolute IRI, or null.</summary>
    public string? Predicate { get; init; }

    /// <summary>The IRI of the category that tells fields with the same predicate apart, or null.</summary>
    public string? Category { get; init; }
}

/// <summary>A stored file at one moment.</summary>
public sealed record FileSnapshot
{
    /// <summary>The opaque persistent identifier; stays when the content is replaced.</summary>
    public required string Pid { get; init; }

    /// <summary>The original file name, without folders.</summary>
    public required string Name { get; init; }

    /// <summary>The media type, for example <c>image/png</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary>The length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The SHA-256 of the content, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>A feed's entry at the moment of its publication.</summary>
public sealed record FeedEntrySnapshot
{
    /// <summary>The feed's id.</summary>
    public required long FeedId { get; init; }

    /// <summary>The feed's title.</summary>
    public required string FeedTitle { get; init; }

    /// <summary>The feed's description.</summary>
    public required string FeedDescription { get; init; }

    /// <summary>Whether anybody may read the feed.</summary>
    public required bool FeedIsPublic { get; init; }

    /// <summary>The entry's id.</summary>
    public required long EntryId { get; init; }

    /// <summary>The entry's title.</summary>
    public required string Title { get; init; }

    /// <summary>The entry's text.</summary>
    public required string Description { get; init; }

    /// <summary>The author's name.</summary>
    public required string AuthorName { get; init; }

    /// <summary>The author's e-mail address, or null.</summary>
    public string? AuthorEmail { get; init; }

    /// <summary>The users who were notified, by name; empty for none.</summary>
    public IReadOnlyList<string> NotifiedUsers { get; init; } = [];

    /// <summary>
    /// The users who were notified, with their addresses as they were then; empty for none. The same users as <see cref="NotifiedUsers"/>; empty also in changes logged before
    /// there was this list.
    /// </summary>
    public IReadOnlyList<UserSnapshot> Recipients { get; init => field = value ?? []; } = [];

    /// <summary>The ids of the records the entry shows, in its order; empty for none.</summary>
    public IReadOnlyList<long> RecordIds { get; init => field = value ?? []; } = [];
}
