using Dam.Hosting;
using SampleHost.Changes;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Record;
using SampleHost.Records;

namespace SampleHost.EditPage;

/// <summary>Shows both versions when a form came too late.</summary>
internal sealed class Conflicts(ChangeLog changes)
{
    public async Task<IResult> DrawAsync(HttpContext context, RecordSnapshot current, ContentType type, HostUser user, EditForm edit)
    {
        var original = edit.Version is { } version ? await FindVersionAsync(current.Id, version, context.RequestAborted) : null;
        var fields = Merge.Compare(
            type, edit.Values, FormFields.ValuesOf(current), original is null ? null : FormFields.ValuesOf(original), user.Language);
        // Both want the same: a form sent twice, or two people of one mind.
        if (fields.Count == 0 && (edit.Private ?? current.Private) == current.Private && edit.Press is null)
            return Page.SeeOther(UploadTemplates.IsTemplate(current.Id) ? "/upload?done=defaults" : $"/records/{current.Id}?done=saved");
        return Page.Show<ConflictPage, ConflictView>(context, new ConflictView
        {
            Id = current.Id,
            Title = current.Title,
            Version = current.Version,
            FormVersion = edit.Version ?? 0,
            SavedBy = current.ModifiedBy,
            SavedAt = current.ModifiedAt,
            WasPress = edit.Press is not null,
            Private = KeepsPrivate(edit.Private, current, original) ? edit.Private : null,
            Fields = fields,
            Review = edit.Review,
            TypeName = type.Name,
        }, StatusCodes.Status409Conflict);
    }

    // Only when it was the form that changed the box.
    private static bool KeepsPrivate(bool? mine, RecordSnapshot current, RecordSnapshot? original) =>
        mine is { } box && box != current.Private && original is not null && box != original.Private;

    /// <summary>The record at a version: the newest entry of the change log that is not newer. Null when the log does not reach back so far.</summary>
    private async Task<RecordSnapshot?> FindVersionAsync(long recordId, long version, CancellationToken cancellationToken)
    {
        var history = await changes.ReadOfRecordAsync(recordId, ChangeLog.LongestHistory, cancellationToken);
        return history.Select(change => change.Record).FirstOrDefault(record => record is not null && record.Version <= version);
    }
}
