using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>Proof Key for Code Exchange (RFC 7636), method S256 alone: <c>plain</c> proves nothing to who saw the request.</summary>
internal static class Pkce
{
    private const int ChallengeLength = 43;

    /// <summary>Whether a text can be an S256 challenge: a SHA-256 in base64url.</summary>
    public static bool IsChallenge(string text) => text.Length == ChallengeLength && text.All(IsBase64Url);

    /// <summary>Whether a text can be a verifier (section 4.1).</summary>
    public static bool IsVerifier(string text) => text.Length is >= 43 and <= 128 && text.All(letter => IsBase64Url(letter) || letter is '.' or '~');

    /// <summary>Whether a verifier is that of a challenge.</summary>
    public static bool Proves(string verifier, string challenge) => IsVerifier(verifier)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(ChallengeOf(verifier)), Encoding.ASCII.GetBytes(challenge));

    /// <summary>The challenge of a verifier.</summary>
    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    private static bool IsBase64Url(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';
}
