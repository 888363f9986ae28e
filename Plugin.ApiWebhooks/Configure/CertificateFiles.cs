using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>
/// The certificates that one reading of config.json names. Each file is read once, also when many hooks name it; which were looked at is remembered, so that
/// a renewed certificate is noticed as an edit is.
/// </summary>
/// <param name="directory">The folder of config.json: relative paths start there.</param>
internal sealed class CertificateFiles(string directory)
{
    private const int MaxBytes = 1024 * 1024;

    private readonly Dictionary<string, TrustedRoots> _roots = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, FileStamp> _seen = new(StringComparer.Ordinal);

    /// <summary>The files looked at, readable or not, and how each was just before.</summary>
    public IReadOnlyDictionary<string, FileStamp> Seen => _seen;

    /// <summary>Reads authorities from a PEM file; null after a fault.</summary>
    public TrustedRoots? ReadRoots(SectionReader reader, Option option)
    {
        if (reader.Text(option) is not { } written || ReadText(reader, option, written) is not { } text)
            return null;
        var path = PathOf(written);
        if (_roots.TryGetValue(path, out var known))
            return known;
        if (Import(reader, option, path, text) is not { } certificates)
            return null;
        if (!certificates.Any(IsItsOwnIssuer))
        {
            reader.Refuse(option.Key, $"names {path}, which holds no root certificate", "Add the certificate of the authority at the top, the one that is its own issuer.");
            return null;
        }
        return _roots[path] = new TrustedRoots(path, certificates);
    }

    /// <summary>Reads a certificate with its private key: PEM, the key in the same file or in one of its own, or PKCS#12 (<c>.pfx</c>, <c>.p12</c>).</summary>
    public ClientIdentity? ReadIdentity(SectionReader reader, Option certificate, Option key, Option password)
    {
        var (file, keyFile, secret) = (reader.Text(certificate), reader.Text(key), reader.Text(password));
        if (file is null)
        {
            foreach (var option in new[] { key, password }.Where(option => reader.Text(option) is not null))
                reader.Refuse(option.Key, "stands without a certificate", $"Add \"{certificate.Key}\", or remove it.");
            return null;
        }
        var path = PathOf(file);
        if (Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12")
        {
            if (keyFile is not null)
                reader.Refuse(key.Key, "is not used with a PKCS#12 file, which holds the key itself", "Remove it.");
            return ReadBytes(reader, certificate, file) is { } bytes ? ReadPkcs12(reader, certificate, path, bytes, secret) : null;
        }
        if (ReadText(reader, certificate, file) is not { } text)
            return null;
        var keyText = keyFile is null ? text : ReadText(reader, key, keyFile);
        return keyText is null ? null : ReadPem(reader, keyFile is null ? certificate : key, path, text, keyText, secret);
    }

    private static ClientIdentity? ReadPem(SectionReader reader, Option keyOption, string path, string text, string keyText, string? password)
    {
        try
        {
            using var read = password is null ? X509Certificate2.CreateFromPem(text, keyText) : X509Certificate2.CreateFromEncryptedPem(text, keyText, password);
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(text);
            return new ClientIdentity(path, Usable(read), [.. certificates.Where(each => each.Thumbprint != read.Thumbprint)]);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // The message of the exception is left out: it helps nobody, and nobody knows what it repeats.
            reader.Refuse(
                keyOption.Key,
                $"gives no certificate with its private key ({path})",
                "Name a PEM file with the certificate and \"clientCertificateKeyFile\" with the matching key, unencrypted or with its \"clientCertificatePassword\".");
            return null;
        }
    }

    private static ClientIdentity? ReadPkcs12(SectionReader reader, Option option, string path, byte[] bytes, string? password)
    {
        try
        {
            var all = X509CertificateLoader.LoadPkcs12Collection(bytes, password, X509KeyStorageFlags.DefaultKeySet);
            if (all.FirstOrDefault(each => each.HasPrivateKey) is { } certificate)
                return new ClientIdentity(path, certificate, [.. all.Where(each => each != certificate)]);
            reader.Refuse(option.Key, $"names {path}, which holds no private key", "Export the certificate together with its key.");
        }
        catch (CryptographicException)
        {
            reader.Refuse(option.Key, $"names {path}, which cannot be opened", "Check that it is PKCS#12 and that \"clientCertificatePassword\" is its password.");
        }
        return null;
    }

    // Windows does not take a key that lives in memory alone.
    private static X509Certificate2 Usable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);

    private static X509Certificate2Collection? Import(SectionReader reader, Option option, string path, string text)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(text);
            if (certificates.Count > 0)
                return certificates;
        }
        catch (CryptographicException)
        {
            // Told below, like a file without any.
        }
        reader.Refuse(option.Key, $"names {path}, which holds no certificate in PEM", "Write the authority's certificate there, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.");
        return null;
    }

    private static bool IsItsOwnIssuer(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private string? ReadText(SectionReader reader, Option option, string written) =>
        ReadBytes(reader, option, written) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;

    private byte[]? ReadBytes(SectionReader reader, Option option, string written)
    {
        var path = PathOf(written);
        _seen.TryAdd(path, SettingsFile.StampOf(path));
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes } file)
                reader.Refuse(option.Key, $"names {path}, which is {file.Length} bytes long", $"At most {MaxBytes} bytes are read.");
            else
                return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            reader.Refuse(option.Key, $"names {path}, which is not there", "Put the file there, or write its whole path. A relative path starts at the folder of config.json.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            reader.Refuse(option.Key, $"names {path}, which cannot be read", "Give the account that the host runs under the right to read it.");
        }
        return null;
    }

    private string PathOf(string written) => Path.GetFullPath(written, directory.Length > 0 ? directory : Environment.CurrentDirectory);
}
