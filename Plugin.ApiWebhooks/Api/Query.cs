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
        after = long.MinValue;
        if (!TryNumber(request.Query, "after", out var from, out fault, signed: true) || !TryNumber(request.Query, "limit", out var asked, out fault))
            return false;
        if (asked == 0)
        {
            fault = $"The parameter limit must be a whole number from 1 to {highest}.";
            return false;
        }

        after = from ?? long.MinValue;
        limit = (int)Math.Min(asked ?? fallback, highest);
        return true;
    }

    /// <summary>Reads a whole number; null when absent.</summary>
    /// <param name="query">The parameters.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="number">The number.</param>
    /// <param name="fault">What is wrong, else empty.</param>
    /// <param name="signed">Whether it may be below 0, as the ids of notices' deliveries are.</param>
    public static bool TryNumber(IQueryCollection query, string name, out long? number, out string fault, bool signed = false)
    {
        var text = query[name].ToString();
        var isNumber = long.TryParse(text, signed ? NumberStyles.AllowLeadingSign : NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        number = isNumber ? value : null;
        fault = isNumber || text.Length == 0 ? "" : $"The parameter {name} must be a whole number{(signed ? "" : " from 0")}.";
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
