using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.Tests;

/// <summary>
/// The plugin in a host reduced to the SDK: folders of its own, a real server on a free port, records and users in memory. Stopping it and starting
/// another on the same folders is a restart.
/// </summary>
internal sealed class TestPlugin : IAsyncDisposable
{
    private readonly ApiWebhooksPlugin _plugin;

    private TestPlugin(WebApplication app, ApiWebhooksPlugin plugin, TestFolder folder, TestHost host) =>
        (App, _plugin, Folder, Host) = (app, plugin, folder, host);

    public WebApplication App { get; }

    public TestFolder Folder { get; }

    public TestHost Host { get; }

    public HttpClient Client { get; private set; } = null!;

    public SettingsWatcher Settings => Get<SettingsWatcher>();

    public IEditPageContributor Buttons => Get<IEditPageContributor>();

    public T Get<T>() where T : notnull => App.Services.GetRequiredService<T>();

    public static async Task<TestPlugin> StartAsync(TestFolder folder, TestHost? host = null, TimeProvider? time = null)
    {
        host ??= new TestHost();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Environment.EnvironmentName = host.Environment;
        builder.Logging.ClearProviders().SetMinimumLevel(host.Log.Lowest).AddProvider(host.Log);
        builder.Services
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton<IHostInformation>(host).AddSingleton<IHostIdentity>(host).AddSingleton<IUserDirectory>(host).AddSingleton<IRecordReader>(host)
            .AddSingleton<IChangeLog>(host).AddSingleton<IPageFrame>(host)
            .AddSingleton<IDataProtectionProvider>(folder.Protection)
            .AddAntiforgery();
        var context = new PluginContext { Id = "ApiWebhooks", Version = "0.1.0", Directory = folder.Plugin, DataDirectory = folder.Data, PostgresConnection = TestDatabase.ConnectionOf(folder.Data) };
        builder.Services.AddSingleton(context);
        var plugin = new ApiWebhooksPlugin();
        plugin.ConfigureServices(builder.Services, context);
        var app = builder.Build();
        plugin.MapEndpoints(app);
        var test = new TestPlugin(app, plugin, folder, host);
        await plugin.StartAsync(app.Services, CancellationToken.None);
        await app.StartAsync();
        test.Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) };
        return test;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _plugin.StopAsync(App.Services, deadline.Token);
        await App.DisposeAsync();
    }
}
