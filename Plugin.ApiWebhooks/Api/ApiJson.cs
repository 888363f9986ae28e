using System.Text.Json.Serialization;

namespace Plugin.ApiWebhooks.Api;

/// <summary>How the management API writes JSON. Generated: reflection would keep the plugin from being unloaded.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SubscriptionPage))]
[JsonSerializable(typeof(SubscriptionView))]
[JsonSerializable(typeof(DeliveryPage))]
[JsonSerializable(typeof(DeliveryView))]
[JsonSerializable(typeof(PressList))]
[JsonSerializable(typeof(RotatedSecret))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ApiJson : JsonSerializerContext;
