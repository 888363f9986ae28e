using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>Makes the keys under which buttons and hooks are known, from their texts.</summary>
internal static class StableKey
{
    /// <summary>The longest key.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether a text may be a key: 1 to 64 letters, digits, hyphens, underscores and full stops.</summary>
    public static bool IsValid(string key) =>
        key.Length is > 0 and <= MaxLength && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>A text in lower case without accents, other characters as hyphens: "Envoyer l'été" gives <c>envoyer-l-ete</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="otherwise">The slug of a text that has no Latin letter and no digit; it is told apart by a hash.</param>
    public static string Slug(string text, string otherwise)
    {
        var slug = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(char.ToLowerInvariant(c));
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        var trimmed = slug.ToString(0, Math.Min(slug.Length, MaxLength - 8)).Trim('-');
        return trimmed.Length > 0 ? trimmed : $"{otherwise}-{Mark(text)}";
    }

    /// <summary>
    /// Tells two equal slugs apart by what else distinguishes their owners, so that neither order nor neighbours in the file matter.
    /// </summary>
    public static string Distinguish(string slug, string by) => $"{slug}-{Mark(by)}";

    private static string Mark(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..6];
}
