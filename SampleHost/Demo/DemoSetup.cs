using SampleHost.Demo.Cms;
using SampleHost.Pages.Account;

namespace SampleHost.Demo;

/// <summary>Puts the demo into the host: only with <c>Host:Demo</c>, which is on in Development alone unless somebody says otherwise.</summary>
internal static class DemoSetup
{
    public static void AddDemo(this IServiceCollection services)
    {
        services.AddSingleton(new DemoHint([.. DemoAccounts.All.Select(account => new DemoAccountView(account.Name, account.Password, account.Text))]));
        services.AddSingleton<ReceivedCalls>();
        services.AddSingleton<ObjectCatalogue>();
        services.AddSingleton<Mood>();
        services.AddSingleton<HostApiClient>();
        services.AddSingleton<ButtonScripts>();
        services.AddHostedService<DemoStart>();
    }

    public static void MapDemo(this WebApplication app)
    {
        CmsEndpoints.Map(app);
        Page.DemoPageEndpoints.Map(app);
    }
}
