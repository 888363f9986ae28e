using Dam.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Plugin.ApiWebhooks;

/// <summary>The plugin's entry point: wires the stages together, in the order in which the data goes.</summary>
public sealed class ApiWebhooksPlugin : IHostPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
    }

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }

    /// <inheritdoc/>
    public Task StartAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(IServiceProvider services, CancellationToken drainDeadline) => Task.CompletedTask;
}
