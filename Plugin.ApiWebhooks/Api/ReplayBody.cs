using System.Text.Json;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Replay;

namespace Plugin.ApiWebhooks.Api;

/// <summary>
/// Reads the body of a request for a replay: <c>which</c>, <c>from</c> and <c>to</c> (times) or <c>after</c> and <c>upTo</c> (positions), <c>dryRun</c>.
/// </summary>
internal static class ReplayBody
{
    private static readonly string[] Keys = ["which", "from", "to", "after", "upTo", "dryRun"];

    /// <summary>Reads.</summary>
    /// <param name="body">The JSON object.</param>
    /// <param name="fault">What is wrong; empty when nothing is.</param>
    public static ReplayRequest? Read(JsonElement body, out string fault)
    {
        fault = body.EnumerateObject().Select(each => each.Name).FirstOrDefault(name => !Keys.Contains(name)) is { } unknown
            ? $"The key \"{unknown}\" is not known. Known are {string.Join(", ", Keys)}."
            : "";
        var which = Which(body, ref fault);
        var request = new ReplayRequest(which)
        {
            From = Time(body, "from", ref fault),
            To = Time(body, "to", ref fault),
            After = Position(body, "after", ref fault),
            UpTo = Position(body, "upTo", ref fault),
            DryRun = Flag(body, "dryRun", ref fault),
        };
        if (fault.Length == 0)
            fault = FindContradiction(request);
        return fault.Length == 0 ? request : null;
    }

    private static string FindContradiction(ReplayRequest request)
    {
        if ((request.From ?? request.To) is not null && (request.After ?? request.UpTo) is not null)
            return "Give from and to (times), or after and upTo (positions), not both.";
        if (request.From >= request.To)
            return "from must be before to: from is the first instant, to the first that is not replayed any more.";
        return request.After > request.UpTo ? "after must not be greater than upTo." : "";
    }

    private static ReplayWhich Which(JsonElement body, ref string fault)
    {
        if (!Has(body, "which", out var value))
            return ReplayWhich.NeverDelivered;
        if (value.ValueKind == JsonValueKind.String && ReplayNames.FindWhich(value.GetString()) is { } which)
            return which;
        Refuse(ref fault, $"which must be one of: {string.Join(", ", Enum.GetValues<ReplayWhich>().Select(ReplayNames.Of))}.");
        return default;
    }

    private static DateTimeOffset? Time(JsonElement body, string key, ref string fault)
    {
        if (!Has(body, key, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.String && IsoTime.TryParse(value.GetString(), out var at))
            return at;
        Refuse(ref fault, $"{key} must be {IsoTime.Forms}.");
        return null;
    }

    private static long? Position(JsonElement body, string key, ref string fault)
    {
        if (!Has(body, key, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var position) && position >= 0)
            return position;
        Refuse(ref fault, $"{key} must be a whole number from 0: the sequence of a change.");
        return null;
    }

    private static bool Flag(JsonElement body, string key, ref string fault)
    {
        if (!Has(body, key, out var value))
            return false;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Refuse(ref fault, $"{key} must be true or false.");
        return false;
    }

    private static bool Has(JsonElement body, string key, out JsonElement value) => body.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;

    // The first fault is told.
    private static void Refuse(ref string fault, string found)
    {
        if (fault.Length == 0)
            fault = found;
    }
}
