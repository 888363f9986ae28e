using Dam.Hosting;
using Dapper;
using SampleHost.Accounts;
using SampleHost.Files;
using SampleHost.Storage;
using SampleHost.Workflow;
using static SampleHost.Records.RecordAccess;

namespace SampleHost.Records;

/// <summary>Changes records. Each save is one transaction with its entries in the change log, and its press key when it precedes a press.</summary>
/// <remarks>
/// 1. Check rights, version and values. 2. Ask the plugins' hooks, with no transaction held. 3. Check again and write, in the transaction.
/// 4. Commit; readers of the change log wake. 5. Tell the hooks. An update that finds at step 3 another version than the hooks
/// saw starts again at step 1.
/// </remarks>
internal sealed class RecordSaver(SavePipeline pipeline, ContentTypes types, RecordInsert inserts, UploadTemplates templates, FileStore store)
{
    public Task<SaveResult> InsertAsync(InsertRequest request, CancellationToken cancellationToken) => inserts.RunAsync(request, cancellationToken);

    public async Task<SaveResult> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        if (UploadTemplates.IsTemplate(request.RecordId))
            return await templates.SaveAsync(request, cancellationToken);
        while (true)
        {
            // 1. and 2. Without hooks there is nobody to ask, and the look at the record can wait for the transaction.
            long? seenVersion = null;
            if (pipeline.Hooks.Any)
            {
                var current = pipeline.Database.Read(connection => RecordRows.Read(connection, types, request.RecordId));
                if (current is not null && !pipeline.Database.Read(connection => PressKeyRows.Has(connection, request.PressKey)) && RecordUpdate.Decide(types, current, request) is UpdateDecision.Go go)
                {
                    var attempt = new SaveAttempt(current, go.Values, request.User.Actor);
                    if (await pipeline.Hooks.BeforeAsync(attempt, cancellationToken) is { } objection)
                        return objection;
                }

                seenVersion = current?.Version;
            }

            // 3. to 5.
            var moved = false;
            var result = await pipeline.CommitAsync(scope => Update(scope, request, seenVersion, out moved), cancellationToken);
            if (!moved)
                return result;
        }
    }

    public async Task<SaveResult> DeleteAsync(
        long id, HostUser user, ChangeOrigin via, long? expectedVersion, CancellationToken cancellationToken)
    {
        var result = await pipeline.CommitAsync(scope => Delete(scope, id, user, via, expectedVersion), cancellationToken);
        if (result is SaveResult.Saved saved)
            await store.CollectAsync(saved.Record.Files.Select(file => file.Sha256).ToList());
        return result;
    }

    /// <summary>Publishes a record or withdraws it. Publishing what is already published is said again in the change log; withdrawing a draft does nothing.</summary>
    public Task<SaveResult> SetPublishedAsync(long id, bool published, HostUser user, ChangeOrigin via, CancellationToken cancellationToken) =>
        pipeline.CommitAsync(scope => SetPublished(scope, id, published, user, via), cancellationToken);

    private SaveResult Update(WriteScope scope, UpdateRequest request, long? seenVersion, out bool moved)
    {
        moved = false;
        var current = RecordRows.Read(scope.Connection, types, request.RecordId);
        // The press key counts before the version: a form sent twice is stale by its own first sending.
        if (Refuse(request.User, current) is null && PressKeyRows.Has(scope.Connection, request.PressKey))
            return new SaveResult.AlreadyPressed(current!);

        var decision = RecordUpdate.Decide(types, current, request);
        if (decision is UpdateDecision.Refused refused)
            return refused.Result;
        if (seenVersion is not null && seenVersion != current!.Version)
        {
            moved = true;
            return new SaveResult.Stale(current);
        }

        var go = (UpdateDecision.Go)decision;
        var collectionId = go.Next.Collection is { } name ? Collections.FindId(scope.Connection, name) : null;
        if (go.Next.Collection is not null && collectionId is null)
            return new SaveResult.Invalid([new FieldError("collection", $"There is no collection '{go.Next.Collection}'.")]);
        PressKeyRows.Keep(scope, request);
        return go.ChangesNothing ? new SaveResult.Saved(current!, []) : Write(scope, request, go with { Next = go.Next with { CollectionId = collectionId } });
    }

    private SaveResult.Saved Write(WriteScope scope, UpdateRequest request, UpdateDecision.Go go)
    {
        var next = Touch(scope, go.Next, request.User) with { Fields = RecordRows.Order(types, go.Next.Type, go.Values) };
        RecordRows.Update(scope, next, go.Values);
        // Each tells what the whole save changed of the record, so that a reader who wants one message for one save can choose.
        var before = go.SettingsChanged || go.DraftChanged ? StatusOf(go.Current) : null;
        var changes = new ChangeWriter(scope, request.User, request.Via);
        if (go.ChangedFields.Count > 0 || go.SettingsChanged)
            changes.Append(ChangeKind.MetadataChanged, next, change => change with { ChangedFields = go.ChangedFields, PreviousStatus = before });
        if (go.Moved)
        {
            changes.Append(ChangeKind.RecordMoved, next, change => change with
            {
                ChangedFields = go.ChangedFields,
                PreviousStatus = before,
                PreviousCollection = PlaceOf(go.Current),
            });
        }

        if (go.DraftChanged)
            changes.Append(next.Draft ? ChangeKind.RecordUnpublished : ChangeKind.RecordPublished, next, change => change with { PreviousStatus = before });
        return new SaveResult.Saved(next, changes.Changes);
    }

    private SaveResult Delete(WriteScope scope, long id, HostUser user, ChangeOrigin via, long? expectedVersion)
    {
        var current = RecordRows.Read(scope.Connection, types, id);
        if (Refuse(user, current) is { } refusal)
            return refusal;
        if (expectedVersion is { } expected && expected != current!.Version)
            return new SaveResult.Stale(current);
        var below = scope.Connection.ExecuteScalar<long>("SELECT count(*) FROM records WHERE parent_id = @id", new { id });
        if (below > 0)
            return new SaveResult.Cancelled($"{below} records lie below this one. Delete or move them first.");

        RecordRows.Delete(scope, id);
        var changes = new ChangeWriter(scope, user, via);
        changes.Append(ChangeKind.RecordDeleted, current);
        return new SaveResult.Saved(current!, changes.Changes);
    }

    private SaveResult SetPublished(WriteScope scope, long id, bool published, HostUser user, ChangeOrigin via)
    {
        var current = RecordRows.Read(scope.Connection, types, id);
        if (Refuse(user, current) is { } refusal)
            return refusal;
        if (!published && current!.Draft)
            return new SaveResult.Saved(current, []);
        if (published && Workflows.RefusePublishing(types.Find(current!.Type), current.WorkflowState) is { } unapproved)
            return unapproved;

        var next = current!;
        if (current!.Draft == published)
        {
            next = Touch(scope, current, user) with { Draft = !published };
            RecordRows.Update(scope, next, RecordRows.FieldsOf(next));
        }

        var changes = new ChangeWriter(scope, user, via);
        changes.Append(published ? ChangeKind.RecordPublished : ChangeKind.RecordUnpublished, next, change => change with
        {
            PreviousStatus = next.Draft == current.Draft ? null : StatusOf(current),
        });
        return new SaveResult.Saved(next, changes.Changes);
    }

    /// <summary>Counts the version up and notes who changed the record, and when.</summary>
    internal static RecordSnapshot Touch(WriteScope scope, RecordSnapshot record, HostUser user) =>
        record with { Version = record.Version + 1, ModifiedAt = scope.Now, ModifiedBy = user.Name };

    /// <summary>What of a record decides who sees it, for the change that says that it was so before.</summary>
    internal static RecordStatus StatusOf(RecordSnapshot record) => new(record.Private, record.Draft, record.WorkflowState);

    private static CollectionRef? PlaceOf(RecordSnapshot record) =>
        record is { Collection: { } name, CollectionId: { } id } ? new CollectionRef(id, name) : null;
}
