using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>One entry of <c>network.proxyBypass[]</c>: receivers that are dialled without the proxy.</summary>
internal sealed record ProxyBypass
{
    private readonly string? _host;
    private readonly bool _withSubdomains;
    private readonly IPNetwork? _range;

    private ProxyBypass(string host, bool withSubdomains) => (_host, _withSubdomains) = (host, withSubdomains);

    private ProxyBypass(IPNetwork range) => _range = range;

    /// <summary>Whether a receiver is dialled without the proxy. A range counts for addresses that are written as such.</summary>
    /// <param name="host">The host of its address, without brackets.</param>
    public bool Covers(string host)
    {
        var bare = host.Trim('[', ']').TrimEnd('.');
        if (_range is { } range)
            return IPAddress.TryParse(bare, out var address) && range.Contains(address);
        return string.Equals(bare, _host, StringComparison.OrdinalIgnoreCase)
            || (_withSubdomains && bare.EndsWith("." + _host, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Reads a host name, <c>*.</c> and a domain for it and all below, an IP address, a range, or an address of which the host counts.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ProxyBypass? entry)
    {
        var trimmed = text.Trim();
        var (domain, withSubdomains) = trimmed.StartsWith("*.", StringComparison.Ordinal) ? (trimmed[2..], true) : (trimmed, false);
        if (IPNetwork.TryParse(trimmed, out var range))
            entry = new ProxyBypass(range);
        else if (IPAddress.TryParse(trimmed.Trim('[', ']'), out var address))
            entry = new ProxyBypass(new IPNetwork(address, address.GetAddressBytes().Length * 8));
        else if (Uri.CheckHostName(domain) == UriHostNameType.Dns)
            entry = new ProxyBypass(domain.TrimEnd('.'), withSubdomains);
        else if (Uri.TryCreate(trimmed, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0)
            return TryParse(uri.Host, out entry);
        else
            entry = null;
        return entry is not null;
    }
}
