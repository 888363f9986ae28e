namespace Plugin.ApiWebhooks.Buttons;

/// <summary>
/// Chooses the language of a text such as <c>~en:Push~fr:Envoyer</c>, by exactly the rules of ResourceSpace's <c>i18n_get_translated</c>, so that a
/// label taken over from there reads the same here.
/// </summary>
internal static class ButtonLabel
{
    /// <summary>The text in a language.</summary>
    /// <param name="text">A plain text, or texts by language, each as <c>~code:text</c> with a code of 0, 2 or 5 characters.</param>
    /// <param name="language">The language wanted; <c>fr-CA</c> is not <c>fr</c>.</param>
    /// <param name="defaultLanguage">The host's default language; <c>en</c> when null.</param>
    /// <returns>The text of that language; else of the default language, of the empty code or of the first part; else the whole text as it stands.</returns>
    public static string Choose(string? text, string language, string? defaultLanguage)
    {
        var parts = (text ?? "").Split('~');
        if (parts.Length < 2)
            return text ?? "";
        var fallback = "";
        for (var n = 1; n < parts.Length; n++)
        {
            var part = parts[n];
            if (!HasColonAt(part, 0) && !HasColonAt(part, 2) && !HasColonAt(part, 5))
                return text!;
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var (code, words) = (part[..colon], part[(colon + 1)..]);
            if (string.Equals(code, language, StringComparison.OrdinalIgnoreCase))
                return words;
            if (n == 1 || code.Length == 0 || string.Equals(code, defaultLanguage ?? "en", StringComparison.OrdinalIgnoreCase))
                fallback = words;
        }

        return fallback.Length > 0 ? fallback : text!;
    }

    /// <summary>The languages that a text has parts for, as they are written, without the empty one; none for a plain text.</summary>
    public static IReadOnlyList<string> LanguagesOf(string? text)
    {
        var parts = (text ?? "").Split('~').Skip(1).ToList();
        return parts.TrueForAll(part => HasColonAt(part, 0) || HasColonAt(part, 2) || HasColonAt(part, 5))
            ? [.. parts.Select(part => part[..part.IndexOf(':', StringComparison.Ordinal)]).Where(code => code.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)]
            : [];
    }

    private static bool HasColonAt(string part, int offset) => part.Length > offset && part[offset] == ':';
}
