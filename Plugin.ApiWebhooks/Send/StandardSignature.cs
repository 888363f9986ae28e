using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Plugin.ApiWebhooks.Send;

/// <summary>
/// The signature of Standard Webhooks 1.0: HMAC-SHA256 over <c>id.timestamp.body</c>, written <c>v1,BASE64</c>.
/// </summary>
internal static class StandardSignature
{
    /// <summary>Name of the header with the message's id.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>Name of the header with the time of the attempt, in Unix seconds.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>Name of the header with the signatures, separated by a space.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>The three headers for one attempt.</summary>
    /// <param name="id">The message's id: the same on every attempt, and without a full stop, since that parts what is signed.</param>
    /// <param name="sentAt">The time of this attempt.</param>
    /// <param name="body">The exact bytes that are sent.</param>
    /// <param name="secrets">The current secret first; while a secret is being replaced, the former after it.</param>
    public static KeyValuePair<string, string>[] Headers(
        string id, DateTimeOffset sentAt, ReadOnlySpan<byte> body, params ReadOnlySpan<WebhookSecret> secrets)
    {
        if (id.Length == 0 || id.Contains('.', StringComparison.Ordinal))
            throw new ArgumentException("A message id is not empty and contains no full stop.", nameof(id));
        var seconds = sentAt.ToUnixTimeSeconds();
        var signatures = secrets.Length == 1 ? Sign(id, seconds, body, secrets[0]) : SignAll(id, seconds, body, secrets);
        return
        [
            new(IdHeader, id),
            new(TimestampHeader, seconds.ToString(CultureInfo.InvariantCulture)),
            new(SignatureHeader, signatures),
        ];
    }

    /// <summary>One signature, <c>v1,BASE64</c>.</summary>
    public static string Sign(string id, long unixSeconds, ReadOnlySpan<byte> body, WebhookSecret secret)
    {
        // What is signed is put together in one place: hashing in one go costs half of hashing in pieces.
        var idLength = Encoding.UTF8.GetByteCount(id);
        var signed = ArrayPool<byte>.Shared.Rent(idLength + 22 + body.Length);
        var length = Encoding.UTF8.GetBytes(id, signed);
        signed[length++] = (byte)'.';
        Utf8Formatter.TryFormat(unixSeconds, signed.AsSpan(length), out var digits);
        length += digits;
        signed[length++] = (byte)'.';
        body.CopyTo(signed.AsSpan(length));
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret.Key, signed.AsSpan(0, length + body.Length), hash);
        ArrayPool<byte>.Shared.Return(signed);
        Span<char> encoded = stackalloc char[44];
        Convert.TryToBase64Chars(hash, encoded, out _);
        return string.Concat("v1,", encoded);
    }

    private static string SignAll(string id, long unixSeconds, ReadOnlySpan<byte> body, ReadOnlySpan<WebhookSecret> secrets)
    {
        if (secrets.IsEmpty)
            throw new ArgumentException("A message is signed with at least one secret.", nameof(secrets));
        var signatures = new string[secrets.Length];
        for (var i = 0; i < secrets.Length; i++)
            signatures[i] = Sign(id, unixSeconds, body, secrets[i]);
        return string.Join(' ', signatures);
    }
}
