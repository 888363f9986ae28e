using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Dam.Hosting;

/// <summary>
/// A plugin's entry point. The host creates the one public class of the entry assembly that implements it (a parameterless
/// constructor is required) and calls the members in the order in which they stand here, each once per load.
/// </summary>
/// <remarks>
/// The plugin lives in its own collectible load context and its own service container. To be unloadable it keeps nothing of itself
/// in static state of shared assemblies, stops every timer and task in <see cref="StopAsync"/>, and ends open responses when the
/// request's <c>RequestAborted</c> token fires. An exception in any member but <see cref="StopAsync"/> makes the host list the
/// plugin as failed, with the message as the reason, and go on without it.
/// </remarks>
public interface IHostPlugin
{
    /// <summary>
    /// Registers the plugin's services into the plugin's own container. The host has already registered its own:
    /// <see cref="PluginContext"/>, <see cref="IChangeLog"/>, <see cref="IRecordReader"/>, <see cref="IHostIdentity"/>, <see cref="IUserDirectory"/>,
    /// <see cref="IHostInformation"/>, <see cref="IPageFrame"/>, <see cref="TimeProvider"/>, <c>ILoggerFactory</c> and <c>ILogger&lt;T&gt;</c>,
    /// <c>IAntiforgery</c>, <c>IDataProtectionProvider</c> and <c>IWebHostEnvironment</c>.
    /// </summary>
    /// <remarks>
    /// What the plugin registers as <see cref="IEditPageContributor"/>, <see cref="IRecordPageContributor"/>, <see cref="ISaveHook"/>, <see cref="IPluginHealth"/>,
    /// <see cref="IPluginProgress"/>, <see cref="IBearerTokens"/>, <see cref="IMovableTables"/> or <c>IHostedService</c> is found and called by the host.
    /// </remarks>
    /// <param name="services">The plugin's own service collection.</param>
    /// <param name="context">Where the plugin stands and where it may write.</param>
    void ConfigureServices(IServiceCollection services, PluginContext context);

    /// <summary>
    /// Maps the plugin's endpoints. They answer at exactly the paths given here, beside the host's own; they disappear when the plugin
    /// is unloaded. A request's <c>RequestServices</c> is a scope of the plugin's own container.
    /// </summary>
    /// <param name="endpoints">The host's replaceable endpoint source; its service provider is the plugin's.</param>
    void MapEndpoints(IEndpointRouteBuilder endpoints);

    /// <summary>Starts the plugin's work, before any <c>IHostedService</c> that it registered and before its endpoints answer.</summary>
    /// <param name="services">The plugin's own container.</param>
    /// <param name="cancellationToken">Cancelled when the host shuts down during the start.</param>
    Task StartAsync(IServiceProvider services, CancellationToken cancellationToken);

    /// <summary>
    /// Stops the plugin's work, after its endpoints were emptied, requests under way drained and its hosted services stopped.
    /// An exception is logged and unloading goes on.
    /// </summary>
    /// <param name="services">The plugin's own container.</param>
    /// <param name="drainDeadline">Cancelled when the time for finishing work under way is over: stop at once then.</param>
    Task StopAsync(IServiceProvider services, CancellationToken drainDeadline);
}
