using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SampleHost;
using SampleHost.Accounts;
using Tests.Postgres;

namespace Host.Tests;

/// <summary>
/// The real application in this process: Kestrel on a port of the system's choosing, SQLite files in a folder of its own, four accounts
/// named after their roles with API keys. Use it as a class fixture, or start one where a test needs its own.
/// </summary>
public sealed class RunningHost : IAsyncLifetime
{
    private readonly List<HttpClient> _clients = [];
    private WebApplication? _app;

    /// <summary>A folder that is removed at the end.</summary>
    public string Folder { get; private init; } = Directory.CreateTempSubdirectory("dam-test-").FullName;

    public string DataDirectory => Path.Combine(Folder, "data");

    public string PluginsDirectory => Path.Combine(Folder, "plugins");

    /// <summary>Further command-line arguments; the environment is Production unless one says otherwise.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Adds to the builder, such as a clock.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }

    /// <summary>The PostgreSQL database of the host's tables; null for an SQLite file. With <c>HOST_TESTS_ON=postgres</c> each host gets a database of its own.</summary>
    public string? Postgres { get; init; } = Environment.GetEnvironmentVariable("HOST_TESTS_ON") == "postgres" ? PostgresServer.NewDatabase() : null;

    /// <summary>Whether the four accounts are made at start.</summary>
    public bool WithAccounts { get; init; } = true;

    public IServiceProvider Services => _app!.Services;

    public Uri BaseUri { get; private set; } = null!;

    /// <summary>A client that sends the sysadmin's API key.</summary>
    public HttpClient SysAdmin { get; private set; } = null!;

    public HttpClient Admin { get; private set; } = null!;

    public HttpClient Editor { get; private set; } = null!;

    public HttpClient Viewer { get; private set; } = null!;

    /// <summary>A client that says nothing of who it is.</summary>
    public HttpClient Nobody { get; private set; } = null!;

    public static async Task<RunningHost> StartAsync(
        Action<WebApplicationBuilder>? configure = null, IReadOnlyList<string>? arguments = null, bool withAccounts = true)
    {
        var host = new RunningHost { Configure = configure, Arguments = arguments ?? [], WithAccounts = withAccounts };
        await host.InitializeAsync();
        return host;
    }

    public static string KeyOf(string user) => $"{user}-key-for-tests";

    public static string PasswordOf(string user) => $"{user}-password";

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        _app = DamApplication.Build(
            [
                "--contentRoot", Folder, "--urls", "http://127.0.0.1:0", "--environment", "Production",
                "--Host:DataDirectory", DataDirectory, "--Host:PluginsDirectory", PluginsDirectory,
                "--Host:KeepPluginCode", PluginCode.IsKept ? "true" : "false", .. StorageArguments(), .. Arguments,
            ],
            builder =>
            {
                builder.Logging.ClearProviders();
                // Hashing is slow on purpose; a test's passwords are no secrets.
                builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = 100);
                Configure?.Invoke(builder);
            });
        await _app.StartAsync();
        BaseUri = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        if (WithAccounts)
            await AddAccountsAsync();
        SysAdmin = Client(Roles.SysAdmin);
        Admin = Client(Roles.Admin);
        Editor = Client(Roles.Editor);
        Viewer = Client(Roles.Viewer);
        Nobody = Client(null);
    }

    /// <summary>Stops the application and starts it again on the same data.</summary>
    /// <param name="postgres">The database that the host's tables were copied to meanwhile.</param>
    public async Task RestartAsync(string? postgres = null)
    {
        await StopAsync();
        var again = new RunningHost { Folder = Folder, Configure = Configure, Arguments = Arguments, WithAccounts = false, Postgres = postgres ?? Postgres };
        await again.InitializeAsync();
        (_app, BaseUri) = (again._app, again.BaseUri);
        (SysAdmin, Admin, Editor, Viewer, Nobody) = (again.SysAdmin, again.Admin, again.Editor, again.Viewer, again.Nobody);
        _clients.AddRange(again._clients);
    }

    /// <summary>A client with the API key of a user, or with none. Follows no redirects and keeps no cookies.</summary>
    public HttpClient Client(string? user, HttpMessageHandler? handler = null)
    {
        var client = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = BaseUri };
        if (user is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", KeyOf(user));
        _clients.Add(client);
        return client;
    }

    /// <summary>A client that is disposed by who asked for it, with patience of its own.</summary>
    public HttpClient OwnClient(string user, TimeSpan patience)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = BaseUri, Timeout = patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", KeyOf(user));
        return client;
    }

    /// <summary>Makes an account with an API key of the same name.</summary>
    public async Task AddUserAsync(string name, string[] roles, Dictionary<string, IReadOnlyList<string>>? collectionRoles = null)
    {
        var user = new NewUser(name, PasswordOf(name))
        {
            DisplayName = $"The {name}",
            Email = $"{name}@example.org",
            Roles = roles,
            CollectionRoles = collectionRoles ?? [],
        };
        Assert.IsType<CreateResult.Created>(await Get<Users>().CreateAsync(user, CancellationToken.None));
        Assert.IsType<ApiKeyResult.Created>(await Get<ApiKeys>().CreateAsync($"test-{name}", KeyOf(name), name, CancellationToken.None));
    }

    /// <summary>Inserts a record as the editor.</summary>
    /// <param name="record">What is sent as JSON.</param>
    /// <returns>The answer's JSON.</returns>
    public async Task<JsonElement> InsertAsync(object record)
    {
        using var response = await Editor.PostAsJsonAsync("/api/records", record);
        return await Answer.JsonAsync(response, 201);
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        foreach (var client in _clients)
            client.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    public async Task StopAsync()
    {
        if (_app is null)
            return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    private string[] StorageArguments() =>
        Postgres is null ? [] : ["--Host:Storage:Provider", "postgres", "--Host:Storage:ConnectionString", Postgres];

    private async Task AddAccountsAsync()
    {
        foreach (var role in Roles.All)
            await AddUserAsync(role, [role]);
    }
}
