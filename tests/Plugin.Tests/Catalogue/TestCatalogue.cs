using Dam.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Plugin.ApiWebhooks;
using Plugin.ApiWebhooks.Catalogue;

namespace Plugin.Tests.Catalogue;

/// <summary>The catalogue of the dialects that the plugin registers, in a host at an address of its own.</summary>
internal static class TestCatalogue
{
    public static EventCatalogue Instance { get; } = Make();

    private static EventCatalogue Make()
    {
        var host = new TestHost { BaseUri = new Uri("https://dam.example.org/") };
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(TimeProvider.System).AddSingleton<IHostInformation>(host).AddSingleton<IHostIdentity>(host).AddSingleton<IUserDirectory>(host).AddSingleton<IRecordReader>(host).AddSingleton<IChangeLog>(host);
        new ApiWebhooksPlugin().ConfigureServices(services, new PluginContext { Id = "ApiWebhooks", Version = "0.1.0", Directory = "", DataDirectory = "" });
        return services.BuildServiceProvider().GetRequiredService<EventCatalogue>();
    }
}
