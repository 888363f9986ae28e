using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Plugin.ApiWebhooks.Send;

/// <summary>
/// The signature of Standard Webhooks 1.0 over <c>id.timestamp.body</c>: HMAC-SHA256, written <c>v1,BASE64</c>, or Ed25519, written <c>v1a,BASE64</c>.
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
    /// <param name="keys">The current ones first; while one is being replaced, the former after them. A receiver accepts any that it knows.</param>
    public static KeyValuePair<string, string>[] Headers(
        string id, DateTimeOffset sentAt, ReadOnlySpan<byte> body, params ReadOnlySpan<IMessageKey> keys)
    {
        if (id.Length == 0 || id.Contains('.', StringComparison.Ordinal))
            throw new ArgumentException("A message id is not empty and contains no full stop.", nameof(id));
        var seconds = sentAt.ToUnixTimeSeconds();
        var signatures = keys.Length == 1 ? Sign(id, seconds, body, keys[0]) : SignAll(id, seconds, body, keys);
        return
        [
            new(IdHeader, id),
            new(TimestampHeader, seconds.ToString(CultureInfo.InvariantCulture)),
            new(SignatureHeader, signatures),
        ];
    }

    /// <summary>One signature, such as <c>v1,BASE64</c>.</summary>
    public static string Sign(string id, long unixSeconds, ReadOnlySpan<byte> body, IMessageKey key)
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
        var signature = key.Sign(signed.AsSpan(0, length + body.Length));
        ArrayPool<byte>.Shared.Return(signed);
        return signature;
    }

    private static string SignAll(string id, long unixSeconds, ReadOnlySpan<byte> body, ReadOnlySpan<IMessageKey> keys)
    {
        if (keys.IsEmpty)
            throw new ArgumentException("A message is signed with at least one key.", nameof(keys));
        var signatures = new string[keys.Length];
        for (var i = 0; i < keys.Length; i++)
            signatures[i] = Sign(id, unixSeconds, body, keys[i]);
        return string.Join(' ', signatures);
    }
}
