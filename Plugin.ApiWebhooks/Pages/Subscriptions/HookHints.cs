using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>What config.schema.json says of the keys of a hook: the hints of the form.</summary>
internal sealed partial class HookHints
{
    private readonly JsonNode _schema = Read();

    /// <summary>The description of a key; null when there is none.</summary>
    /// <param name="path">The names of the keys that lead to it from the hook, such as <c>filter</c>, <c>fields</c>, <c>name</c>.</param>
    public string? Of(params ReadOnlySpan<string> path)
    {
        JsonNode? place = _schema["$defs"]!["hook"];
        foreach (var key in path)
            place = Follow(place?["properties"]?[key]);
        return place?["description"]?.GetValue<string>() is { } text ? Dialect().Replace(text, "") : null;
    }

    // What a list or a reference leads to; the description of the key itself comes first.
    private JsonNode? Follow(JsonNode? place)
    {
        var target = place?["items"] ?? place;
        if (target?["$ref"]?.GetValue<string>() is not { } reference || _schema["$defs"]![reference["#/$defs/".Length..]] is not JsonObject found)
            return place;
        if (place!["description"] is not { } own)
            return found;
        var described = found.DeepClone().AsObject();
        described["description"] = own.DeepClone();
        return described;
    }

    private static JsonNode Read()
    {
        using var stream = typeof(HookHints).Assembly.GetManifestResourceStream("config.schema.json")
            ?? throw new InvalidOperationException("The assembly has no config.schema.json.");
        return JsonNode.Parse(stream)!;
    }

    // The form is of one dialect already.
    [GeneratedRegex(@"^Dialects? [^.]*\. ")]
    private static partial Regex Dialect();
}
