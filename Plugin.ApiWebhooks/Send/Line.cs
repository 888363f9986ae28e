using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Flurl.Http;

namespace Plugin.ApiWebhooks.Send;

/// <summary>The pooled connections of one way out, in both forms.</summary>
internal sealed class Line : IDisposable
{
    // Receivers change their address; a kept connection would go on to the old one, and past an allow-list that was changed.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>Opens nothing yet.</summary>
    /// <param name="dial">Dials, and checks what it dials.</param>
    /// <param name="via">What differs from the usual way, or null.</param>
    public Line(GuardedDial dial, Via? via)
    {
        Usual = new HttpMessageInvoker(NewHandler(dial, via, PostForm.Usual));
        Legacy = new FlurlClient(new HttpClient(NewHandler(dial, via, PostForm.Legacy)) { Timeout = Timeout.InfiniteTimeSpan });
        Legacy.Settings.Timeout = null;
        Legacy.Settings.AllowedHttpStatusRange = "*";
    }

    /// <summary>Posts in <see cref="PostForm.Usual"/>.</summary>
    public HttpMessageInvoker Usual { get; }

    /// <summary>Posts in <see cref="PostForm.Legacy"/>.</summary>
    public FlurlClient Legacy { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Usual.Dispose();
        Legacy.HttpClient.Dispose();
        Legacy.Dispose();
    }

    private static SocketsHttpHandler NewHandler(GuardedDial dial, Via? via, PostForm form) => new()
    {
        ConnectCallback = dial.ConnectAsync,
        PlaintextStreamFilter = (context, _) =>
        {
            GuardedDial.ProgressOf(context.InitialRequestMessage)?.Enter(AttemptPhase.Answering);
            return ValueTask.FromResult(form == PostForm.Legacy ? new LegacyHeaderStream(context.PlaintextStream) : context.PlaintextStream);
        },
        SslOptions = Tls(via),
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = via?.Proxy is not null,
        Proxy = via?.Proxy is { } proxy ? new WebProxy(proxy.Address) { Credentials = proxy.Credential } : null,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = 256,
        MaxResponseHeadersLength = 64, // KiB
        MaxResponseDrainSize = 64 * 1024,
        // A press promises one request per connection. A target that keeps the line open after "Connection: close" is not believed.
        PooledConnectionLifetime = form == PostForm.Legacy ? TimeSpan.Zero : ConnectionLifetime,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    };

    // There is no switch that leaves out the verification.
    private static SslClientAuthenticationOptions Tls(Via? via)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            // A receiver's certificate may name an address to fetch its issuer from; that would be a way past the guard.
            DisableCertificateDownloads = true,
        };
        if (via?.Roots is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots.Certificates);
        }
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy, ClientCertificateContext = via?.Identity?.Context };
    }
}
