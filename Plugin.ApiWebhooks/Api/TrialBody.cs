using System.Text.Json;
using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Api;

/// <summary>Reads the bodies of trials.</summary>
internal static class TrialBody
{
    /// <summary>Reads <c>event</c> and <c>recordId</c>, both optional.</summary>
    /// <param name="body">The JSON object.</param>
    /// <param name="known">The keys that may stand in it.</param>
    /// <param name="wish">What is asked for.</param>
    /// <param name="fault">What is wrong; empty when nothing is.</param>
    public static bool TryReadWish(JsonElement body, IReadOnlyList<string> known, out TrialWish wish, out string fault)
    {
        wish = new TrialWish(null, null);
        fault = "";
        if (body.EnumerateObject().Select(each => each.Name).FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            fault = Nearest.To(unknown, known) is { } guess ? $"The key \"{unknown}\" is not known. Did you mean \"{guess}\"?" : $"The key \"{unknown}\" is not known. Known are: {string.Join(", ", known)}.";
        else if (body.TryGetProperty("event", out var name) && name.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            fault = "event must be a text: the name of an event.";
        else if (body.TryGetProperty("recordId", out var record) && record.ValueKind != JsonValueKind.Null && !(record.ValueKind == JsonValueKind.Number && record.TryGetInt64(out _)))
            fault = "recordId must be a whole number: the id of a record.";
        else
            wish = new TrialWish(TextOf(body, "event"), body.TryGetProperty("recordId", out var id) && id.ValueKind == JsonValueKind.Number ? id.GetInt64() : null);
        return fault.Length == 0;
    }

    /// <summary>Reads <c>hook</c>, an entry of <c>hooks[]</c>, and what it is tried with.</summary>
    public static bool TryReadPreview(JsonObject body, out JsonObject hook, out TrialWish wish, out string fault)
    {
        hook = body["hook"] as JsonObject ?? [];
        using var document = JsonDocument.Parse(body.ToJsonString());
        if (!TryReadWish(document.RootElement, ["hook", "event", "recordId"], out wish, out fault))
            return false;
        if (body["hook"] is not JsonObject)
            fault = "hook must be an object: an entry of hooks[] as config.json has it.";
        return fault.Length == 0;
    }

    private static string? TextOf(JsonElement body, string key) => body.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
