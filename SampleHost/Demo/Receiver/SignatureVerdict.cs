using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SampleHost.Demo.Receiver;

/// <summary>Whether a call's signature is right, and why.</summary>
internal abstract record SignatureVerdict(string Reason)
{
    public sealed record Verified() : SignatureVerdict("The signature is right and fresh.");

    /// <summary>The call carries no signature at all.</summary>
    public sealed record Unsigned() : SignatureVerdict("Not signed: the call has no webhook-signature header.");

    public sealed record Wrong(string Reason) : SignatureVerdict(Reason);
}

/// <summary>
/// Checks a signature after Standard Webhooks 1.0: HMAC-SHA256 over <c>id.timestamp.body</c>, the body exactly as received. The receiver's
/// own code on purpose, so that it proves something about the sender's.
/// </summary>
internal static class SignatureCheck
{
    private const string SecretPrefix = "whsec_";

    /// <summary>How far the timestamp may lie from now, in either direction.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <param name="secret">The secret, with its <c>whsec_</c> prefix.</param>
    public static SignatureVerdict Verify(IHeaderDictionary headers, ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        string id = headers["webhook-id"].ToString(), timestamp = headers["webhook-timestamp"].ToString(), signatures = headers["webhook-signature"].ToString();
        if (signatures.Length == 0)
            return new SignatureVerdict.Unsigned();
        if (id.Length == 0)
            return new SignatureVerdict.Wrong("The header webhook-id is missing.");
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            return new SignatureVerdict.Wrong("The header webhook-timestamp is not a number of seconds.");
        var age = now - DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (age.Duration() > Tolerance)
            return new SignatureVerdict.Wrong($"The timestamp is {Math.Abs(age.TotalSeconds):0} seconds away from this clock; {Tolerance.TotalSeconds:0} are allowed.");

        var expected = Sign(id, timestamp, body, secret);
        // Several signatures may be given while a secret is being changed; one that is right suffices.
        return signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(signature => IsSame(signature, expected))
            ? new SignatureVerdict.Verified()
            : new SignatureVerdict.Wrong("The signature does not fit: the body was changed on the way, or the secrets differ.");
    }

    private static string Sign(string id, string timestamp, ReadOnlySpan<byte> body, string secret)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret[SecretPrefix.Length..]));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }

    // In constant time: how long the comparison takes must not tell how much of it was right.
    private static bool IsSame(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
