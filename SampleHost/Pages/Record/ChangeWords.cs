using Dam.Hosting;
using SampleHost.Records;

namespace SampleHost.Pages.Record;

/// <summary>Tells a change in words, for a record's history.</summary>
internal static class ChangeWords
{
    /// <summary>Whether a change says something that no other change of the same save says too.</summary>
    public static bool IsWorthTelling(Change change) => change.Kind switch
    {
        // A file added says it.
        ChangeKind.RecordAppended => change.File is null,
        // The event that was raised says it.
        ChangeKind.WorkflowStateChanged => false,
        _ => true,
    };

    public static HistoryView Tell(Change change, ContentType? type, string language) => new(
        What(change) + Door(change.Via),
        change.Actor.ApiKeyName is { } key ? $"{change.Actor.UserName} with the key {key}" : change.Actor.UserName,
        change.OccurredAt,
        [.. change.ChangedFields.Select(field => Tell(field, type, language))]);

    private static string What(Change change) => change.Kind switch
    {
        ChangeKind.RecordInserted => "Record created",
        ChangeKind.RecordAppended => $"Appended {Name(change.File)}",
        ChangeKind.MetadataChanged => "Metadata changed",
        ChangeKind.RecordDeleted => "Record deleted",
        ChangeKind.RecordPublished => "Published",
        ChangeKind.RecordUnpublished => "Withdrawn from publication",
        ChangeKind.FileAdded => $"File added: {Name(change.File)}",
        ChangeKind.FileReplaced => $"File replaced: {Name(change.File)}",
        ChangeKind.FileDeleted => $"File deleted: {Name(change.File)}",
        ChangeKind.WorkflowEventRaised => $"Workflow: {change.Workflow?.EventName} ({change.Workflow?.FromState} → {change.Workflow?.ToState})",
        ChangeKind.RecordMoved => $"Moved from {Place(change.PreviousCollection?.Name)} to {Place(change.Record?.Collection)}",
        ChangeKind.FeedEntryPublished => $"Published in the feed {change.FeedEntry?.FeedTitle}",
        _ => change.Kind.ToString(),
    };

    private static string Place(string? collection) => collection is null ? "no collection" : $"the collection {collection}";

    private static string Name(FileSnapshot? file) => file?.Name ?? "a file";

    private static string Door(ChangeOrigin via) => via switch
    {
        ChangeOrigin.Api => " through the API",
        ChangeOrigin.Button => " with a button",
        ChangeOrigin.System => " by the host",
        _ => "",
    };

    private static ChangedFieldView Tell(ChangedField changed, ContentType? type, string language)
    {
        var field = type?.FindField(changed.Name);
        return new ChangedFieldView(field?.Label.In(language) ?? changed.Name, Join(changed.Before), Join(changed.After));

        string Join(IReadOnlyList<string> values) =>
            string.Join("; ", values.Select(value => Shorten(field is null ? value : FormFields.InWords(field, value, language))));
    }

    private static string Shorten(string value)
    {
        const int longest = 300;
        if (value.Length <= longest)
            return value;
        var end = char.IsHighSurrogate(value[longest - 1]) ? longest - 1 : longest;
        return value[..end] + "…";
    }
}
