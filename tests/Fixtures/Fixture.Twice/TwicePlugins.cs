using Dam.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fixture.Twice;

/// <summary>What both have in common; abstract, so it is no entry point.</summary>
public abstract class TwicePlugin : IHostPlugin
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

/// <summary>One entry point.</summary>
public sealed class FirstPlugin : TwicePlugin;

/// <summary>And another, which is one too many.</summary>
public sealed class SecondPlugin : TwicePlugin;
