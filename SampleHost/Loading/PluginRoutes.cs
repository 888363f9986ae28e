using Microsoft.AspNetCore.Routing;

namespace SampleHost.Loading;

/// <summary>Collects the endpoints a plugin maps, and wraps each so that it runs in the plugin's own container and is counted.</summary>
internal sealed class PluginRoutes(IServiceProvider pluginServices) : IEndpointRouteBuilder
{
    public IServiceProvider ServiceProvider => pluginServices;

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(pluginServices);

    /// <summary>The collected endpoints, wrapped for a plugin.</summary>
    public IReadOnlyList<RouteEndpoint> Build(LoadedPlugin plugin) =>
        DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(endpoint => Wrap(endpoint, plugin)).ToList();

    private static RouteEndpoint Wrap(RouteEndpoint endpoint, LoadedPlugin plugin)
    {
        var inner = endpoint.RequestDelegate!;
        var builder = new RouteEndpointBuilder(context => RunAsync(context, inner, plugin), endpoint.RoutePattern, endpoint.Order)
        {
            DisplayName = $"{plugin.Manifest.Id}: {endpoint.DisplayName}",
        };
        foreach (var item in endpoint.Metadata)
            builder.Metadata.Add(item);
        return (RouteEndpoint)builder.Build();
    }

    private static async Task RunAsync(HttpContext context, RequestDelegate inner, LoadedPlugin plugin)
    {
        using var use = plugin.Traffic.TryEnter(context);
        if (use is null || plugin.Services is not { } services)
        {
            await PluginEndpoints.WriteUnavailableAsync(context);
            return;
        }

        var (hostServices, hostAborted) = (context.RequestServices, context.RequestAborted);
        await using var scope = services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        context.RequestAborted = use.Aborted;
        try
        {
            await inner(context);
        }
        finally
        {
            context.RequestServices = hostServices;
            context.RequestAborted = hostAborted;
        }
    }
}
