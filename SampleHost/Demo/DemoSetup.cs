using SampleHost.Accounts;
using SampleHost.Demo.Cms;
using SampleHost.Demo.Content;
using SampleHost.Demo.Look;
using SampleHost.Demo.Receiver;

namespace SampleHost.Demo;

/// <summary>Puts the demo into the host, if it is switched on: accounts and records in a new data directory, and a receiver to look at.</summary>
internal static class DemoSetup
{
    public static void AddDemo(this IServiceCollection services, HostOptions options)
    {
        if (!options.Demo)
            return;
        services.AddSingleton(provider => DemoAccounts.Hint(provider.GetRequiredService<Users>()));
        services.AddHostedService<DemoContent>();
        services.AddHostedService<DemoWelcome>();
        services.AddSingleton<HostCaller>();
        services.AddSingleton<CmsCalls>();
        services.AddSingleton<CallLog>();
        services.AddSingleton<AnswerSwitch>();
        services.AddSingleton<ReceiverCalls>();
    }

    public static void MapDemo(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<HostOptions>().Demo)
            return;
        ReceiverCalls.Map(app);
        CmsPageEndpoints.Map(app);
    }
}
