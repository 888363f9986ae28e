namespace Plugin.ApiWebhooks.Track;

/// <summary>Reads what was kept of an answer.</summary>
internal static class KeptAnswer
{
    /// <summary>The header lines of <see cref="Send.AnswerHead"/>.</summary>
    /// <param name="text">The text; null has none.</param>
    /// <returns>The lines, and whether there were more.</returns>
    public static (IReadOnlyList<KeyValuePair<string, string>> Headers, bool IsCut) HeadersOf(string? text)
    {
        var headers = new List<KeyValuePair<string, string>>();
        var isCut = false;
        foreach (var line in text?.Split('\n') ?? [])
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            isCut |= colon < 0;
            if (colon >= 0)
                headers.Add(new(line[..colon], line[(colon + 1)..].TrimStart(' ')));
        }
        return (headers, isCut);
    }
}
