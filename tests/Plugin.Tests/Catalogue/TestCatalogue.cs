using Dam.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Plugin.ApiWebhooks;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.Tests.Catalogue;

/// <summary>The dialects that the plugin registers and their catalogue, in a host at an address of its own.</summary>
internal static class TestCatalogue
{
    public static TestHost Host { get; } = new() { BaseUri = new Uri("https://dam.example.org/") };

    private static IServiceProvider Services { get; } = Make();

    public static IReadOnlyList<IDialect> Dialects { get; } = [.. Services.GetServices<IDialect>()];

    public static EventCatalogue Instance { get; } = Services.GetRequiredService<EventCatalogue>();

    private static ServiceProvider Make()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(TimeProvider.System).AddSingleton<IHostInformation>(Host).AddSingleton<IHostIdentity>(Host).AddSingleton<IUserDirectory>(Host)
            .AddSingleton<IRecordReader>(Host).AddSingleton<IChangeLog>(Host);
        new ApiWebhooksPlugin().ConfigureServices(services, new PluginContext { Id = "ApiWebhooks", Version = "0.1.0", Directory = "", DataDirectory = "" });
        return services.BuildServiceProvider();
    }
}
