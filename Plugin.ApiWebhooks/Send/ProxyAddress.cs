using System.Diagnostics.CodeAnalysis;
using System.Net;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Send;

/// <summary>A proxy: <c>http://</c> (CONNECT for https receivers) or <c>socks5://</c>. Its user info is a credential, so it prints as stars.</summary>
internal sealed class ProxyAddress : IEquatable<ProxyAddress>
{
    private readonly string _text;

    private ProxyAddress(string text, Uri address, NetworkCredential? credential) => (_text, Address, Credential) = (text, address, credential);

    /// <summary>Scheme, host and port.</summary>
    public Uri Address { get; }

    /// <summary>What the proxy is told when it asks, or null.</summary>
    public NetworkCredential? Credential { get; }

    /// <summary>Reads an address such as <c>http://user:password@proxy.internal:3128</c>.</summary>
    /// <returns>False when it is none.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out ProxyAddress? proxy)
    {
        proxy = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "socks5") || AddressRules.HostOf(uri) is null or ""
            || uri.AbsolutePath is not ("/" or "") || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            return false;
        // SOCKS has a port of its own, which Uri does not know.
        var port = uri.Port > 0 ? uri.Port : 1080;
        var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        var credential = uri.UserInfo.Length == 0
            ? null
            : new NetworkCredential(
                Uri.UnescapeDataString(colon < 0 ? uri.UserInfo : uri.UserInfo[..colon]), colon < 0 ? "" : Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]));
        proxy = new ProxyAddress(text, new UriBuilder(uri.Scheme, uri.IdnHost, port).Uri, credential);
        return true;
    }

    /// <summary>As it was written, for hashing only.</summary>
    public string Reveal() => _text;

    /// <inheritdoc/>
    public bool Equals(ProxyAddress? other) => other is not null && other._text == _text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ProxyAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Scheme, host and port.</summary>
    public override string ToString() => Address.GetLeftPart(UriPartial.Authority);
}
