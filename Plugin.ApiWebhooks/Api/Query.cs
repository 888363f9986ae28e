using System.Globalization;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Api;

/// <summary>Reads the parameters of lists.</summary>
internal static class Query
{
    /// <summary>Reads <c>after</c> and <c>limit</c>; a limit above the highest is taken for it.</summary>
    public static bool TryPage(HttpRequest request, int fallback, int highest, out long after, out int limit, out string fault)
    {
        limit = fallback;
        after = 0;
        if (!TryNumber(request.Query, "after", out var from, out fault) || !TryNumber(request.Query, "limit", out var asked, out fault))
            return false;
        if (asked == 0)
        {
            fault = $"The parameter limit must be a whole number from 1 to {highest}.";
            return false;
        }

        after = from ?? 0;
        limit = (int)Math.Min(asked ?? fallback, highest);
        return true;
    }

    /// <summary>Reads a whole number from 0; null when absent.</summary>
    public static bool TryNumber(IQueryCollection query, string name, out long? number, out string fault)
    {
        var text = query[name].ToString();
        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        number = isNumber ? value : null;
        fault = isNumber || text.Length == 0 ? "" : $"The parameter {name} must be a whole number from 0.";
        return fault.Length == 0;
    }

    /// <summary>Reads the state of a delivery; null when absent.</summary>
    public static bool TryState(IQueryCollection query, out DeliveryState? state, out string fault)
    {
        var text = query["state"].ToString();
        var known = Enum.GetValues<DeliveryState>();
        var index = Array.FindIndex(known, each => StateNames.Of(each) == text);
        state = index < 0 ? null : known[index];
        fault = index >= 0 || text.Length == 0 ? "" : $"The parameter state must be one of: {string.Join(", ", known.Select(StateNames.Of))}.";
        return fault.Length == 0;
    }
}
