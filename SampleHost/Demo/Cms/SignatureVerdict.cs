using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SampleHost.Demo.Cms;

/// <summary>What checking a call's signature gave.</summary>
public enum SignatureVerdict
{
    /// <summary>The call carries no signature: a button without a secret.</summary>
    NotSigned,

    Verified,

    /// <summary>Some of the three headers are missing or not of their form.</summary>
    Malformed,

    /// <summary>The time in the headers is more than five minutes away.</summary>
    TooOld,

    /// <summary>No signature fits the bytes that came.</summary>
    Wrong,
}

/// <summary>
/// Checks Standard Webhooks signatures as a receiver does: HMAC-SHA256 over <c>id.timestamp.body</c>, over the bytes as they came, compared in constant time.
/// </summary>
internal static class SignatureCheck
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static SignatureVerdict Check(IHeaderDictionary headers, ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        var (id, timestamp, signatures) = (headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString());
        if (id.Length == 0 && timestamp.Length == 0 && signatures.Length == 0)
            return SignatureVerdict.NotSigned;
        if (id.Length == 0 || signatures.Length == 0 || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return SignatureVerdict.Malformed;
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
            return SignatureVerdict.TooOld;

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed);
        foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var given = new byte[expected.Length];
            if (signature.StartsWith("v1,", StringComparison.Ordinal)
                && Convert.TryFromBase64String(signature[3..], given, out var length) && length == given.Length
                && CryptographicOperations.FixedTimeEquals(given, expected))
                return SignatureVerdict.Verified;
        }

        return SignatureVerdict.Wrong;
    }
}
