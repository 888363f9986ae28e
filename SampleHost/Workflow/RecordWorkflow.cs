using Dam.Hosting;
using SampleHost.Records;
using SampleHost.Storage;

namespace SampleHost.Workflow;

/// <summary>Raises workflow events on records.</summary>
internal sealed class RecordWorkflow(SavePipeline pipeline, ContentTypes types)
{
    /// <summary>The workflow a record passes through, or null.</summary>
    public WorkflowDefinition? Of(RecordSnapshot record) => Workflows.Find(types.Find(record.Type)?.Workflow);

    public Task<SaveResult> RaiseAsync(long id, string eventName, HostUser user, ChangeOrigin via, CancellationToken cancellationToken) =>
        pipeline.CommitAsync(scope => Raise(scope, id, eventName, user, via), cancellationToken);

    private SaveResult Raise(WriteScope scope, long id, string eventName, HostUser user, ChangeOrigin via)
    {
        var current = RecordRows.Read(scope.Connection, types, id);
        if (RecordAccess.Refuse(user, current) is { } refusal)
            return refusal;
        if (Of(current!) is not { } workflow)
            return new SaveResult.Cancelled($"Records of the type {current!.Type} pass through no workflow.");
        if (workflow.Find(current!.WorkflowState, eventName) is not { } transition)
            return new SaveResult.Cancelled(Explain(workflow, current.WorkflowState, eventName));
        if (RecordAccess.Refuse(user, current, transition.Role) is { } forbidden)
            return forbidden;

        var next = RecordSaver.Touch(scope, current, user) with
        {
            WorkflowState = transition.ToState,
            Draft = transition.Publishes is { } publishes ? !publishes : current.Draft,
        };
        RecordRows.Update(scope, next, RecordRows.FieldsOf(next));
        var step = new WorkflowStep(workflow.Id, transition.EventName, transition.FromState, transition.ToState);
        var changes = new ChangeWriter(scope, user, via);
        var before = RecordSaver.StatusOf(current);
        changes.Append(ChangeKind.WorkflowEventRaised, next, change => change with { Workflow = step, PreviousStatus = before });
        changes.Append(ChangeKind.WorkflowStateChanged, next, change => change with { Workflow = step, PreviousStatus = before });
        if (next.Draft != current.Draft)
            changes.Append(next.Draft ? ChangeKind.RecordUnpublished : ChangeKind.RecordPublished, next, change => change with { PreviousStatus = before });

        return new SaveResult.Saved(next, changes.Changes);
    }

    private static string Explain(WorkflowDefinition workflow, string? state, string eventName)
    {
        var possible = string.Join(", ", workflow.From(state).Select(transition => transition.EventName));
        return $"The workflow {workflow.Id} knows no event '{eventName}' in the state {state}. Possible now: {possible}.";
    }
}
