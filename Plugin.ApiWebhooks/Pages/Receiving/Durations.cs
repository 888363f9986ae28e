using System.Globalization;

namespace Plugin.ApiWebhooks.Pages.Receiving;

/// <summary>Spans of time in words.</summary>
internal static class Durations
{
    private static readonly (TimeSpan Unit, string En, string Fr)[] Units =
    [
        (TimeSpan.FromDays(1), "day", "jour"), (TimeSpan.FromHours(1), "hour", "heure"), (TimeSpan.FromMinutes(1), "minute", "minute"), (TimeSpan.FromSeconds(1), "second", "seconde"),
    ];

    /// <summary>A span such as <c>5 minutes</c>: in the largest unit of which it is a whole number, or as good as one.</summary>
    public static string InWords(TimeSpan span, bool isFrench)
    {
        foreach (var (unit, en, fr) in Units)
        {
            var count = span / unit;
            var rounded = Math.Round(count);
            // A single day reads better as 24 hours.
            var isTold = rounded >= (unit == TimeSpan.FromDays(1) ? 2 : 1) && Math.Abs(count - rounded) / count < 0.05;
            if (!isTold && unit != TimeSpan.FromSeconds(1))
                continue;
            rounded = isTold ? rounded : Math.Round(count, 1);
            var number = rounded.ToString("0.#", CultureInfo.InvariantCulture);
            return $"{(isFrench ? number.Replace('.', ',') : number)} {(isFrench ? fr : en)}{(rounded is > 1 or 0 && !(isFrench && rounded < 2) ? "s" : "")}";
        }
        return "";
    }
}
