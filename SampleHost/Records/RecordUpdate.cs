using Dam.Hosting;
using SampleHost.Accounts;
using SampleHost.Workflow;

namespace SampleHost.Records;

/// <summary>What an update comes to: one of the nested records. Pure, so that it can be decided before the hooks and again in the transaction.</summary>
internal abstract record UpdateDecision
{
    private UpdateDecision()
    {
    }

    public sealed record Refused(SaveResult Result) : UpdateDecision;

    /// <summary>The record as it is and as it should become; the version counted up only when something differs.</summary>
    public sealed record Go(
        RecordSnapshot Current, RecordSnapshot Next, IReadOnlyDictionary<string, IReadOnlyList<string>> Values, IReadOnlyList<ChangedField> ChangedFields)
        : UpdateDecision
    {
        public bool SettingsChanged => Next.Private != Current.Private;

        public bool DraftChanged => Next.Draft != Current.Draft;

        public bool Moved => Next.Collection != Current.Collection;

        public bool ChangesNothing => ChangedFields.Count == 0 && !SettingsChanged && !DraftChanged && !Moved;
    }
}

internal static class RecordUpdate
{
    public static UpdateDecision Decide(ContentTypes types, RecordSnapshot? current, UpdateRequest request)
    {
        if (RecordAccess.Refuse(request.User, current) is { } refusal)
            return new UpdateDecision.Refused(refusal);
        if (request.ExpectedVersion is { } expected && expected != current!.Version)
            return new UpdateDecision.Refused(new SaveResult.Stale(current));
        if (types.Find(current!.Type) is not { } type)
            return new UpdateDecision.Refused(new SaveResult.Cancelled($"This host has no content type '{current.Type}' any more."));

        if (request.MoveTo is { } destination && destination.Collection != current.Collection && !Rights.CanInsert(request.User, destination.Collection))
            return new UpdateDecision.Refused(new SaveResult.Forbidden(
                $"The user {request.User.Name} may not create records there, and so not move any there; it takes the role {Roles.Editor}."));

        var before = RecordRows.FieldsOf(current);
        var check = FieldRules.Check(type, before, request.Fields);
        if (check.Errors.Count > 0)
            return new UpdateDecision.Refused(new SaveResult.Invalid(check.Errors));

        var next = current with
        {
            Title = check.Values["title"][0],
            Private = request.Private ?? current.Private,
            Draft = request.Draft ?? current.Draft,
            Collection = request.MoveTo is { } to ? to.Collection : current.Collection,
        };
        if (current.Draft && !next.Draft && Workflows.RefusePublishing(type, current.WorkflowState) is { } unapproved)
            return new UpdateDecision.Refused(unapproved);
        return new UpdateDecision.Go(current, next, check.Values, FieldRules.Diff(type, before, check.Values));
    }
}
