using System.Text.Json;
using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Configure.Stored;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>A subscription as a request describes it: in the words of <c>hooks[]</c>, and what only its readers need beside them.</summary>
internal sealed class SubscriptionRequest
{
    private const int LongestLabel = 200;

    // What this API speaks of. Any other key of a hook, set over another API, is none of its business and stays.
    private static readonly string[] Own = ["dialect", "project", "label", "description", "url", "enabled", "method", "topics", "headers", "templates"];

    private readonly List<FieldError> _faults = [];

    private SubscriptionRequest(JsonElement body) => Body = body;

    /// <summary>The request.</summary>
    public JsonElement Body { get; }

    /// <summary>What is wrong with it; what the dialect finds is not among it.</summary>
    public IReadOnlyList<FieldError> Faults => _faults;

    /// <summary>An entry of <c>hooks[]</c>.</summary>
    public JsonObject Settings { get; } = [];

    /// <summary>Name and description in the form in which they came, and what else is only given back.</summary>
    public JsonObject Extra { get; } = [];

    /// <summary>The version that was read before the edit; null when none that ever was is named.</summary>
    public int? Version { get; private set; }

    /// <summary>Whether it brings templates.</summary>
    public bool HasTemplates => Settings["templates"] is JsonObject { Count: > 0 };

    /// <summary>Reads a request.</summary>
    /// <param name="body">The body, an object.</param>
    /// <param name="project">The project it belongs to.</param>
    /// <param name="current">The subscription it replaces, or null for a new one.</param>
    public static SubscriptionRequest Read(JsonElement body, string project, StoredHook? current)
    {
        var request = new SubscriptionRequest(body);
        foreach (var (key, value) in current?.Settings ?? [])
        {
            if (!Own.Contains(key, StringComparer.OrdinalIgnoreCase))
                request.Settings[key] = value?.DeepClone();
        }
        request.Settings["dialect"] = "contensis";
        request.Settings["project"] = project;
        request.ReadUrl();
        request.ReadNames();
        request.ReadEnabled(current);
        request.Copy("method", JsonValueKind.String, "Write a text such as \"POST\".");
        request.ReadTopics();
        request.ReadHeaders(current);
        request.Copy("templates", JsonValueKind.Object, "Write an object with a template for each resource type.");
        if (request.Member("ui") is { } ui)
            request.Extra["ui"] = Node(ui);
        request.ReadVersion();
        return request;
    }

    private void ReadUrl()
    {
        // Contensis' documentation has both names for it.
        var (name, url) = Member("url") is { } own ? ("url", own) : ("invokeUrl", Member("invokeUrl") ?? default);
        if (url.ValueKind == JsonValueKind.String)
            Settings["url"] = url.GetString();
        else if (url.ValueKind == JsonValueKind.Undefined)
            Fault("url", "url is missing. Name the address that is to be called.");
        else
            Fault(name, $"{name} is no text. Write the address in quotes.");
    }

    private void ReadNames()
    {
        var label = "";
        foreach (var field in (ReadOnlySpan<string>)["name", "description"])
        {
            if (Member(field) is not { } value)
                continue;
            if (Text(value) is not { } text)
            {
                Fault(field, $"{field} is neither a text nor texts by language. Write \"…\" or {{ \"en-GB\": \"…\" }}.");
                continue;
            }
            Extra[field] = Node(value);
            if (field == "name")
                label = text.Trim();
        }
        if (label.Length == 0)
            label = "Webhook subscription";
        Settings["label"] = label.Length > LongestLabel ? label[..(char.IsHighSurrogate(label[LongestLabel - 1]) ? LongestLabel - 1 : LongestLabel)] : label;
    }

    // The first language's text stands for all.
    private static string? Text(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(each => each.Value.ValueKind != JsonValueKind.String))
            return null;
        return value.EnumerateObject().Select(each => each.Value.GetString()!).FirstOrDefault(text => text.Length > 0) ?? "";
    }

    private void ReadEnabled(StoredHook? current)
    {
        var enabled = Member("enabled");
        if (enabled is null)
            // One that was switched off stays so until somebody says otherwise.
            Settings["enabled"] = (current is null ? null : SubscriptionView.Setting(current, "enabled"))?.DeepClone() ?? true;
        else if (enabled.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            Settings["enabled"] = enabled.Value.GetBoolean();
        else
            Fault("enabled", "enabled is neither true nor false.");
    }

    private void ReadTopics()
    {
        if (Member("topics") is not { } topics)
            return;
        if (topics.ValueKind != JsonValueKind.Array)
        {
            Fault("topics", "topics is no list. Write objects between [ and ].");
            return;
        }
        var read = new JsonArray();
        foreach (var topic in topics.EnumerateArray())
        {
            if (topic.ValueKind == JsonValueKind.Object)
                read.Add((JsonNode)ReadTopic(topic));
            else
                Fault($"topics[{read.Count}]", "A topic is no object. Write { \"resourceType\": \"entry\" }, for example.");
        }
        Settings["topics"] = read;
    }

    private static JsonObject ReadTopic(JsonElement topic)
    {
        var read = new JsonObject();
        foreach (var field in topic.EnumerateObject())
        {
            var isOne = field.Value.ValueKind == JsonValueKind.String && TopicReader.Lists.Contains(field.Name, StringComparer.OrdinalIgnoreCase);
            read[field.Name] = isOne ? new JsonArray(Node(field.Value)) : Node(field.Value);
        }
        return read;
    }

    private void ReadHeaders(StoredHook? current)
    {
        if (Member("headers") is not { } headers)
            return;
        if (headers.ValueKind != JsonValueKind.Object)
        {
            Fault("headers", "headers is no object. Write { \"Name\": { \"value\": \"…\" } }.");
            return;
        }
        Settings["headers"] = StoredHeaders.Merge(headers, (current is null ? null : SubscriptionView.Setting(current, "headers")) as JsonObject, IsElsewhere(current), _faults);
    }

    // A secret that may not be read must not be read by sending it to oneself either.
    private bool IsElsewhere(StoredHook? current) =>
        current is null || SubscriptionView.Setting(current, "url")?.GetValue<string>() is not { } before || Settings["url"]?.GetValue<string>() is not { } after
        || !string.Equals(AuthorityOf(before), AuthorityOf(after), StringComparison.OrdinalIgnoreCase);

    private static string AuthorityOf(string url)
    {
        var scheme = url.IndexOf("//", StringComparison.Ordinal);
        var end = scheme < 0 ? -1 : url.AsSpan(scheme + 2).IndexOfAny("/?#\\");
        return end < 0 ? url : url[..(scheme + 2 + end)];
    }

    private void ReadVersion()
    {
        if (Member("version") is { ValueKind: JsonValueKind.Object } version && version.TryGetProperty("versionNo", out var number))
            Version = number.ValueKind == JsonValueKind.String ? VersionNo.Parse(number.GetString()) : null;
    }

    private void Copy(string field, JsonValueKind kind, string remedy)
    {
        if (Member(field) is not { } value)
            return;
        if (value.ValueKind == kind)
            Settings[field] = Node(value);
        else
            Fault(field, $"{field} has the wrong form. {remedy}");
    }

    // Null is as good as absent.
    private JsonElement? Member(string name) =>
        Body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private void Fault(string field, string message) => _faults.Add(new FieldError(field, message));

    private static JsonNode? Node(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(element),
    };
}
