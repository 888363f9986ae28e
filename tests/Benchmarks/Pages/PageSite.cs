using System.Text.Encodings.Web;
using System.Text.Json;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Benchmarks.Pages;

/// <summary>The whole plugin with its own page handlers behind a real server, in a host reduced to what pages need.</summary>
internal sealed class PageSite : IAsyncDisposable
{
    private readonly ApiWebhooksPlugin _plugin;
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private PageSite(WebApplication app, ApiWebhooksPlugin plugin) => (_app, _plugin, _client) = (app, plugin, new HttpClient(new SocketsHttpHandler()));

    public PluginDatabase Database => _app.Services.GetRequiredService<PluginDatabase>();

    /// <summary>Starts it.</summary>
    /// <param name="folder">Where plugin and database lie.</param>
    /// <param name="hooks">How many hooks its configuration has. Their receivers are nowhere.</param>
    public static async Task<PageSite> StartAsync(string folder, int hooks)
    {
        var (home, data) = (Directory.CreateDirectory(Path.Combine(folder, "plugin")).FullName, Directory.CreateDirectory(Path.Combine(folder, "data")).FullName);
        await File.WriteAllTextAsync(Path.Combine(home, "config.json"), JsonSerializer.Serialize(new
        {
            hooks = Enumerable.Range(1, hooks).Select(n => new { key = $"hook-{n}", label = $"Subscription {n:0000}", url = $"https://receiver-{n}.example.org/events" }),
            storage = new { maxMegabytes = 0 },
        }));
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var host = new PageHost();
        builder.Services.AddSingleton(TimeProvider.System)
            .AddSingleton<IHostInformation>(host).AddSingleton<IHostIdentity>(host).AddSingleton<IUserDirectory>(host).AddSingleton<IRecordReader>(host)
            .AddSingleton<IChangeLog>(host).AddSingleton<IPageFrame>(host)
            .AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider())
            .AddAntiforgery();
        var context = new PluginContext { Id = "ApiWebhooks", Version = "0.1.0", Directory = home, DataDirectory = data };
        builder.Services.AddSingleton(context);
        var plugin = new ApiWebhooksPlugin();
        plugin.ConfigureServices(builder.Services, context);
        var app = builder.Build();
        plugin.MapEndpoints(app);
        await plugin.StartAsync(app.Services, CancellationToken.None);
        await app.StartAsync();
        await app.Services.GetRequiredService<EventPipeline>().Subscriptions!.Applied;
        var site = new PageSite(app, plugin);
        site._client.BaseAddress = new Uri(app.Urls.First());
        return site;
    }

    /// <summary>Has the overview read everything anew, as for the first who opens it.</summary>
    public void ForgetFigures() => _app.Services.GetRequiredService<FiguresReader>().Forget();

    /// <summary>Asks for a page as a user.</summary>
    public async Task<(int Status, int Length)> GetAsync(string path, string user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-User", user);
        using var answer = await _client.SendAsync(request);
        return ((int)answer.StatusCode, (await answer.Content.ReadAsByteArrayAsync()).Length);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _plugin.StopAsync(_app.Services, deadline.Token);
        await _app.DisposeAsync();
    }

    // A host without records and changes; a request names its user.
    private sealed class PageHost : IHostInformation, IHostIdentity, IUserDirectory, IRecordReader, IChangeLog, IPageFrame
    {
        public Uri BaseUri { get; } = new("http://127.0.0.1:5080/");

        public string SiteTitle => "Benchmark";

        public string Version => "1.0.0";

        public string DefaultLanguage => "en";

        public string SignInAddress(string returnPath) => "/signin";

        public ValueTask<HostUser?> FindUserAsync(HttpContext context) => FindAsync(context.Request.Headers["X-User"].ToString(), context.RequestAborted);

        public ValueTask<HostUser?> FindAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult(name.Length == 0 ? null : new HostUser
        {
            Name = name,
            DisplayName = name,
            Language = "en",
            Roles = (name == "sysadmin" ? new[] { "sysadmin", "admin", "editor", "viewer" } : ["admin", "editor", "viewer"]).ToHashSet(),
        });

        public Task<RecordSnapshot?> FindAsync(long id, CancellationToken cancellationToken) => Task.FromResult<RecordSnapshot?>(null);

        public bool CanSee(HostUser user, RecordSnapshot record) => true;

        public bool CanEdit(HostUser user, RecordSnapshot record) => true;

        public Task<IReadOnlyList<Change>> ReadAfterAsync(long position, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Change>>([]);

        public Task WaitForMoreAsync(long position, CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

        public Task<long> GetLastPositionAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

        public Task<long> GetFirstPositionAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

        public Task<ChangeStretch> FindStretchAsync(DateTimeOffset? from, DateTimeOffset? before, CancellationToken cancellationToken) => Task.FromResult(default(ChangeStretch));

        public async Task WriteAsync(HttpContext context, string title, IHtmlContent content)
        {
            using var text = new StringWriter();
            content.WriteTo(text, HtmlEncoder.Default);
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(text.ToString());
        }
    }
}
