using System.Globalization;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>Reads a time span as people write it.</summary>
internal static class SpanText
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];

    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>The forms accepted, for a fault's remedy.</summary>
    public const string Forms = "a number of seconds, or a text such as \"5s\", \"30m\", \"2h\", \"1d\" or \"00:05:00\"";

    /// <summary>Reads a number of seconds, a number with a unit, or <c>[d.]hh:mm:ss[.fff]</c>. Never negative, a year at most.</summary>
    public static bool TryParse(string text, out TimeSpan span)
    {
        span = default;
        var trimmed = text.Trim();
        if (trimmed.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParseExact(trimmed, ["c", @"h\:mm\:ss"], CultureInfo.InvariantCulture, out span) && InRange(ref span);
        var seconds = 1.0;
        foreach (var (unit, factor) in Units)
        {
            if (trimmed.Length <= unit.Length || !trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase) ||
                !char.IsAsciiDigit(trimmed[^(unit.Length + 1)]))
                continue;
            (trimmed, seconds) = (trimmed[..^unit.Length], factor);
            break;
        }

        if (!double.TryParse(trimmed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ||
            !(number * seconds <= Longest.TotalSeconds))
            return false;
        span = TimeSpan.FromSeconds(number * seconds);
        return true;
    }

    private static bool InRange(ref TimeSpan span)
    {
        if (span >= TimeSpan.Zero && span <= Longest)
            return true;
        span = default;
        return false;
    }
}
