using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Dialects.Standard;

namespace Plugin.ApiWebhooks.Dialects.CloudEvents;

/// <summary>CloudEvents' part of the event catalogue: all events in the structured mode, and one in the binary mode to show how that looks.</summary>
internal static class CloudEventsCatalogue
{
    private const ChangeKind Shown = ChangeKind.MetadataChanged;

    /// <summary>The events of the standard dialect.</summary>
    public static IReadOnlyList<EventDescription> Events { get; } =
    [
        .. StandardCatalogue.Events.Select(each => each with
        {
            PayloadType = each.Kind is null ? CloudEventsJson.Default.CloudNotice : CloudEventsJson.Default.CloudEvent,
        }),
        new EventDescription(StandardEvents.Of(Shown), StandardCatalogue.Words(Shown), Shown, StandardJson.Default.StandardData)
        {
            Form = "binary",
            Hook = $$"""{ "mode": "binary", "events": ["{{StandardEvents.Of(Shown)}}"] }""",
        },
    ];
}
