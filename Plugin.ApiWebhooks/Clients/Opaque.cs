using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>Random values that say nothing: secrets, codes and tokens. 256 bits each, so that a plain hash is enough to keep them by.</summary>
internal static class Opaque
{
    private const int SecretBytes = 32;

    /// <summary>A new value from the system's cryptographic source: 43 characters of base64url.</summary>
    public static string Generate() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>A new public name: 32 hexadecimal digits.</summary>
    public static string GenerateName() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>By what a value is kept.</summary>
    public static byte[] Hash(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));

    /// <summary>Whether a value is the one that was kept, in a time that does not depend on where they differ.</summary>
    public static bool Matches(string value, ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(Hash(value), hash);
}
