using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// One topic of a subscription. Its fields narrow it: all of them must hold, and of a field's values one. A field without values narrows nothing; one that the
/// resource lacks never holds.
/// </summary>
internal sealed record Topic
{
    public required string ResourceType { get; init; }

    /// <summary>Names of events; every one of the resource type when empty.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    public IReadOnlyList<string> ContentTypeIds { get; init; } = [];

    public IReadOnlyList<string> Languages { get; init; } = [];

    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>Single resources, by UUID or by the host's own identifier.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    public IReadOnlyList<string> DataFormats { get; init; } = [];

    /// <summary><c>workflowId.state.event</c>, with the state the event was raised in.</summary>
    public IReadOnlyList<string> WorkflowEvents { get; init; } = [];

    /// <summary><c>workflowId.state</c>, with the state that was entered.</summary>
    public IReadOnlyList<string> WorkflowStates { get; init; } = [];

    /// <summary>Whether a change is of this topic.</summary>
    public bool Matches(in Occurrence what) =>
        Same(ResourceType, what.ResourceType)
        && Holds(Events, what.Event)
        && Holds(ContentTypeIds, what.ContentTypeId)
        && Holds(Languages, what.Language)
        && Holds(Owners, what.Owner)
        && Holds(DataFormats, what.DataFormat)
        && (WorkflowEvents.Count == 0 || what.Raised is { } raised && HoldsEvent(raised))
        && (WorkflowStates.Count == 0 || what.Entered is { } entered && HoldsState(entered))
        && (Ids.Count == 0 || HoldsId(what));

    private static bool Holds(IReadOnlyList<string> wanted, string? value)
    {
        if (wanted.Count == 0)
            return true;
        for (var i = 0; i < wanted.Count; i++)
        {
            if (Same(wanted[i], value))
                return true;
        }
        return false;
    }

    // Case does not matter anywhere: languages and workflow ids differ in it between Contensis' own samples.
    private static bool Same(string wanted, string? value) => string.Equals(wanted, value, StringComparison.OrdinalIgnoreCase);

    private bool HoldsEvent(WorkflowStep step)
    {
        foreach (var wanted in WorkflowEvents)
        {
            if (IsJoined(wanted, step.Workflow, step.FromState, step.EventName))
                return true;
        }
        return false;
    }

    private bool HoldsState(WorkflowStep step)
    {
        foreach (var wanted in WorkflowStates)
        {
            if (IsJoined(wanted, step.Workflow, step.ToState))
                return true;
        }
        return false;
    }

    private bool HoldsId(in Occurrence what)
    {
        if (Holds(Ids, what.Pid))
            return true;
        var id = what.Id;
        foreach (var wanted in Ids)
        {
            if (Guid.TryParse(wanted, out var one) && one == id)
                return true;
        }
        return false;
    }

    // Compared piece by piece: this is asked for each change and topic.
    private static bool IsJoined(string text, params ReadOnlySpan<string> parts)
    {
        var rest = text.AsSpan();
        for (var i = 0; i < parts.Length; i++)
        {
            if (!rest.StartsWith(parts[i], StringComparison.OrdinalIgnoreCase))
                return false;
            rest = rest[parts[i].Length..];
            if (i == parts.Length - 1)
                return rest.IsEmpty;
            if (rest.IsEmpty || rest[0] != '.')
                return false;
            rest = rest[1..];
        }
        return false;
    }
}
