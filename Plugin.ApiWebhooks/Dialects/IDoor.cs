using Microsoft.AspNetCore.Routing;

namespace Plugin.ApiWebhooks.Dialects;

/// <summary>The calls by which clients of another system manage its webhooks, at the paths and in the words of that system.</summary>
internal interface IDoor
{
    /// <summary>Maps the calls. Raw request delegates only: handlers built by reflection would keep the plugin from being unloaded.</summary>
    void Map(IEndpointRouteBuilder endpoints);
}
