using Dam.Hosting;
using SampleHost.Changes;
using SampleHost.Storage;

namespace SampleHost.Records;

/// <summary>What every save has in common: one transaction for rows and change log, then the hooks.</summary>
internal sealed class SavePipeline(Database database, SaveHooks hooks)
{
    public SaveHooks Hooks => hooks;

    public Database Database => database;

    /// <summary>Runs the writing of a save. Any result but <see cref="SaveResult.Saved"/> undoes what was written.</summary>
    public async Task<SaveResult> CommitAsync(Func<WriteScope, SaveResult> write, CancellationToken cancellationToken)
    {
        var result = await database.WriteAsync(
            scope =>
            {
                var decided = write(scope);
                if (decided is not SaveResult.Saved)
                    scope.Undo();
                return decided;
            },
            cancellationToken);
        if (result is SaveResult.Saved saved && hooks.Any)
            await hooks.AfterAsync(saved.Changes);
        return result;
    }
}

/// <summary>Appends the changes of one save, all by the same actor at the same instant.</summary>
internal sealed class ChangeWriter(WriteScope scope, Actor actor, ChangeOrigin via)
{
    private readonly List<Change> _changes = [];

    public ChangeWriter(WriteScope scope, HostUser user, ChangeOrigin via)
        : this(scope, user.Actor, via)
    {
    }

    public IReadOnlyList<Change> Changes => _changes;

    public void Append(ChangeKind kind, RecordSnapshot? record, Func<Change, Change>? with = null)
    {
        var change = new Change
        {
            Sequence = 0,
            Id = Guid.CreateVersion7(scope.Now),
            Kind = kind,
            OccurredAt = scope.Now,
            Actor = actor,
            Via = via,
            Record = record,
            TraceParent = scope.TraceParent,
        };
        _changes.Add(ChangeLog.Append(scope, with is null ? change : with(change)));
    }
}
