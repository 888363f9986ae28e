using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Docuteam;

/// <summary>One operation of docuteam box: one webhook belongs to one operation.</summary>
/// <param name="Slug">How it is written in settings.</param>
/// <param name="EventType">The exact <c>event_type</c>; receivers compare it letter by letter.</param>
/// <param name="Words">Other ways to write it: the words of docuteam's documents.</param>
/// <param name="Wants">Whether a change is such an operation.</param>
internal sealed record DocuteamOperation(string Slug, string EventType, IReadOnlyList<string> Words, Func<Change, bool> Wants)
{
    /// <summary>Insert of a package: here, of a record.</summary>
    public static DocuteamOperation Insert { get; } = new(
        "insert", "box insert operation", ["Insert API", "Insert object (API)"], change => change.Kind == ChangeKind.RecordInserted);

    /// <summary>Replacing of a file.</summary>
    public static DocuteamOperation Replace { get; } = new(
        "replace", "box replace operation", ["Replace API", "Replace object (API)"], change => change.Kind == ChangeKind.FileReplaced);

    /// <summary>Appending below a record.</summary>
    public static DocuteamOperation Append { get; } = new(
        "append", "box append operation", ["Append API", "Append object (API)"], change => change.Kind == ChangeKind.RecordAppended);

    /// <summary>Change of metadata by a person: at a page, or by the save before a button's press.</summary>
    public static DocuteamOperation ChangeMetadata { get; } = new(
        "change-metadata",
        "box change metadata interface",
        ["Change Metadata user interface", "Change Record Resource metadata (UI)"],
        change => change is { Kind: ChangeKind.MetadataChanged, Via: ChangeOrigin.Page or ChangeOrigin.Button });

    /// <summary>Change of metadata by the API. docuteam lists it without naming its event type: the string is ours, by analogy.</summary>
    public static DocuteamOperation ChangeMetadataApi { get; } = new(
        "change-metadata-api",
        "box change metadata api",
        ["Change Metadata API", "Change Record Resource metadata (API)"],
        change => change is { Kind: ChangeKind.MetadataChanged, Via: ChangeOrigin.Api or ChangeOrigin.System });

    /// <summary>Deletion. docuteam lists it without naming its event type: the string is ours, by analogy.</summary>
    public static DocuteamOperation Delete { get; } = new(
        "delete", "box delete operation", ["Delete API", "Delete object (API)"], change => change.Kind == ChangeKind.RecordDeleted);

    /// <summary>All operations.</summary>
    public static IReadOnlyList<DocuteamOperation> All { get; } = [Insert, Replace, Append, ChangeMetadata, ChangeMetadataApi, Delete];

    /// <summary>The operation of a written name; letter case and the kind of separator do not matter.</summary>
    public static DocuteamOperation? Find(string text) =>
        All.FirstOrDefault(operation => operation.Words.Prepend(operation.Slug).Any(word => Plain(word) == Plain(text)));

    private static string Plain(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
