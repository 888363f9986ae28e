using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Plugin.Tests.Send;

/// <summary>A receiver behind real TLS on a port the system assigns.</summary>
internal sealed class TlsReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<string?> _callers = [];
    private readonly HashSet<string> _connections = [];

    private TlsReceiver(WebApplication app) => _app = app;

    public int Port { get; private set; }

    /// <summary>Ends each answer; may wait.</summary>
    public Func<Task> Answer { get; set; } = () => Task.CompletedTask;

    /// <summary>The subject of each caller's certificate, null for none.</summary>
    public IReadOnlyList<string?> Callers
    {
        get
        {
            lock (_callers)
                return [.. _callers];
        }
    }

    /// <summary>How many connections requests came on.</summary>
    public int Connections
    {
        get
        {
            lock (_callers)
                return _connections.Count;
        }
    }

    /// <param name="certificate">What it shows.</param>
    /// <param name="intermediates">What it shows beside.</param>
    /// <param name="clientRoot">The authority that callers' certificates must come from; null asks for none.</param>
    public static async Task<TlsReceiver> StartAsync(
        X509Certificate2 certificate, X509Certificate2Collection? intermediates = null, X509Certificate2? clientRoot = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ServerCertificateChain = intermediates;
            if (clientRoot is null)
                return;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (shown, chain, _) =>
            {
                chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.CustomTrustStore.Add(clientRoot);
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                return chain.Build(shown);
            };
        })));
        var app = builder.Build();
        var receiver = new TlsReceiver(app);
        app.Run(async context =>
        {
            lock (receiver._callers)
            {
                receiver._callers.Add(context.Connection.ClientCertificate?.Subject);
                receiver._connections.Add(context.Connection.Id);
            }
            await receiver.Answer();
            context.Response.StatusCode = 204;
        });
        await app.StartAsync();
        receiver.Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
