using System.Globalization;

namespace Plugin.ApiWebhooks.Send;

/// <summary>Reads the <c>Retry-After</c> header (RFC 9110, section 10.2.3): seconds, or a date in any of the three forms of HTTP.</summary>
internal static class RetryAfter
{
    private static readonly string[] DateForms =
    [
        "ddd, dd MMM yyyy HH:mm:ss 'GMT'", // IMF-fixdate
        "dddd, dd-MMM-yy HH:mm:ss 'GMT'", // RFC 850
        "ddd MMM d HH:mm:ss yyyy", // asctime
    ];

    /// <summary>The moment the header names.</summary>
    /// <param name="text">The header's value.</param>
    /// <param name="now">When the answer came.</param>
    /// <returns>The moment, never before <paramref name="now"/>; null when there is no header or it says nothing readable.</returns>
    public static DateTimeOffset? Parse(string? text, DateTimeOffset now)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
            return null;
        if (text.All(char.IsAsciiDigit))
        {
            // More digits than a long holds is "much later" all the same.
            var seconds = text.Length > 9 ? 999_999_999 : long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
            return now.AddSeconds(seconds);
        }
        const DateTimeStyles Styles = DateTimeStyles.AllowInnerWhite | DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParseExact(text, DateForms, CultureInfo.InvariantCulture, Styles, out var date))
            return null;
        return date > now ? date : now;
    }
}
