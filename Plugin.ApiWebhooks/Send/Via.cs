using System.Security.Cryptography;
using System.Text;

namespace Plugin.ApiWebhooks.Send;

/// <summary>How a receiver is reached where that differs from the usual way. Only equal ones share connections.</summary>
internal sealed record Via
{
    /// <summary>The proxy that dials, or null.</summary>
    public ProxyAddress? Proxy { get; init; }

    /// <summary>The authorities that the receiver's certificate must come from, or null for those of the system.</summary>
    public TrustedRoots? Roots { get; init; }

    /// <summary>Who this side is in the TLS handshake, or null.</summary>
    public ClientIdentity? Identity { get; init; }

    /// <summary>Null when nothing differs.</summary>
    public Via? OrUsual() => Proxy is null && Roots is null && Identity is null ? null : this;

    /// <summary>A hash that is the same for equal ones, also after a restart. Tells nothing of what went in.</summary>
    public string Fingerprint() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Proxy?.Reveal()}\n{Roots?.Fingerprint}\n{Identity?.Fingerprint}")));
}
