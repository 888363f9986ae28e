using Dam.Hosting;
using SampleHost.Records;
using SampleHost.Storage;
using static SampleHost.Records.RecordAccess;

namespace SampleHost.Files;

/// <summary>A stored file with the record it belongs to.</summary>
internal sealed record StoredFile(RecordSnapshot Record, FileSnapshot File);

/// <summary>Adds, replaces and removes the files of records. Each is a save: one transaction with its entries in the change log.</summary>
internal sealed class RecordFiles(SavePipeline pipeline, ContentTypes types, FileStore store, EmbeddedMetadata metadata)
{
    /// <summary>Finds a file. Whether the user may see its record is for the caller to ask.</summary>
    public Task<StoredFile?> FindAsync(string pid, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(pipeline.Database.Read(connection =>
        {
            if (RecordRows.FindRecordOfFile(connection, pid) is not { } recordId || RecordRows.Read(connection, types, recordId) is not { } record)
                return null;
            return record.Files.FirstOrDefault(file => file.Pid == pid) is { } found ? new StoredFile(record, found) : null;
        }));
    }

    public Task<SaveResult> AddAsync(long recordId, ReceivedFile file, HostUser user, ChangeOrigin via, CancellationToken cancellationToken) =>
        AddAsync(recordId, [file], user, via, cancellationToken);

    /// <summary>Appends files. What the record's fields lack is filled from what the images say of themselves.</summary>
    public async Task<SaveResult> AddAsync(
        long recordId, IReadOnlyList<ReceivedFile> files, HostUser user, ChangeOrigin via, CancellationToken cancellationToken)
    {
        return await TakeOverAsync(files, async () =>
        {
            var found = files.Select(metadata.Read).ToList();
            return await pipeline.CommitAsync(scope => Add(scope, recordId, files, found, user, via), cancellationToken);
        });
    }

    /// <summary>Gives a file new content; its pid stays.</summary>
    /// <param name="keepName">Whether the file keeps its name, because the sender gave none.</param>
    public async Task<SaveResult> ReplaceAsync(
        string filePid, ReceivedFile file, bool keepName, HostUser user, ChangeOrigin via, CancellationToken cancellationToken)
    {
        var result = await TakeOverAsync(
            [file], () => pipeline.CommitAsync(scope => Replace(scope, filePid, file, keepName, user, via), cancellationToken));
        if (result is SaveResult.Saved saved)
            await store.CollectAsync(saved.Changes.Select(change => change.PreviousFile?.Sha256).OfType<string>().ToList());
        return result;
    }

    public async Task<SaveResult> DeleteAsync(string filePid, HostUser user, ChangeOrigin via, CancellationToken cancellationToken)
    {
        var result = await pipeline.CommitAsync(scope => Delete(scope, filePid, user, via), cancellationToken);
        if (result is SaveResult.Saved saved)
            await store.CollectAsync(saved.Changes.Select(change => change.File?.Sha256).OfType<string>().ToList());
        return result;
    }

    private async Task<SaveResult> TakeOverAsync(IReadOnlyList<ReceivedFile> files, Func<Task<SaveResult>> save)
    {
        var saved = false;
        try
        {
            var result = await save();
            saved = result is SaveResult.Saved;
            return result;
        }
        finally
        {
            await store.ReleaseAsync(files, saved);
        }
    }

    private SaveResult Add(
        WriteScope scope, long recordId, IReadOnlyList<ReceivedFile> files,
        IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<string>>> found, HostUser user, ChangeOrigin via)
    {
        var current = RecordRows.Read(scope.Connection, types, recordId);
        if (Refuse(user, current) is { } refusal)
            return refusal;
        var before = RecordRows.FieldsOf(current!);
        IReadOnlyDictionary<string, IReadOnlyList<string>> values = before;
        var type = types.Find(current!.Type);
        foreach (var one in found.Where(_ => type is not null))
            values = EmbeddedMetadata.FillEmpty(type!, values, one, titleIsDefault: false);

        var added = files.Select(file => RecordRows.AddFile(scope, recordId, file)).ToList();
        var next = RecordSaver.Touch(scope, current, user) with
        {
            Files = [.. current.Files, .. added],
            Fields = RecordRows.Order(types, current.Type, values),
        };
        RecordRows.Update(scope, next, values);

        var changes = new ChangeWriter(scope, user, via);
        foreach (var file in added)
        {
            changes.Append(ChangeKind.RecordAppended, next, change => change with { File = file });
            changes.Append(ChangeKind.FileAdded, next, change => change with { File = file });
        }

        if (type is not null && FieldRules.Diff(type, before, values) is { Count: > 0 } filled)
            changes.Append(ChangeKind.MetadataChanged, next, change => change with { ChangedFields = filled });
        return new SaveResult.Saved(next, changes.Changes);
    }

    private SaveResult Replace(WriteScope scope, string filePid, ReceivedFile file, bool keepName, HostUser user, ChangeOrigin via)
    {
        if (!Find(scope, filePid, user, out var current, out var previous, out var refusal))
            return refusal;
        var replaced = RecordRows.ReplaceFile(scope, filePid, keepName ? file with { Name = previous.Name } : file);
        var next = Touch(scope, current, user, current.Files.Select(one => one.Pid == filePid ? replaced : one));
        var changes = new ChangeWriter(scope, user, via);
        changes.Append(ChangeKind.FileReplaced, next, change => change with { File = replaced, PreviousFile = previous });
        return new SaveResult.Saved(next, changes.Changes);
    }

    private SaveResult Delete(WriteScope scope, string filePid, HostUser user, ChangeOrigin via)
    {
        if (!Find(scope, filePid, user, out var current, out var file, out var refusal))
            return refusal;
        RecordRows.DeleteFile(scope, filePid);
        var next = Touch(scope, current, user, current.Files.Where(one => one.Pid != filePid));
        var changes = new ChangeWriter(scope, user, via);
        changes.Append(ChangeKind.FileDeleted, next, change => change with { File = file });
        return new SaveResult.Saved(next, changes.Changes);
    }

    private bool Find(WriteScope scope, string filePid, HostUser user, out RecordSnapshot record, out FileSnapshot file, out SaveResult refusal)
    {
        var found = RecordRows.FindRecordOfFile(scope.Connection, filePid) is { } id ? RecordRows.Read(scope.Connection, types, id) : null;
        record = found!;
        file = found?.Files.First(one => one.Pid == filePid)!;
        refusal = Refuse(user, found)!;
        return refusal is null;
    }

    private static RecordSnapshot Touch(WriteScope scope, RecordSnapshot record, HostUser user, IEnumerable<FileSnapshot> files)
    {
        var next = RecordSaver.Touch(scope, record, user) with { Files = files.ToList() };
        RecordRows.Update(scope, next, RecordRows.FieldsOf(next));
        return next;
    }
}
