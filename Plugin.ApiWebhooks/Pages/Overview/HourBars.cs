using System.Globalization;
using System.Text;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Overview;

/// <summary>Draws hours as bars: what was delivered from the ground up, failed attempts above.</summary>
internal static class HourBars
{
    /// <summary>The height of the drawing.</summary>
    public const int Height = 28;

    /// <summary>From one bar to the next.</summary>
    public const int Step = 5;

    private const int Width = 4;

    // What is there can be seen, however little it is beside the rest.
    private const int Least = 2;

    /// <summary>The chart of some hours, the oldest first.</summary>
    public static BarsView Of(IReadOnlyList<HourSums> hours, OverviewTexts texts)
    {
        var (delivered, failed) = (new StringBuilder(), new StringBuilder());
        var highest = hours.Max(hour => hour.Delivered + hour.Failed);
        foreach (var (place, hour) in hours.Index())
        {
            var good = Scale(hour.Delivered, highest, Height);
            var bad = Scale(hour.Failed, highest, Height);
            // Both fit: the smaller, which may have been raised, keeps its height.
            if (good + bad > Height)
                (good, bad) = good >= bad ? (Height - bad, bad) : (good, Height - good);
            Draw(delivered, place, 0, good);
            Draw(failed, place, good, bad);
        }
        var sum = hours.Aggregate(default(HourSums), (one, other) => one + other);
        var words = highest == 0 ? texts.BarsNothing : string.Format(CultureInfo.InvariantCulture, texts.BarsLabel, texts.Number(sum.Delivered), texts.Number(sum.Failed));
        return new BarsView(delivered.ToString(), failed.ToString(), $"{texts.LastDay}: {words}");
    }

    private static int Scale(long value, long highest, int height) => value == 0 ? 0 : Math.Max(Least, (int)Math.Round((double)value * height / highest));

    private static void Draw(StringBuilder path, int place, int from, int height)
    {
        if (height > 0)
            path.Append(CultureInfo.InvariantCulture, $"M{place * Step} {Height - from}v-{height}h{Width}v{height}z");
    }
}
