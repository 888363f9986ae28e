using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Api;

/// <summary>How the audit list names subscriptions and tells what was changed in them: keys of settings and servers, never a value, which may be secret.</summary>
internal static class AuditedHooks
{
    public static AuditSubject SubjectOf(StoredHook hook) => AuditSubject.Subscription(hook.Key, Find(hook.Settings, "label"), hook.Owner);

    /// <summary>The dialect and the server of a new one.</summary>
    public static string Describe(StoredHook hook) => Uri.TryCreate(Find(hook.Settings, "url"), UriKind.Absolute, out var url)
        ? $"{hook.Dialect}, to {url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}"
        : hook.Dialect;

    /// <summary>Which settings two versions differ in.</summary>
    public static string DescribeChange(JsonObject before, JsonObject after)
    {
        var keys = before.Select(each => each.Key).Concat(after.Select(each => each.Key)).Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(key => !JsonNode.DeepEquals(Value(before, key), Value(after, key))).ToList();
        return keys.Count == 0 ? "nothing" : string.Join(", ", keys);
    }

    /// <summary>What is to become of what is held.</summary>
    public static string Describe(HeldChoice held) => held switch
    {
        HeldChoice.Keep => "what is held is kept",
        HeldChoice.Cancel => "what is held is given up",
        _ => "what is held is sent",
    };

    private static string? Find(JsonObject settings, string key) => Value(settings, key)?.ToString();

    private static JsonNode? Value(JsonObject settings, string key) => settings.FirstOrDefault(each => each.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;
}
