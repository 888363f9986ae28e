using System.Text.Json;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Api;

/// <summary>Reads the body of a resuming: <c>held</c>, which is <c>deliver</c> (default), <c>cancel</c> or <c>keep</c>.</summary>
internal static class ResumeBody
{
    /// <summary>Reads.</summary>
    /// <param name="body">The JSON object.</param>
    /// <param name="fault">What is wrong; empty when nothing is.</param>
    public static HeldChoice? Read(JsonElement body, out string fault)
    {
        fault = "";
        if (body.EnumerateObject().Select(each => each.Name).FirstOrDefault(name => name != "held") is { } unknown)
            fault = $"The key \"{unknown}\" is not known. Known is held.";
        else if (!body.TryGetProperty("held", out var value))
            return HeldChoice.Deliver;
        else if (value.ValueKind == JsonValueKind.String && Find(value.GetString()) is { } choice)
            return choice;
        else
            fault = "held must be one of: deliver, cancel, keep.";
        return null;
    }

    private static HeldChoice? Find(string? name) => name switch
    {
        "deliver" => HeldChoice.Deliver,
        "cancel" => HeldChoice.Cancel,
        "keep" => HeldChoice.Keep,
        _ => null,
    };
}
