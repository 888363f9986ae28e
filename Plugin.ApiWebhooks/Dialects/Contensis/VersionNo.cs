using System.Globalization;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>Contensis' version numbers, <c>{major}.{minor}</c>: each save is a new major one.</summary>
internal static class VersionNo
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"{version}.0");

    /// <summary>The version of a number such as <c>2.0</c>; null for what is none, or never was saved.</summary>
    public static int? Parse(string? text)
    {
        if (text is null)
            return null;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var major = dot < 0 ? text : text[..dot];
        var isWhole = dot < 0 || text.AsSpan(dot + 1) is "0";
        return isWhole && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }
}
