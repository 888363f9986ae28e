namespace SampleHost.Workflow;

/// <summary>A state machine that records of a type pass through.</summary>
internal sealed record WorkflowDefinition(string Id, string InitialState, IReadOnlyList<Transition> Transitions)
{
    /// <summary>What can be raised in a state, in order.</summary>
    public IReadOnlyList<Transition> From(string? state) =>
        Transitions.Where(transition => transition.FromState == state).ToList();

    public Transition? Find(string? state, string eventName) =>
        From(state).FirstOrDefault(transition => transition.EventName.Equals(eventName, StringComparison.OrdinalIgnoreCase));
}

/// <summary>An event that leads from one state to another.</summary>
/// <param name="Role">The least role that may raise it.</param>
internal sealed record Transition(string FromState, string EventName, string ToState, string Role);

/// <summary>The workflows of this host.</summary>
internal static class Workflows
{
    /// <summary>Someone writes, someone else approves.</summary>
    public static WorkflowDefinition Basic { get; } = new("basic", "draft",
    [
        new Transition("draft", "submit", "submitted", Accounts.Roles.Editor),
        new Transition("submitted", "approve", "approved", Accounts.Roles.Admin),
        new Transition("submitted", "decline", "declined", Accounts.Roles.Admin),
        new Transition("submitted", "revoke", "draft", Accounts.Roles.Editor),
        new Transition("declined", "submit", "submitted", Accounts.Roles.Editor),
        new Transition("declined", "revise", "draft", Accounts.Roles.Editor),
        new Transition("approved", "reopen", "draft", Accounts.Roles.Editor),
    ]);

    public static IReadOnlyList<WorkflowDefinition> All { get; } = [Basic];

    public static WorkflowDefinition? Find(string? id) => All.FirstOrDefault(workflow => workflow.Id == id);
}
