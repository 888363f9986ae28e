using System.Globalization;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>Instants as people write them.</summary>
internal static class IsoTime
{
    /// <summary>The forms accepted, for a fault's remedy.</summary>
    public const string Forms = "a time such as \"2026-03-01T12:00:00Z\", \"2026-03-01T13:00:00+01:00\" or \"2026-03-01\"";

    private static readonly string[] Patterns =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Reads an ISO 8601 date, or date and time. Without an offset it is UTC.</summary>
    public static bool TryParse(string? text, out DateTimeOffset at) => DateTimeOffset.TryParseExact(
        text?.Trim(), Patterns, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at);
}
