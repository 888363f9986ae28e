using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Plugin.Tests.Send;

/// <summary>A certificate authority that lives as long as a test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<X509Certificate2> _issued = [];
    private readonly TestAuthority? _issuer;

    /// <summary>A root, or an authority below another.</summary>
    public TestAuthority(string name = "Test root", TestAuthority? issuer = null, DateTimeOffset? notAfter = null)
    {
        _issuer = issuer;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        Certificate = issuer is null ? request.CreateSelfSigned(Begin, notAfter ?? End) : Sign(request, issuer.Certificate, key, notAfter ?? End);
    }

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>A certificate with its key.</summary>
    /// <param name="host">The name or address it is for.</param>
    /// <param name="notAfter">Its end; far off by default.</param>
    /// <param name="fetchIssuerAt">Where a reader is told to fetch the issuer's certificate.</param>
    public X509Certificate2 Issue(string host, DateTimeOffset? notAfter = null, string? fetchIssuerAt = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        if (fetchIssuerAt is not null)
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [fetchIssuerAt]));
        var certificate = Sign(request, Certificate, key, notAfter ?? End.AddYears(-1));
        _issued.Add(certificate);
        return certificate;
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _issued.ForEach(each => each.Dispose());
        _issuer?.Dispose();
    }

    private static X509Certificate2 Sign(CertificateRequest request, X509Certificate2 issuer, ECDsa key, DateTimeOffset notAfter)
    {
        using var signed = request.Create(issuer, Begin, notAfter, RandomNumberGenerator.GetBytes(12));
        return signed.CopyWithPrivateKey(key);
    }
}
