using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>One entry of <c>network.allow[]</c>: an exact host and port, or a range of addresses on every port.</summary>
internal sealed record AllowEntry
{
    private readonly string _text;
    private readonly string? _host;
    private readonly int _port;
    private readonly IPNetwork? _range;

    private AllowEntry(string host, int port) =>
        (_host, _port, _text) = (Bare(host), port, $"{host}:{port.ToString(CultureInfo.InvariantCulture)}");

    private AllowEntry(IPNetwork range) => (_range, _text) = (range, range.ToString());

    /// <summary>Whether this entry lets a connection through.</summary>
    /// <param name="host">The host as it stands in the address to be called: a name or an IP address, with or without brackets.</param>
    /// <param name="port">The port.</param>
    /// <param name="address">The address about to be dialled.</param>
    public bool Allows(string host, int port, IPAddress address) =>
        _range is { } range
            ? range.Contains(Plain(address))
            : port == _port && string.Equals(Bare(host), _host, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Reads <c>host:port</c>, <c>[ipv6]:port</c>, an http or https address (of which host and port count), a range such as <c>10.1.0.0/16</c>,
    /// or a single IP address.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AllowEntry? entry)
    {
        var trimmed = text.Trim();
        if (IPNetwork.TryParse(trimmed, out var range))
            entry = new AllowEntry(range);
        else if (!trimmed.StartsWith('[') && IPAddress.TryParse(trimmed, out var single))
            entry = new AllowEntry(new IPNetwork(Plain(single), Plain(single).GetAddressBytes().Length * 8));
        else if (Uri.TryCreate(trimmed, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0)
            entry = new AllowEntry(uri.Host, uri.Port);
        else if (SplitPort(trimmed) is { } pair)
            entry = new AllowEntry(pair.Host, pair.Port);
        else
            entry = null;
        return entry is not null;
    }

    public override string ToString() => _text;

    private static (string Host, int Port)? SplitPort(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return null;
        var host = text[..colon];
        return port is >= 1 and <= 65535 && Uri.CheckHostName(host) != UriHostNameType.Unknown ? (host, port) : null;
    }

    // One spelling for one address: no brackets, no final dot, and IPv4 never in IPv6 clothing.
    private static string Bare(string host)
    {
        var bare = host.Trim('[', ']').TrimEnd('.');
        return IPAddress.TryParse(bare, out var address) ? Plain(address).ToString() : bare;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
