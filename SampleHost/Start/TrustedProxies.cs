using Microsoft.AspNetCore.HttpOverrides;

namespace SampleHost.Start;

/// <summary>Behind a reverse proxy: who called, by which scheme and under which name stands in headers, which are believed of trusted proxies only.</summary>
internal static class TrustedProxies
{
    /// <summary>Comes before everything that asks for address, scheme or host name.</summary>
    public static void UseTrustedProxies(this WebApplication app, HostOptions options)
    {
        if (options.TrustedProxies.Count == 0)
            return;
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            // As far back as the proxies are trusted ones: what a client wrote into the header itself comes before them.
            ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in options.TrustedProxies)
            forwarded.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(forwarded);
        if (options.BaseUri is null)
            app.Logger.LogWarning("Host:TrustedProxies is set and Host:BaseUri is not: what is sent to others names this host by the address it listens on. Set it to the proxy's public address.");
    }
}
