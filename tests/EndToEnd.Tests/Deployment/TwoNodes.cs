using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Tests.Postgres;

namespace EndToEnd.Tests.Deployment;

/// <summary>Two hosts as processes on one PostgreSQL database and one folder of files, a proxy before them, and one user.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    public const string User = "mara";
    public const string Password = "a good password";

    private readonly List<HostProcess> _hosts = [];
    private RoundRobin? _proxy;

    /// <summary>Holds the shared files; removed at the end.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("dam-nodes-").FullName;

    /// <summary>The two.</summary>
    public IReadOnlyList<HostProcess> Hosts => _hosts;

    /// <summary>The proxy's address, which is the site's.</summary>
    public Uri Address => _proxy!.Address;

    /// <summary>A client with the user's API key.</summary>
    public HttpClient Program { get; private set; } = null!;

    /// <summary>A browser without scripts, that nobody has signed in with.</summary>
    public HttpClient Browse(CookieContainer cookies) => _proxy!.Browse(cookies);

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
            return;
        _proxy = await RoundRobin.StartAsync();
        string[] storage = ["--Host:Storage:Provider", "postgres", "--Host:Storage:ConnectionString", PostgresServer.NewDatabase()];
        var key = await AddUserAsync(storage);
        HostProcessOptions Options() => new()
        {
            Environment = "Production",
            Config = "{}",
            Arguments =
            [
                // A port that stays, since proxies are told of it once.
                "--urls", $"http://127.0.0.1:{FreePort()}", .. storage, "--Host:FilesDirectory", Path.Combine(Folder, "files"), "--Host:TrustedProxies", "127.0.0.1", "--Host:BaseUri", Address.ToString(),
            ],
        };
        // At once, as after a power cut: each finds keys and the plugin's tables missing, and may make them.
        _hosts.AddRange(await Task.WhenAll(StartAsync(Options), StartAsync(Options)));
        // The loader gives up a plugin that takes too long, as on a machine with far too much to do: told here, not by what is missing later.
        Assert.All(_hosts, host => Assert.True(host.Output.Contains("Plugin ApiWebhooks", StringComparison.Ordinal) && host.Output.Contains(" runs", StringComparison.Ordinal), host.Output));
        _proxy.LeadTo([.. _hosts.Select(host => host.BaseUri)]);
        Program = Browse(new CookieContainer());
        Program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public async Task DisposeAsync()
    {
        Program?.Dispose();
        foreach (var host in _hosts)
            await host.DisposeAsync();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    // Somebody else may take a port between the moment when it was free and the start.
    private static async Task<HostProcess> StartAsync(Func<HostProcessOptions> options)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await HostProcess.StartAsync(options());
            }
            catch (InvalidOperationException exception) when (tries < 3 && exception.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
            {
                // With another.
            }
        }
    }

    /// <summary>A port on 127.0.0.1 that nobody listens on now.</summary>
    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<string> AddUserAsync(string[] storage)
    {
        var program = Path.Combine(HostProcess.Repository, "SampleHost", "bin", HostProcess.Configuration, "net10.0", "SampleHost.dll");
        string[] settings = [.. storage, "--Host:DataDirectory", Path.Combine(Folder, "commands")];
        await Tool.RunAsync("dotnet", [program, "users", "add", User, "--role", "sysadmin", .. settings], Password + "\n");
        var output = await Tool.RunAsync("dotnet", [program, "keys", "add", "importer", "--user", User, .. settings]);
        return output.Trim().Split('\n')[^1];
    }
}
