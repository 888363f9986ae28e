using SampleHost.Accounts;
using SampleHost.Records;

namespace SampleHost.Workflow;

/// <summary>A state machine that records of a type pass through.</summary>
internal sealed record WorkflowDefinition(string Id, string InitialState, IReadOnlyList<Transition> Transitions)
{
    /// <summary>
    /// The state in which a record may be published, or null when publication is no affair of the workflow. With such a state records begin as drafts, and steps publish
    /// and withdraw them.
    /// </summary>
    public string? PublishedState { get; init; }

    /// <summary>The event named in the step that the host itself takes when the time of a scheduled publication has come. Nobody can raise it.</summary>
    public const string DueEvent = "publish";

    /// <summary>What can be raised in a state, in order.</summary>
    public IReadOnlyList<Transition> From(string? state) =>
        Transitions.Where(transition => transition.FromState == state).ToList();

    /// <summary>The step an event leads to in a state, or null.</summary>
    /// <param name="state">The state the record is in.</param>
    /// <param name="eventName">The event, or workflow, state and event as <c>workflow.state.event</c>; upper and lower case do not matter.</param>
    public Transition? Find(string? state, string eventName) =>
        From(state).FirstOrDefault(transition =>
            transition.EventName.Equals(eventName, StringComparison.OrdinalIgnoreCase)
            || $"{Id}.{transition.FromState}.{transition.EventName}".Equals(eventName, StringComparison.OrdinalIgnoreCase));
}

/// <summary>An event that leads from one state to another.</summary>
/// <param name="Role">The least role that may raise it.</param>
internal sealed record Transition(string FromState, string EventName, string ToState, string Role)
{
    /// <summary>Whether the step publishes the record (true), withdraws it (false) or leaves that as it is (null).</summary>
    public bool? Publishes { get; init; }

    /// <summary>Whether the step is given a time at which the host publishes the record.</summary>
    public bool Schedules { get; init; }
}

/// <summary>The workflows of this host.</summary>
internal static class Workflows
{
    /// <summary>Someone writes, someone else approves.</summary>
    public static WorkflowDefinition Basic { get; } = new("basic", "draft",
    [
        new Transition("draft", "submit", "submitted", Roles.Editor),
        new Transition("submitted", "approve", "approved", Roles.Admin),
        new Transition("submitted", "decline", "declined", Roles.Admin),
        new Transition("submitted", "revoke", "draft", Roles.Editor),
        new Transition("declined", "submit", "submitted", Roles.Editor),
        new Transition("declined", "revise", "draft", Roles.Editor),
        new Transition("approved", "reopen", "draft", Roles.Editor),
    ]);

    /// <summary>
    /// Content that is published when somebody approves it, at once or at a set time, with the states and events of Contensis' workflow of that id. Added:
    /// <c>versionComplete.revise</c>, since a record has one version here and goes back to being written; and <c>archive</c> and <c>unarchive</c> as events.
    /// </summary>
    public static WorkflowDefinition EntryApproval { get; } = new("contensisEntryApproval", "draft",
    [
        new Transition("draft", "submit", "awaitingApproval", Roles.Editor),
        new Transition("draft", "submitAndApprove", VersionComplete, Roles.Admin) { Publishes = true },
        new Transition("draft", "submitAndScheduledApprove", Scheduled, Roles.Admin) { Schedules = true },
        new Transition("draft", "archive", Archived, Roles.Editor) { Publishes = false },
        new Transition("awaitingApproval", "revoke", "draft", Roles.Editor),
        new Transition("awaitingApproval", "decline", "declined", Roles.Admin),
        new Transition("awaitingApproval", "approve", VersionComplete, Roles.Admin) { Publishes = true },
        new Transition("awaitingApproval", "scheduledApprove", Scheduled, Roles.Admin) { Schedules = true },
        new Transition(Scheduled, "cancel", "draft", Roles.Admin),
        new Transition(Scheduled, "publishNow", VersionComplete, Roles.Admin) { Publishes = true },
        new Transition("declined", "submit", "awaitingApproval", Roles.Editor),
        new Transition("declined", "archive", Archived, Roles.Editor) { Publishes = false },
        new Transition(VersionComplete, "revise", "draft", Roles.Editor) { Publishes = false },
        new Transition(VersionComplete, "archive", Archived, Roles.Editor) { Publishes = false },
        new Transition(Archived, "unarchive", "draft", Roles.Editor),
    ])
    {
        PublishedState = VersionComplete,
    };

    /// <summary>Content that whoever writes it publishes too, with the states and events of Contensis' workflow of that id.</summary>
    public static WorkflowDefinition EntryBasic { get; } = new("contensisEntryBasic", "draft",
    [
        new Transition("draft", "submit", VersionComplete, Roles.Editor) { Publishes = true },
        new Transition("draft", "archive", Archived, Roles.Editor) { Publishes = false },
        new Transition(VersionComplete, "revise", "draft", Roles.Editor) { Publishes = false },
        new Transition(VersionComplete, "archive", Archived, Roles.Editor) { Publishes = false },
        new Transition(Archived, "unarchive", "draft", Roles.Editor),
    ])
    {
        PublishedState = VersionComplete,
    };

    public static IReadOnlyList<WorkflowDefinition> All { get; } = [Basic, EntryApproval, EntryBasic];

    private const string VersionComplete = "versionComplete";

    private const string Scheduled = "scheduled";

    private const string Archived = "archived";

    /// <summary>The workflow of an id, in upper or lower case, or null.</summary>
    public static WorkflowDefinition? Find(string? id) => All.FirstOrDefault(workflow => workflow.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>Why a record may not be published now, or null when it may: what takes an approval is not published round it.</summary>
    public static SaveResult? RefusePublishing(ContentType? type, string? state) =>
        Find(type?.Workflow) is { PublishedState: { } published } workflow && state != published
            ? new SaveResult.Cancelled($"The workflow {workflow.Id} publishes records in the state {published} only; this one is in the state {state}.")
            : null;
}
