using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fixture.Pinned;

/// <summary>Breaks the rules of unloading: it leaves a handler of its own in a static event of the runtime's.</summary>
public sealed class PinnedPlugin : IHostPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) => GC.KeepAlive(context);

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/pinned", context => context.Response.WriteAsync("pinned"));

    /// <inheritdoc/>
    public Task StartAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(IServiceProvider services, CancellationToken drainDeadline) => Task.CompletedTask;
}
