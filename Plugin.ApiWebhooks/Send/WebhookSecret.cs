using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Plugin.ApiWebhooks.Send;

/// <summary>A signing secret of Standard Webhooks. Prints as stars, so that it cannot end up in a log or on a page by accident.</summary>
internal sealed class WebhookSecret : IMessageKey, IEquatable<WebhookSecret>
{
    /// <summary>What every written secret begins with.</summary>
    public const string Prefix = "whsec_";

    // As many as sign at the same time. Setting up the key costs a third of signing a small message.
    private readonly ConcurrentBag<IncrementalHash> _keyed = [];
    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>Reads a secret: <c>whsec_</c> and standard base64 of 24 to 64 bytes. The prefix may be missing.</summary>
    /// <param name="text">The written secret.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>False when the text is not such a secret.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out WebhookSecret? secret)
    {
        secret = null;
        if (text is null)
            return false;
        var encoded = text.StartsWith(Prefix, StringComparison.Ordinal) ? text.AsSpan(Prefix.Length) : text.AsSpan();
        var key = new byte[64];
        if (!Convert.TryFromBase64Chars(encoded, key, out var length) || length < 24)
            return false;
        secret = new WebhookSecret(key[..length]);
        return true;
    }

    /// <summary>A new secret of 32 bytes from the system's cryptographic source.</summary>
    public static WebhookSecret Generate() => new(RandomNumberGenerator.GetBytes(32));

    /// <summary>The written secret, for the one moment when it is shown and for encrypted storage.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(_key);

    /// <summary><c>v1</c>: HMAC-SHA256.</summary>
    public string Sign(ReadOnlySpan<byte> content)
    {
        if (!_keyed.TryTake(out var hmac))
            hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hmac.AppendData(content);
        hmac.GetHashAndReset(hash);
        _keyed.Add(hmac);
        Span<char> encoded = stackalloc char[44];
        Convert.TryToBase64Chars(hash, encoded, out _);
        return string.Concat("v1,", encoded);
    }

    /// <inheritdoc/>
    public bool Equals(WebhookSecret? other) => other is not null && CryptographicOperations.FixedTimeEquals(_key, other._key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WebhookSecret);

    /// <inheritdoc/>
    public override int GetHashCode() => _key.Length;

    /// <summary>Stars.</summary>
    public override string ToString() => "********";
}
