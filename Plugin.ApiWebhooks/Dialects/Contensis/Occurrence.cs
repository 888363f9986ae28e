using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>A change in Contensis' words, as topics are compared with it. What the resource lacks is null.</summary>
internal readonly record struct Occurrence(Change Change, string ResourceType, string Event)
{
    public bool IsAsset => ResourceType == ContensisEvents.Asset;

    public bool IsUser => ResourceType == ContensisEvents.User;

    /// <summary>The content type of an entry; of an asset what kind of file it is.</summary>
    public string? ContentTypeId => IsUser ? null : IsAsset ? AssetTypes.Of(Change.File!.MediaType) : Change.Record?.Type;

    public string? Language => Change.Record?.Language;

    public string? Owner => Change.Record?.Owner;

    public string? DataFormat => IsUser ? null : ResourceType;

    /// <summary>The host's own identifier; of a user the name.</summary>
    public string? Pid => IsUser ? Change.User!.Name : IsAsset ? Change.File!.Pid : Change.Record?.Pid;

    /// <summary>The step whose event was raised.</summary>
    public WorkflowStep? Raised => Event == ContensisEvents.WorkflowEventRaised ? Change.Workflow : null;

    /// <summary>The step that led to a new state.</summary>
    public WorkflowStep? Entered => Event == ContensisEvents.WorkflowStateChanged ? Change.Workflow : null;

    /// <summary>The resource's UUID.</summary>
    public Guid Id => IsUser ? ContensisIds.OfUser(Change.User!.Name) : IsAsset ? ContensisIds.OfFile(Change.File!) : ContensisIds.OfRecord(Change.Record!);

    /// <summary>The words for a change, or null when Contensis has none.</summary>
    public static Occurrence? Of(Change change)
    {
        if (ContensisEvents.Of(change.Kind) is not { } words)
            return null;
        // A log entry without its subject, from a host that forgot it, concerns nobody.
        var isWhole = words.ResourceType switch
        {
            ContensisEvents.Asset => change.File is not null,
            ContensisEvents.User => change.User is not null,
            _ => change.Record is not null,
        };
        return isWhole ? new Occurrence(change, words.ResourceType, words.Event) : null;
    }

    /// <summary>The second word for a change that has two: a step of a workflow into the archive, or out of it, is also an event of the entry.</summary>
    public static Occurrence? SecondOf(Change change)
    {
        if (change is not { Kind: ChangeKind.WorkflowStateChanged, Record: not null, Workflow: { } step })
            return null;
        var (from, to) = (IsArchive(step.FromState), IsArchive(step.ToState));
        return from == to ? null : new Occurrence(change, ContensisEvents.Entry, to ? "archived" : "unarchived");
    }

    private static bool IsArchive(string state) => state.Equals("archived", StringComparison.OrdinalIgnoreCase);
}
