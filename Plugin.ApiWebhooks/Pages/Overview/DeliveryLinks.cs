using System.Globalization;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Pages.Overview;

/// <summary>Addresses of the list of deliveries, filtered.</summary>
internal static class DeliveryLinks
{
    private const string List = PageDrawing.Root + "/deliveries";

    /// <summary>The deliveries of a state.</summary>
    public static string Of(DeliveryState state) => $"{List}?state={StateNames.Of(state)}";

    /// <summary>Those of a subscription, of any state or of one.</summary>
    public static string Of(long subscriptionId, DeliveryState? state = null) => string.Create(
        CultureInfo.InvariantCulture, $"{List}?{(state is { } of ? $"state={StateNames.Of(of)}&" : "")}subscription={subscriptionId}");
}
