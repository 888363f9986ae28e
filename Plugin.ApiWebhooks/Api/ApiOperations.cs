using System.Text.Json.Serialization.Metadata;
using Plugin.ApiWebhooks.Buttons.Import;

namespace Plugin.ApiWebhooks.Api;

/// <summary>One call of the management API, for its description.</summary>
/// <param name="Method">The HTTP method, lower case.</param>
/// <param name="Path">The path below <see cref="ManagementApi.Root"/>, with its parameters in braces.</param>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="Status">The status of its success.</param>
/// <param name="Result">What it answers then; null for nothing.</param>
internal sealed record ApiOperation(string Method, string Path, string Summary, int Status, JsonTypeInfo? Result)
{
    /// <summary>The parameters of its query, with what each means.</summary>
    public IReadOnlyList<(string Name, string Type, string Meaning)> Query { get; init; } = [];

    /// <summary>What its body is, as a JSON Schema; null when it takes none.</summary>
    public string? Body { get; init; }

    /// <summary>Whether a body must be there.</summary>
    public bool NeedsBody { get; init; }

    /// <summary>Further statuses than 400, 401, 403 and 404, with what each means.</summary>
    public IReadOnlyList<(int Status, string Meaning)> Refusals { get; init; } = [];

    /// <summary>Whether <c>If-Match</c> is taken and an ETag given.</summary>
    public bool IsVersioned { get; init; }
}

/// <summary>All calls of the management API. A test holds the table against what is really mapped.</summary>
internal static class ApiOperations
{
    private const string Hook = """{"type":"object","description":"An entry of hooks[] as config.json has it, in the dialect's own words; without key and the keys that name files and proxies. On a save, what is sent back with its stars stays what it was.","required":["label","url"],"additionalProperties":true}""";

    private const string Wish = """
        "event":{"type":"string","description":"An event's name; default: the first that the hook wants."},"recordId":{"type":"integer","description":"The record it is to be of; default: an example."}
        """;

    private static readonly (string, string, string)[] Page = [("after", "integer", "What the former page gave as next."), ("limit", "integer", "The most entries, up to 500; default 50.")];

    private static readonly (int, string)[] Saving =
        [(409, "It stands in config.json, and is changed there."), (412, "It was saved meanwhile."), (422, "The settings have faults; each is named with its place and a remedy.")];

    /// <summary>The calls.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("get", "/subscriptions", "Lists the subscriptions: those of config.json and the caller's own; for a sysadmin all.", 200, ApiJson.Default.SubscriptionPage) { Query = Page },
        new("post", "/subscriptions", "Makes a subscription. The answer shows its signing secret, this once.", 201, ApiJson.Default.SubscriptionView)
        {
            Body = Hook, NeedsBody = true, Refusals = [(422, "The settings have faults; each is named with its place and a remedy.")],
        },
        new("get", "/subscriptions/{id}", "Shows a subscription, by number, key or id, with its settings; stars stand for secrets.", 200, ApiJson.Default.SubscriptionView) { IsVersioned = true },
        new("put", "/subscriptions/{id}", "Replaces the settings of a stored subscription.", 200, ApiJson.Default.SubscriptionView) { Body = Hook, NeedsBody = true, IsVersioned = true, Refusals = Saving },
        new("patch", "/subscriptions/{id}", "Merges into the settings of a stored subscription (RFC 7396): what is null is removed.", 200, ApiJson.Default.SubscriptionView)
        {
            Body = """{"type":"object","additionalProperties":true}""", NeedsBody = true, IsVersioned = true, Refusals = Saving,
        },
        new("delete", "/subscriptions/{id}", "Deletes a stored subscription. For ten minutes it can be restored, and what it is owed is held; then that is cancelled.", 204, null) { IsVersioned = true, Refusals = [Saving[0], Saving[1]] },
        new("post", "/subscriptions/{id}/restore", "Takes a deletion back, for ten minutes after it: the subscription is what it was, and what was held meanwhile is sent.", 200, ApiJson.Default.SubscriptionView),
        new("post", "/subscriptions/{id}/pause", "Pauses a subscription: what it is owed is held.", 200, ApiJson.Default.SubscriptionView) { Refusals = [(409, "It is not configured any more.")] },
        new("post", "/subscriptions/{id}/resume", "Serves a subscription again, and decides what becomes of what is held.", 200, ApiJson.Default.SubscriptionView)
        {
            Body = """{"type":"object","additionalProperties":false,"properties":{"held":{"enum":["deliver","cancel","keep"],"default":"deliver"}}}""",
            Refusals = [(409, "It is not configured any more, or is sent its changes in order and cannot keep some back.")],
        },
        new("post", "/subscriptions/{id}/rotate-secret", "Replaces what a subscription signs with. The answer shows the new secret, this once.", 200, ApiJson.Default.RotatedSecret)
        {
            Refusals = [(409, "The secret stands in its settings: change it there.")],
        },
        new("post", "/subscriptions/{id}/test", "Really sends one message and answers with the whole exchange. It touches no queue and no history.", 200, ApiJson.Default.TestView)
        {
            Body = $$"""{ "type": "object", "additionalProperties": false, "properties": { {{Wish}} } }""", Refusals = [(409, "It is not in force."), (422, "The hook wants no such event.")],
        },
        new("post", "/subscriptions/{id}/replay", "Makes a subscription owed what the change log already has.", 202, ApiJson.Default.ReplayView)
        {
            Body = """{"type":"object","additionalProperties":false,"properties":{"which":{"enum":["neverDelivered","failed","all"],"default":"neverDelivered"},"from":{"type":"string","format":"date-time"},"to":{"type":"string","format":"date-time"},"after":{"type":"integer"},"upTo":{"type":"integer"},"dryRun":{"type":"boolean","default":false}}}""",
            Refusals = [(409, "It is not configured any more.")],
        },
        new("post", "/preview", "Shows what a hook would send, and what is wrong with its settings. Sends nothing.", 200, ApiJson.Default.PreviewView)
        {
            Body = $$"""{ "type": "object", "additionalProperties": false, "required": ["hook"], "properties": { "hook": {{Hook}}, {{Wish}} } }""", NeedsBody = true,
        },
        new("get", "/replays", "Lists the replays.", 200, ApiJson.Default.ReplayPage)
        {
            Query = [.. Page, ("state", "string", "running, done or cancelled."), ("subscription", "string", "A subscription, by number, key or id.")],
        },
        new("get", "/replays/{id}", "Shows a replay.", 200, ApiJson.Default.ReplayView),
        new("post", "/replays/{id}/cancel", "Ends a replay; what it made owed stays owed.", 200, ApiJson.Default.ReplayView) { Refusals = [(409, "It is at its end.")] },
        new("get", "/deliveries", "Lists deliveries, oldest first. A page may have fewer than asked for, or none, where looking takes long: it is the last when next is null.", 200, ApiJson.Default.DeliveryPage)
        {
            Query =
            [
                .. Page, ("subscription", "string", "A subscription, by number, key or id."), ("record", "integer", "A record."),
                ("state", "string", "pending, in_flight, waiting, held, delivered, exhausted or cancelled."),
                ("event", "string", "An event by its name in the standard dialect, record.* for all of a subject; or by its name in another, for subscriptions in that one."),
                ("from", "string", "The first moment of the change; a time without an offset is UTC."), ("to", "string", "Its last moment; a day or a minute belongs to the span as a whole."),
                ("status", "string", "The last answer's status such as 404, its class such as 5xx, or the name of an outcome such as TimedOut for what was not delivered since."),
                ("text", "string", "Stands in the address, what went wrong, the answer or the body."),
            ],
        },
        new("get", "/deliveries/{id}", "Shows a delivery with its bytes and every attempt.", 200, ApiJson.Default.DeliveryView),
        new("post", "/deliveries/{id}/resend", "Makes a delivery due now, whatever became of it.", 200, ApiJson.Default.DeliveryView) { Refusals = [(409, "Not in its state, or it waits for another.")] },
        new("post", "/deliveries/{id}/cancel", "Gives up a delivery that is still owed.", 200, ApiJson.Default.DeliveryView) { Refusals = [(409, "Not in its state.")] },
        new("get", "/presses", "Lists the presses of buttons, newest first; with a record also for those who may edit it.", 200, ApiJson.Default.PressList)
        {
            Query =
            [
                ("record", "integer", "A record."), ("button", "string", "A button's key."), ("user", "string", "Who pressed."),
                ("outcome", "string", "running, succeeded, failed or unknown."), ("before", "string", "What the former page gave as next."),
                ("limit", "integer", "The most entries, up to 500; default 50."),
            ],
        },
        new("get", "/presses/{key}", "Shows a press; also for those who may edit its record, then without request and answer.", 200, ApiJson.Default.PressView),
        new("post", "/buttons/import", "Makes buttons[] of the PHP text of a ResourceSpace configuration. Stores nothing. The text may also be sent as text/plain.", 200, ImportJson.Default.ImportAnswer)
        {
            Body = """{"type":"object","required":["text"],"additionalProperties":false,"properties":{"text":{"type":"string"}}}""", NeedsBody = true,
            Refusals = [(413, "The text is too long."), (415, "The media type is not read."), (422, "The text was not understood; each fault is named with its line.")],
        },
        new("get", "/event-types", "Lists the events of all dialects.", 200, ApiJson.Default.EventTypeList) { Query = [("dialect", "string", "One dialect alone.")] },
        new("get", "/event-types/{dialect}/{name}", "Shows an event with its JSON Schema and an example.", 200, ApiJson.Default.EventTypeView)
        {
            Query = [("form", "string", "Tells bodies of one event apart that look different.")],
        },
        new("get", "/docuteam/predicates", "Lists the predicates and categories that docuteam hooks may name without their IRIs.", 200, ApiJson.Default.TermList),
        new("get", "/audit", "Lists who did what, oldest first: a sysadmin is told everything, others what they did and what was done to their own.", 200, ApiJson.Default.AuditPage)
        {
            Query = [.. Page, ("user", "string", "Who did it, by name."), ("act", "string", "What was done, such as subscription.pause."), ("text", "string", "Stands in subject, label, detail or a name.")],
        },
        new("get", "/openapi.json", "This description.", 200, null),
    ];
}
