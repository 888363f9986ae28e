using Dam.Hosting;
using SampleHost.Records;
using SampleHost.Storage;

namespace SampleHost.Workflow;

/// <summary>Raises workflow events on records.</summary>
internal sealed class RecordWorkflow(SavePipeline pipeline, ContentTypes types, ScheduledPublications scheduled)
{
    /// <summary>The workflow a record passes through, or null.</summary>
    public WorkflowDefinition? Of(RecordSnapshot record) => Workflows.Find(types.Find(record.Type)?.Workflow);

    /// <summary>Raises an event.</summary>
    /// <param name="at">When to publish, for a step that schedules; null for any other.</param>
    public async Task<SaveResult> RaiseAsync(
        long id, string eventName, HostUser user, ChangeOrigin via, CancellationToken cancellationToken, DateTimeOffset? at = null)
    {
        var result = await pipeline.CommitAsync(scope => Raise(scope, id, eventName, user, via, at), cancellationToken);
        if (at is not null && result is SaveResult.Saved)
            scheduled.Look();
        return result;
    }

    private SaveResult Raise(WriteScope scope, long id, string eventName, HostUser user, ChangeOrigin via, DateTimeOffset? at)
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

        if (FindTimeFault(transition, at, scope.Now) is { } fault)
            return new SaveResult.Invalid([new FieldError("at", fault)]);

        var next = RecordSaver.Touch(scope, current, user) with
        {
            WorkflowState = transition.ToState,
            Draft = transition.Publishes is { } publishes ? !publishes : current.Draft,
        };
        RecordRows.Update(scope, next, RecordRows.FieldsOf(next));
        // Whatever the step is, what was scheduled before holds no longer.
        ScheduledPublications.Remove(scope, id);
        if (transition.Schedules)
            ScheduledPublications.Add(scope, id, at!.Value, user.Name);
        var step = new WorkflowStep(workflow.Id, transition.EventName, transition.FromState, transition.ToState);
        var changes = new ChangeWriter(scope, user, via);
        var before = RecordSaver.StatusOf(current);
        changes.Append(ChangeKind.WorkflowEventRaised, next, change => change with { Workflow = step, PreviousStatus = before });
        changes.Append(ChangeKind.WorkflowStateChanged, next, change => change with { Workflow = step, PreviousStatus = before });
        if (next.Draft != current.Draft)
            changes.Append(next.Draft ? ChangeKind.RecordUnpublished : ChangeKind.RecordPublished, next, change => change with { PreviousStatus = before });

        return new SaveResult.Saved(next, changes.Changes);
    }

    private static string? FindTimeFault(Transition transition, DateTimeOffset? at, DateTimeOffset now)
    {
        if (!transition.Schedules)
            return at is null ? null : $"The event {transition.EventName} takes no time.";
        return at is null || at <= now ? $"The event {transition.EventName} takes a time to come, such as {now.AddDays(1):yyyy-MM-dd'T'HH:mm:ss'Z'}." : null;
    }

    private static string Explain(WorkflowDefinition workflow, string? state, string eventName)
    {
        var possible = string.Join(", ", workflow.From(state).Select(transition => transition.EventName));
        return $"The workflow {workflow.Id} knows no event '{eventName}' in the state {state}. Possible now: {possible}.";
    }
}
