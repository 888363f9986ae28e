using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;

namespace EndToEnd.Tests.Deployment;

/// <summary>A real reverse proxy with https, which sends each request to the next host in turn: nobody stays where he was.</summary>
internal sealed class RoundRobin : IAsyncDisposable
{
    /// <summary>The header of answers that tells which host gave it.</summary>
    public const string NodeHeader = "X-Node";

    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;

    private RoundRobin(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    public Uri Address => new(_app.Urls.First());

    /// <summary>Starts it without hosts, so that they can be told its address.</summary>
    public static async Task<RoundRobin> StartAsync()
    {
        var certificate = MakeCertificate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        builder.Services.AddReverseProxy().LoadFromMemory([], []);
        var app = builder.Build();
        app.MapReverseProxy(proxy =>
        {
            proxy.UseLoadBalancing();
            proxy.Use(async (context, next) =>
            {
                var chosen = context.GetReverseProxyFeature();
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers[NodeHeader] = chosen.ProxiedDestination?.DestinationId;
                    return Task.CompletedTask;
                });
                await next(context);
            });
        });
        await app.StartAsync();
        return new RoundRobin(app, certificate);
    }

    /// <summary>Sends what comes to these hosts from now on.</summary>
    public void LeadTo(params Uri[] hosts) => _app.Services.GetRequiredService<InMemoryConfigProvider>().Update(
        [new RouteConfig { RouteId = "all", ClusterId = "hosts", Match = new RouteMatch { Path = "{**any}" } }],
        [
            new ClusterConfig
            {
                ClusterId = "hosts",
                LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
                Destinations = hosts.ToDictionary(host => $"{host.Port}", host => new DestinationConfig { Address = host.ToString() }),
            },
        ]);

    /// <summary>A browser without scripts: keeps its cookies, and trusts this proxy's certificate.</summary>
    public HttpClient Browse(CookieContainer cookies) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        CookieContainer = cookies,
        SslOptions =
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _certificate }, RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    })
    {
        BaseAddress = Address,
    };

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Proxy of the tests", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
