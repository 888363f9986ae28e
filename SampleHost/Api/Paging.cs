using System.Globalization;

namespace SampleHost.Api;

/// <summary>Reads <c>after</c> and <c>limit</c>.</summary>
internal static class Paging
{
    /// <param name="highest">A higher limit is taken for this one.</param>
    public static bool TryRead(HttpRequest request, int fallback, int highest, out long after, out int limit, out string fault)
    {
        limit = fallback;
        fault = "";
        if (!TryNumber(request.Query["after"].ToString(), 0, out after) || after < 0)
            fault = "The parameter after must be a whole number from 0, the last one already seen.";
        else if (!TryNumber(request.Query["limit"].ToString(), fallback, out var asked) || asked < 1)
            fault = $"The parameter limit must be a whole number from 1 to {highest}.";
        else
            limit = (int)Math.Min(asked, highest);
        return fault.Length == 0;
    }

    private static bool TryNumber(string text, long fallback, out long number)
    {
        number = fallback;
        return text.Length == 0 || long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
