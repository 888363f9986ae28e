using Dam.Hosting;
using Greeting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fixture.Buttons;

/// <summary>
/// Puts five buttons on the edit page, one for each way a press can end, and records what reaches it. A save of a field with the value
/// "refuse me" gets a field error, "cancel me" cancels the save, "break me" makes the hook throw.
/// </summary>
/// <remarks>
/// <c>GET /fixture-buttons/presses</c> lists the presses, one a line: press key, button key, record id, record version, user.
/// <c>GET /fixture-buttons/commits</c> lists the changes seen after commits: sequence, kind.
/// </remarks>
public sealed class ButtonsPlugin : IHostPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        services.AddSingleton<Recorder>();
        services.AddSingleton<IEditPageContributor, RecordingContributor>();
        services.AddSingleton<ISaveHook, RefusingHook>();
    }

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/fixture-buttons", context => context.Response.WriteAsync(Greeter.Version));
        endpoints.MapGet("/fixture-buttons/presses", context => context.Response.WriteAsync(
            string.Join('\n', context.RequestServices.GetRequiredService<Recorder>().Presses)));
        endpoints.MapGet("/fixture-buttons/commits", context => context.Response.WriteAsync(
            string.Join('\n', context.RequestServices.GetRequiredService<Recorder>().Commits)));
    }

    /// <inheritdoc/>
    public Task StartAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(IServiceProvider services, CancellationToken drainDeadline) => Task.CompletedTask;
}
