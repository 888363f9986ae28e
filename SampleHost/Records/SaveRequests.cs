using Dam.Hosting;
using SampleHost.Files;

namespace SampleHost.Records;

/// <summary>A record to create.</summary>
internal sealed record InsertRequest(HostUser User, ChangeOrigin Via)
{
    public const string DefaultType = "document";

    public string Type { get; init; } = DefaultType;

    /// <summary>Values by field name, <c>title</c> among them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Fields { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The language of the metadata; null for the host's default.</summary>
    public string? Language { get; init; }

    public bool Private { get; init; }

    public bool Draft { get; init; }

    public string? Collection { get; init; }

    public long? ParentId { get; init; }

    /// <summary>Files already received; the save takes them over, whatever its result.</summary>
    public IReadOnlyList<ReceivedFile> Files { get; init; } = [];

    /// <summary>Whether the title was made up (from a file's name, say), so that a title embedded in an image may take its place.</summary>
    public bool TitleIsDefault { get; init; }
}

/// <summary>A change to a record. What is null or not named stays as it is.</summary>
internal sealed record UpdateRequest(long RecordId, HostUser User, ChangeOrigin Via)
{
    /// <summary>The version the editor saw; null to change whatever is there now.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>Only the fields named here are changed; an empty list clears a field.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Fields { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    public bool? Private { get; init; }

    public bool? Draft { get; init; }

    /// <summary>The type of the records to come; for an upload template only, null to leave it as it is.</summary>
    public string? Type { get; init; }

    /// <summary>Where to move the record; null to leave it where it lies.</summary>
    public Destination? MoveTo { get; init; }

    /// <summary>The idempotency key of the press that this save precedes. It is stored with the save; a second save with it changes nothing.</summary>
    public string? PressKey { get; init; }
}

/// <summary>Where a record is moved to.</summary>
/// <param name="Collection">The name of a collection, or null for outside of any.</param>
internal sealed record Destination(string? Collection);
