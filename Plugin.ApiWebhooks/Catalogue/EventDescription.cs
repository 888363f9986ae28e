using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Dam.Hosting;

namespace Plugin.ApiWebhooks.Catalogue;

/// <summary>One event that a dialect can send, for the event catalogue.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Description">When it is sent, in a sentence for people.</param>
/// <param name="Kind">The kind of change it tells of; null for a notice of the plugin itself.</param>
/// <param name="PayloadType">The type of its body, of which the JSON Schema is made; null where <see cref="CompleteSchema"/> says all of it.</param>
internal sealed record EventDescription(string Name, string Description, ChangeKind? Kind, JsonTypeInfo? PayloadType)
{
    /// <summary>Tells bodies of one event apart that look different, such as <c>legacy</c>; null for the usual one.</summary>
    public string? Form { get; init; }

    /// <summary>The dialect's own keys of a hook that is sent this event, as a JSON object. The example is rendered by the rules that are read from it.</summary>
    public string Hook { get; init; } = "{}";

    /// <summary>Makes of the example change of <see cref="Kind"/> one that this event tells of; null where any does.</summary>
    public Func<Change, Change>? Shape { get; init; }

    /// <summary>Adds to the schema what the type cannot say: keys that depend on the hook, constant values.</summary>
    public Action<JsonObject>? CompleteSchema { get; init; }
}
