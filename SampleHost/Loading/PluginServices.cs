using Dam.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;

namespace SampleHost.Loading;

/// <summary>The container a plugin starts with: the host's services that the SDK promises, handed over as instances, and nothing else.</summary>
internal static class PluginServices
{
    private static readonly Type[] s_promised =
    [
        typeof(IChangeLog), typeof(IRecordReader), typeof(IHostIdentity), typeof(IUserDirectory), typeof(IHostInformation), typeof(IPageFrame),
        typeof(TimeProvider), typeof(ILoggerFactory), typeof(IAntiforgery), typeof(IDataProtectionProvider), typeof(IWebHostEnvironment),
    ];

    /// <summary>
    /// A collection with the host's services in it. An instance given to a container is not disposed with it, so a plugin's end leaves
    /// the host's services alone.
    /// </summary>
    public static ServiceCollection Forward(IServiceProvider host, PluginContext context)
    {
        var services = new ServiceCollection();
        foreach (var type in s_promised)
            services.AddSingleton(type, host.GetRequiredService(type));
        services.AddSingleton(context);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddOptions();
        return services;
    }
}
