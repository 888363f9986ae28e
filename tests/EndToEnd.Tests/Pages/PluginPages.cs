namespace EndToEnd.Tests.Pages;

/// <summary>A page of the plugin.</summary>
/// <param name="Name">What its pictures are called.</param>
/// <param name="Route">The route it is mapped at, as its code has it; null for a page of the host in which the plugin shows something.</param>
/// <param name="Path">Where the scene has it with data in it; names in braces stand for what the scene made.</param>
public sealed record PluginPage(string Name, string? Route, string Path);

/// <summary>
/// All pages of the plugin. A new page is added by one line: it is then looked at in every way. A test finds a mapped page that is missing.
/// </summary>
public static class PluginPages
{
    private const string Root = "/plugins/ApiWebhooks";

    public static IReadOnlyList<PluginPage> All { get; } =
    [
        new("overview", Root + "/", Root + "/"),
        new("subscription-choose", Root + "/subscriptions/new", Root + "/subscriptions/new"),
        new("subscription-new", Root + "/subscriptions/new", Root + "/subscriptions/new?dialect=docuteam"),
        new("subscriptions", Root + "/subscriptions", Root + "/subscriptions"),
        new("subscription-stored", Root + "/subscriptions/{id}", Root + "/subscriptions/{stored}"),
        new("subscription-filed", Root + "/subscriptions/{id}", Root + "/subscriptions/demo-feeder"),
        new("subscription-edit", Root + "/subscriptions/{id}/edit", Root + "/subscriptions/{stored}/edit"),
        new("subscription-duplicate", Root + "/subscriptions/{id}/duplicate", Root + "/subscriptions/{stored}/duplicate"),
        new("subscription-test", Root + "/subscriptions/{id}/test", Root + "/subscriptions/{stored}/test"),
        new("subscription-delete", Root + "/subscriptions/{id}/delete", Root + "/subscriptions/{stored}/delete"),
        new("deliveries", Root + "/deliveries", Root + "/deliveries"),
        new("deliveries-filtered", Root + "/deliveries", Root + "/deliveries?subscription=newsletter&state=waiting"),
        new("deliveries-faulty", Root + "/deliveries", Root + "/deliveries?status=nonsense&record=x"),
        new("delivery", Root + "/deliveries/{id}", Root + "/deliveries/{delivery}"),
        new("replays", Root + "/replays", Root + "/replays"),
        new("replay", Root + "/replays/{id:long}", Root + "/replays/{replay}"),
        new("replay-new", Root + "/replays/new", Root + "/replays/new?subscription=web-shop"),
        new("buttons", Root + "/buttons", Root + "/buttons"),
        new("presses", Root + "/buttons/presses", Root + "/buttons/presses"),
        new("press", Root + "/buttons/presses/{key}", Root + "/buttons/presses/{press}"),
        new("import-buttons", Root + "/import-buttons", Root + "/import-buttons"),
        new("events", Root + "/events", Root + "/events"),
        new("event", Root + "/events/{dialect}/{**name}", Root + "/events/standard/record.metadata_changed"),
        new("receiving", Root + "/receiving", Root + "/receiving?subscription={stored}"),
        new("receiving-python", Root + "/receiving", Root + "/receiving?subscription=demo-receiver&language=python"),
        new("audit", Root + "/audit", Root + "/audit"),
        new("audit-filtered", Root + "/audit", Root + "/audit?user=sysadmin&act=subscription.pause"),
        new("applications", "/developers/applications", "/developers/applications/"),
        new("application-new", "/developers/application/new", "/developers/application/new/"),
        new("application", "/developers/application/{id}", "/developers/application/{application}/"),
        new("consent", "/api/oauthv2/authorize", "/api/oauthv2/authorize?response_type=code&client_id={client}&redirect_uri=https%3A%2F%2Fapp.example.org%2Fback&state=s"),
        new("record", null, "/records/{record}"),
        new("edit", null, "/records/{record}/edit"),
    ];

    /// <summary>What is mapped for GET below the pages' roots and is no page, each with what it is.</summary>
    public static IReadOnlyDictionary<string, string> Others { get; } = new Dictionary<string, string>
    {
        [Root + "/assets/{name}"] = "styles and scripts",
        [Root + "/overview/live"] = "the parts of the overview that change",
        [Root + "/deliveries-live"] = "new rows of the list of deliveries, as they come",
        [Root + "/deliveries/{id}/body"] = "the bytes of a message",
        [Root + "/replays/running"] = "a part of the list of replays",
        [Root + "/replays/{id:long}/progress"] = "a part of the page of a replay",
    };
}
