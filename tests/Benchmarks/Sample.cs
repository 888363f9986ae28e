namespace Benchmarks;

/// <summary>What is said of a set of measured values.</summary>
internal static class Sample
{
    public static double Median(IEnumerable<double> values) => Percentile(values, 50);

    /// <summary>A percentile, with a straight line between neighbours.</summary>
    public static double Percentile(IEnumerable<double> values, double percent)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
            throw new ArgumentException("No values were measured.", nameof(values));
        var place = (sorted.Length - 1) * percent / 100;
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }
}
