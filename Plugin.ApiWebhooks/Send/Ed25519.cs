using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Plugin.ApiWebhooks.Send;

/// <summary>
/// Ed25519 (RFC 8032) by the libcrypto of OpenSSL 3: .NET has none of its own. Only where that library is, which is on Linux the one that .NET itself uses.
/// </summary>
internal static partial class Ed25519
{
    /// <summary>Length of a seed, which is the private key, and of a public key.</summary>
    public const int KeyLength = 32;

    /// <summary>Length of a signature.</summary>
    public const int SignatureLength = 64;

    private const string LibCrypto = "libcrypto.so.3";

    // NID_ED25519 of openssl/obj_mac.h.
    private const int Ed25519Type = 1087;

    private static readonly Lazy<bool> Works = new(Try);

    /// <summary>Whether this machine offers it. Asked once: a library does not come and go.</summary>
    public static bool IsSupported => Works.Value;

    /// <summary>The public key of a seed.</summary>
    /// <exception cref="CryptographicException">The library refuses, as one that is restricted to FIPS algorithms may.</exception>
    public static byte[] PublicKeyOf(ReadOnlySpan<byte> seed)
    {
        var key = OpenKey(seed);
        try
        {
            var publicKey = new byte[KeyLength];
            nuint length = KeyLength;
            return GetRawPublicKey(key, publicKey, ref length) == 1 && length == KeyLength ? publicKey : throw Refused(nameof(GetRawPublicKey));
        }
        finally
        {
            FreeKey(key);
        }
    }

    /// <summary>Signs.</summary>
    /// <param name="seed">The private key.</param>
    /// <param name="message">The bytes signed.</param>
    /// <param name="signature">Takes the <see cref="SignatureLength"/> bytes.</param>
    /// <exception cref="CryptographicException">The library refuses.</exception>
    public static void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        var key = OpenKey(seed);
        var context = NewContext();
        try
        {
            nuint length = SignatureLength;
            if (SignInit(context, 0, 0, 0, key) != 1 || DigestSign(context, signature, ref length, message, (nuint)message.Length) != 1 || length != SignatureLength)
                throw Refused(nameof(DigestSign));
        }
        finally
        {
            FreeContext(context);
            FreeKey(key);
        }
    }

    // Vanished libraries, other versions and forbidden algorithms look different, and all mean the same.
    private static bool Try()
    {
        try
        {
            Span<byte> signature = stackalloc byte[SignatureLength];
            Sign(new byte[KeyLength], [], signature);
            return PublicKeyOf(new byte[KeyLength]).Length == KeyLength;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or CryptographicException)
        {
            return false;
        }
    }

    private static nint OpenKey(ReadOnlySpan<byte> seed)
    {
        var key = NewRawPrivateKey(Ed25519Type, 0, seed, (nuint)seed.Length);
        return key != 0 ? key : throw Refused(nameof(NewRawPrivateKey));
    }

    private static CryptographicException Refused(string call) => new($"The machine's libcrypto refused Ed25519 ({call}).");

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    private static partial nint NewRawPrivateKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    private static partial int GetRawPublicKey(nint key, Span<byte> publicKey, ref nuint length);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_free")]
    private static partial void FreeKey(nint key);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_MD_CTX_new")]
    private static partial nint NewContext();

    [LibraryImport(LibCrypto, EntryPoint = "EVP_MD_CTX_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_DigestSignInit")]
    private static partial int SignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_DigestSign")]
    private static partial int DigestSign(nint context, Span<byte> signature, ref nuint signatureLength, ReadOnlySpan<byte> message, nuint messageLength);
}
