using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Plugin.ApiWebhooks.Send;

/// <summary>
/// An Ed25519 key pair of Standard Webhooks, for signatures that a receiver can check and not make. The private half prints as stars.
/// </summary>
internal sealed class SigningKey : IMessageKey, IEquatable<SigningKey>
{
    /// <summary>What a written private key begins with: base64 of seed and public key, 64 bytes together.</summary>
    public const string Prefix = "whsk_";

    /// <summary>What a written public key begins with: base64 of 32 bytes.</summary>
    public const string PublicPrefix = "whpk_";

    private readonly byte[] _pair;

    private SigningKey(byte[] pair) => (_pair, PublicText) = (pair, PublicPrefix + Convert.ToBase64String(pair, Ed25519.KeyLength, Ed25519.KeyLength));

    /// <summary>The public half, for the receiver: no secret.</summary>
    public string PublicText { get; }

    /// <summary>A new key pair from the system's cryptographic source.</summary>
    /// <exception cref="CryptographicException">The machine does not offer Ed25519.</exception>
    public static SigningKey Generate()
    {
        var seed = RandomNumberGenerator.GetBytes(Ed25519.KeyLength);
        return new SigningKey([.. seed, .. Ed25519.PublicKeyOf(seed)]);
    }

    /// <summary>Reads a private key.</summary>
    /// <param name="text">The written key; the prefix may be missing.</param>
    /// <param name="key">The key.</param>
    /// <returns>False when the text is no such key.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out SigningKey? key)
    {
        var encoded = text.StartsWith(Prefix, StringComparison.Ordinal) ? text.AsSpan(Prefix.Length) : text.AsSpan();
        var pair = new byte[2 * Ed25519.KeyLength];
        key = Convert.TryFromBase64Chars(encoded, pair, out var length) && length == pair.Length ? new SigningKey(pair) : null;
        return key is not null;
    }

    /// <summary>The written private key, for encrypted storage only.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(_pair);

    /// <summary><c>v1a</c>: Ed25519.</summary>
    /// <exception cref="CryptographicException">The machine does not offer Ed25519.</exception>
    public string Sign(ReadOnlySpan<byte> content)
    {
        Span<byte> signature = stackalloc byte[Ed25519.SignatureLength];
        Ed25519.Sign(_pair.AsSpan(0, Ed25519.KeyLength), content, signature);
        return "v1a," + Convert.ToBase64String(signature);
    }

    /// <inheritdoc/>
    public bool Equals(SigningKey? other) => other is not null && CryptographicOperations.FixedTimeEquals(_pair, other._pair);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SigningKey);

    /// <inheritdoc/>
    public override int GetHashCode() => PublicText.GetHashCode(StringComparison.Ordinal);

    /// <summary>Stars.</summary>
    public override string ToString() => "********";
}
