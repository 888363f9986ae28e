using System.ComponentModel;
using System.Text.Json.Serialization;
using Plugin.ApiWebhooks.Dialects.Standard;

namespace Plugin.ApiWebhooks.Dialects.CloudEvents;

/// <summary>A change as CloudEvents 1.0 writes it in its structured mode; in the binary mode all but <c>data</c> stands in headers.</summary>
internal sealed record CloudEvent
{
    [Description("The version of the specification: 1.0.")]
    public required string Specversion { get; init; }

    [Description("The change's id, unique for all time; the same however often it is sent.")]
    public required string Id { get; init; }

    [Description("The address of this site.")]
    public required string Source { get; init; }

    [Description("The event's type: the one of the standard dialect, behind the hook's typePrefix.")]
    public required string Type { get; init; }

    [Description("What it is about: the record's persistent identifier, or users/4, orders/21, registrations/8, feeds/3/entries/12.")]
    public string? Subject { get; init; }

    [Description("When it happened: UTC, with milliseconds.")]
    public required string Time { get; init; }

    [Description("The type of data: application/json.")]
    public required string Datacontenttype { get; init; }

    [Description("The data of the standard dialect.")]
    public required StandardData Data { get; init; }
}

/// <summary>A notice of the plugin's own.</summary>
internal sealed record CloudNotice
{
    [Description("The version of the specification: 1.0.")]
    public required string Specversion { get; init; }

    [Description("The notice's id.")]
    public required string Id { get; init; }

    [Description("The address of this site.")]
    public required string Source { get; init; }

    [Description("The notice's type, behind the hook's typePrefix.")]
    public required string Type { get; init; }

    [Description("The subscription's key, behind subscriptions/.")]
    public required string Subject { get; init; }

    [Description("When it happened: UTC, with milliseconds.")]
    public required string Time { get; init; }

    [Description("The type of data: application/json.")]
    public required string Datacontenttype { get; init; }

    [Description("The data of the standard dialect.")]
    public required StandardNoticeData Data { get; init; }
}

/// <summary>How these are written: attributes in lower case, data as the standard dialect writes it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CloudEvent))]
[JsonSerializable(typeof(CloudNotice))]
internal sealed partial class CloudEventsJson : JsonSerializerContext;
