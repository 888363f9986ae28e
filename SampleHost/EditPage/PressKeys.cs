using System.Security.Cryptography;
using System.Text;

namespace SampleHost.EditPage;

/// <summary>Idempotency keys of presses.</summary>
/// <remarks>
/// Every drawing of the edit page has a random key. A press runs under that key and a digest of the form: the same form sent twice is one
/// press, while a form that was taken back from the browser's history and changed, or pressed with another button, is another press and meets
/// the version check. Without the digest it would be answered from the first press and what was typed would be lost in silence.
/// </remarks>
internal static class PressKeys
{
    private const int Length = 32;
    private const int DigestLength = 16;

    /// <summary>A key for one drawing of the page.</summary>
    public static string New() => RandomNumberGenerator.GetHexString(Length, lowercase: true);

    public static bool IsKey(string? text) => text?.Length == Length && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The key of a press.</summary>
    /// <param name="pageKey">The key the page was drawn with.</param>
    /// <param name="form">The form as posted, without its antiforgery token.</param>
    /// <param name="button">The button.</param>
    public static string Of(string pageKey, IEnumerable<KeyValuePair<string, string>> form, string button)
    {
        var text = new StringBuilder();
        Append(text, button);
        foreach (var (name, value) in form.Where(entry => !IsHow(entry.Key)).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Append(text, name);
            Append(text, value);
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        return $"{pageKey}-{digest[..DigestLength]}";
    }

    // How the press was made, not what it says: the same after a confirmation as before.
    private static bool IsHow(string name) => name is "press" or "confirmed";

    // With lengths, so that no two forms run together into the same text.
    private static void Append(StringBuilder text, string part) => text.Append(part.Length).Append(':').Append(part).Append('\n');
}
