using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plugin.ApiWebhooks.Api;

/// <summary>How the management API writes JSON. Generated: reflection would keep the plugin from being unloaded.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SubscriptionPage))]
[JsonSerializable(typeof(SubscriptionView))]
[JsonSerializable(typeof(DeliveryPage))]
[JsonSerializable(typeof(DeliveryView))]
[JsonSerializable(typeof(ReplayPage))]
[JsonSerializable(typeof(ReplayView))]
[JsonSerializable(typeof(PressList))]
[JsonSerializable(typeof(PressView))]
[JsonSerializable(typeof(RotatedSecret))]
[JsonSerializable(typeof(TestView))]
[JsonSerializable(typeof(PreviewView))]
[JsonSerializable(typeof(TermList))]
[JsonSerializable(typeof(EventTypeList))]
[JsonSerializable(typeof(EventTypeView))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Writes quotes and letters as they are: the answers are JSON and never part of a page.</summary>
    public static ApiJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
