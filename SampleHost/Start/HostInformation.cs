using System.Reflection;
using Dam.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace SampleHost.Start;

/// <summary>What the host says of itself. The address is looked up late: with port 0 it is known only once the server listens.</summary>
internal sealed class HostInformation(HostOptions options, IServer server, IConfiguration configuration) : IHostInformation
{
    public const string FallbackUrl = "http://127.0.0.1:5080";

    private Uri? _baseUri = options.BaseUri;

    public Uri BaseUri => _baseUri ?? FindBaseUri();

    public string SiteTitle => options.SiteTitle;

    public string Version { get; } =
        typeof(HostInformation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    public string DefaultLanguage => HostOptions.DefaultLanguage;

    public string SignInAddress(string returnPath) => $"/signin?returnUrl={Uri.EscapeDataString(returnPath)}";

    private Uri FindBaseUri()
    {
        var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (listening is not null && ToUri(listening) is { Port: > 0 } known)
            return _baseUri = known;
        return FindConfigured(configuration);
    }

    /// <summary>Whether settings name the address or the port to listen on: <c>urls</c>, or <c>http_ports</c> and <c>https_ports</c> as container images do.</summary>
    internal static bool SaysWhereToListen(IConfiguration configuration) =>
        First(configuration, WebHostDefaults.ServerUrlsKey) is not null
        || First(configuration, WebHostDefaults.HttpPortsKey) is not null || First(configuration, WebHostDefaults.HttpsPortsKey) is not null;

    /// <summary>The address at which the host can be called according to its settings.</summary>
    internal static Uri FindConfigured(IConfiguration configuration)
    {
        if (First(configuration, WebHostDefaults.ServerUrlsKey) is { } url)
            return ToUri(url);
        if (First(configuration, WebHostDefaults.HttpPortsKey) is { } port)
            return ToUri($"http://*:{port}");
        return ToUri(First(configuration, WebHostDefaults.HttpsPortsKey) is { } secure ? $"https://*:{secure}" : FallbackUrl);
    }

    private static string? First(IConfiguration configuration, string key) =>
        configuration[key]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();

    /// <summary>An address to listen on as one to be called at: wildcards become the loopback address.</summary>
    internal static Uri ToUri(string address)
    {
        var text = address.Trim().TrimEnd('/');
        foreach (var wildcard in (ReadOnlySpan<string>)["://*", "://+", "://0.0.0.0", "://[::]"])
            text = text.Replace(wildcard, "://127.0.0.1", StringComparison.Ordinal);
        return new Uri(text, UriKind.Absolute);
    }
}
