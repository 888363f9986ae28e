namespace SampleHost.Records;

/// <summary>A text in several languages, by BCP 47 tag.</summary>
internal sealed record LocalText(IReadOnlyDictionary<string, string> Texts)
{
    public static LocalText Of(string en, string? fr = null, string? de = null)
    {
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["en"] = en };
        if (fr is not null)
            texts["fr"] = fr;
        if (de is not null)
            texts["de"] = de;
        return new LocalText(texts);
    }

    /// <summary>The text in a language, else in its main language (<c>fr</c> for <c>fr-CA</c>), else in English, else in any.</summary>
    public string In(string language)
    {
        if (Texts.TryGetValue(language, out var text))
            return text;
        var dash = language.IndexOf('-', StringComparison.Ordinal);
        if (dash > 0 && Texts.TryGetValue(language[..dash], out text))
            return text;
        return Texts.TryGetValue("en", out text) ? text : Texts.Values.FirstOrDefault() ?? "";
    }
}
