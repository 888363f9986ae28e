using System.Text.Json.Nodes;
using Dam.Hosting;

namespace Plugin.ApiWebhooks.Configure.Stored;

/// <summary>A hook that was made by a call or on a page. In force it is like one of config.json, but what it is sent depends on the rights of its owner.</summary>
internal sealed record StoredHook
{
    /// <summary>What the outside calls it.</summary>
    public required Guid Id { get; init; }

    /// <summary>The hook's key; made from the id.</summary>
    public required string Key { get; init; }

    /// <summary>The dialect's name.</summary>
    public required string Dialect { get; init; }

    /// <summary>What its door groups hooks by, such as a project or an application; empty for none.</summary>
    public required string Scope { get; init; }

    /// <summary>The name of the user whose rights decide what it is sent.</summary>
    public required string Owner { get; init; }

    /// <summary>An entry of <c>hooks[]</c>, secrets in clear: never to be logged. Not to be changed: it is shared.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>What its door gives back and nothing else needs; not secret, and not to be changed.</summary>
    public JsonObject? Extra { get; init; }

    /// <summary>1 when made, one more with each save.</summary>
    public required int Version { get; init; }

    /// <summary>When it was made (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The name of the user who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was last saved (UTC).</summary>
    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>The name of the user who saved it last.</summary>
    public required string ModifiedBy { get; init; }

    /// <summary>When, by whom and until when it was deleted; null for one that is there.</summary>
    public HookDeletion? Deletion { get; init; }

    /// <summary>The key of the hook with an id.</summary>
    public static string KeyOf(Guid id) => $"stored-{id:N}";

    /// <summary>The key: the rest holds secrets.</summary>
    public override string ToString() => Key;
}

/// <summary>A deletion that can be undone.</summary>
/// <param name="At">When it was deleted (UTC).</param>
/// <param name="By">The name of the user who deleted it.</param>
/// <param name="RemoveAt">Until when it can be had back (UTC).</param>
internal sealed record HookDeletion(DateTimeOffset At, string By, DateTimeOffset RemoveAt);

/// <summary>A hook to be made.</summary>
/// <param name="Settings">An entry of <c>hooks[]</c> in the words of config.json, <c>dialect</c> included and without <c>key</c>.</param>
/// <param name="Owner">The name of the user whose rights decide what it is sent, and who makes it.</param>
internal sealed record NewStoredHook(JsonObject Settings, string Owner)
{
    /// <summary>What its door groups hooks by; empty for none.</summary>
    public string Scope { get; init; } = "";

    /// <summary>What its door gives back and nothing else needs; not secret.</summary>
    public JsonObject? Extra { get; init; }
}

/// <summary>What a hook is to become.</summary>
/// <param name="Settings">The whole of its settings.</param>
/// <param name="By">The name of the user who saves.</param>
internal sealed record StoredHookEdit(JsonObject Settings, string By)
{
    /// <summary>What its door gives back.</summary>
    public JsonObject? Extra { get; init; }

    /// <summary>The version that the edit began with; null saves whatever was saved meanwhile.</summary>
    public int? ExpectedVersion { get; init; }
}

/// <summary>How making or saving a hook ended: one of the nested records, and no other.</summary>
internal abstract record StoreResult
{
    private StoreResult()
    {
    }

    /// <summary>It is in force: the next change is matched by it.</summary>
    public sealed record Stored(StoredHook Hook) : StoreResult;

    /// <summary>Its settings are faulty; nothing was stored. Places begin within the hook, such as <c>url</c> or <c>headers.X-A</c>.</summary>
    public sealed record Refused(IReadOnlyList<PluginFault> Faults) : StoreResult;

    /// <summary>There is no such hook.</summary>
    public sealed record NotFound : StoreResult;

    /// <summary>Somebody else saved it meanwhile; nothing was stored.</summary>
    public sealed record Stale(StoredHook Current) : StoreResult;
}
