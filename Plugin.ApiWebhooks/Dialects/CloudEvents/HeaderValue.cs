using System.Globalization;
using System.Text;

namespace Plugin.ApiWebhooks.Dialects.CloudEvents;

/// <summary>
/// Writes an attribute as a header's value, after section 3.1.3.2 of the HTTP binding: printable ASCII as it is, and the space, the double quote, the percent sign and
/// everything else as the percent-encoded bytes of UTF-8.
/// </summary>
internal static class HeaderValue
{
    /// <summary>The value as it is sent.</summary>
    public static string Encode(string text)
    {
        if (!text.Any(MustBeEncoded))
            return text;
        var encoded = new StringBuilder(text.Length + 16);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsBmp && !MustBeEncoded((char)rune.Value))
            {
                encoded.Append((char)rune.Value);
                continue;
            }
            var length = rune.EncodeToUtf8(utf8);
            foreach (var part in utf8[..length])
                encoded.Append('%').Append(part.ToString("X2", CultureInfo.InvariantCulture));
        }
        return encoded.ToString();
    }

    private static bool MustBeEncoded(char letter) => letter is <= ' ' or > '~' or '"' or '%';
}
