using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Plugin.ApiWebhooks.Send;

/// <summary>The certificate, with its private key, that this side shows in the TLS handshake. Equal when the certificates are.</summary>
internal sealed class ClientIdentity : IEquatable<ClientIdentity>
{
    /// <summary>Takes a certificate.</summary>
    /// <param name="path">The file, for people.</param>
    /// <param name="certificate">The certificate, with its key; kept.</param>
    /// <param name="intermediates">What the receiver needs between the certificate and an authority it knows.</param>
    public ClientIdentity(string path, X509Certificate2 certificate, X509Certificate2Collection intermediates)
    {
        Path = path;
        // Offline: nothing is fetched from addresses that a certificate names.
        Context = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
        Fingerprint = CertificateText.Fingerprint([certificate, .. intermediates]);
        ExpiresAt = CertificateText.EndOf(certificate);
    }

    /// <summary>Where it was read.</summary>
    public string Path { get; }

    /// <summary>The certificate as TLS takes it.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>When it ends (UTC).</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>A hash of the certificates.</summary>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public bool Equals(ClientIdentity? other) => other?.Fingerprint == Fingerprint;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClientIdentity);

    /// <inheritdoc/>
    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);
}

/// <summary>What is told of certificates.</summary>
internal static class CertificateText
{
    /// <summary>A hash of certificates.</summary>
    public static string Fingerprint(IEnumerable<X509Certificate2> certificates) => string.Join(' ', certificates.Select(each => each.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256)));

    /// <summary>When a certificate ends (UTC).</summary>
    public static DateTimeOffset EndOf(X509Certificate2 certificate) => certificate.NotAfter.ToUniversalTime();
}
