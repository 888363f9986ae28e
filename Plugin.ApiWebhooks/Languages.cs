namespace Plugin.ApiWebhooks;

/// <summary>The languages that pages and messages are written in: English, and those asked for here.</summary>
internal static class Languages
{
    /// <summary>Whether a language, a BCP 47 tag such as <c>fr</c> or <c>fr-CA</c>, is French.</summary>
    public static bool IsFrench(string language) =>
        language.Equals("fr", StringComparison.OrdinalIgnoreCase) || language.StartsWith("fr-", StringComparison.OrdinalIgnoreCase);
}
