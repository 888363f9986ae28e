using Dam.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fixture.FutureApi;

/// <summary>Says in its manifest that it needs a host API that does not exist yet: none of this may ever run.</summary>
public sealed class FutureApiPlugin : IHostPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, PluginContext context) => throw new NotSupportedException("must not run");

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints) => throw new NotSupportedException("must not run");

    /// <inheritdoc/>
    public Task StartAsync(IServiceProvider services, CancellationToken cancellationToken) => throw new NotSupportedException("must not run");

    /// <inheritdoc/>
    public Task StopAsync(IServiceProvider services, CancellationToken drainDeadline) => throw new NotSupportedException("must not run");
}
