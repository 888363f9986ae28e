using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SampleHost.Loading;

/// <summary>Puts the plugin loader into the host.</summary>
internal static class PluginsSetup
{
    /// <summary>Registers the loader. Its hosted service loads the plugins before the server listens.</summary>
    public static IServiceCollection AddPlugins(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new PluginLimits());
        services.AddSingleton(provider => new ShadowFolders(provider.GetRequiredService<HostOptions>().DataDirectory));
        services.AddSingleton<PluginEndpoints>();
        services.AddSingleton<PluginRemnants>();
        services.AddSingleton<PluginRegistry>();
        services.AddSingleton<PluginStopper>();
        services.AddSingleton<PluginStarter>();
        services.AddSingleton<PluginReconciler>();
        services.AddSingleton<RestingPlugins>();
        services.AddHostedService<PluginFolderWatch>();
        return services;
    }

    /// <summary>Lets the host's routing see the plugins' endpoints, now and whenever they change.</summary>
    public static void MapPlugins(this WebApplication app) =>
        app.Services.GetRequiredService<PluginEndpoints>().Join(app);
}
