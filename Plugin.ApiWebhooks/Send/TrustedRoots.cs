using System.Security.Cryptography.X509Certificates;

namespace Plugin.ApiWebhooks.Send;

/// <summary>Authorities that a receiver's certificate must come from, in place of the system's. Equal when the certificates are.</summary>
internal sealed class TrustedRoots : IEquatable<TrustedRoots>
{
    /// <summary>Takes the certificates of a file: at least one of them is its own issuer.</summary>
    /// <param name="path">The file, for people.</param>
    /// <param name="certificates">The certificates; kept.</param>
    public TrustedRoots(string path, X509Certificate2Collection certificates)
    {
        (Path, Certificates) = (path, certificates);
        Fingerprint = CertificateText.Fingerprint(certificates);
        ExpiresAt = certificates.Min(CertificateText.EndOf);
    }

    /// <summary>Where they were read.</summary>
    public string Path { get; }

    /// <summary>The certificates.</summary>
    public X509Certificate2Collection Certificates { get; }

    /// <summary>When the first of them ends (UTC).</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>A hash of the certificates.</summary>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public bool Equals(TrustedRoots? other) => other?.Fingerprint == Fingerprint;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TrustedRoots);

    /// <inheritdoc/>
    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);
}
