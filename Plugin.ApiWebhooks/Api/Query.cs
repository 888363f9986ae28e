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

    /// <summary>What is wrong with a parameter of the deliveries, in a sentence.</summary>
    public static string Describe(string name, QueryFault fault) => $"The parameter {name} must be " + fault switch
    {
        QueryFault.NoState => $"one of: {string.Join(", ", Enum.GetValues<DeliveryState>().Select(StateNames.Of))}.",
        QueryFault.NoNumber => "a whole number from 0.",
        QueryFault.NoTime => $"{Configure.IsoTime.Forms}.",
        QueryFault.NoStatus => $"a status such as 404, a class such as 5xx, or one of: {string.Join(", ", DeliveryQueryReader.Failures)}.",
        QueryFault.NoEvent => "the name of an event, such as record.inserted or record.*; see /api/webhooks/event-types.",
        _ => "the number, the key or the id of a subscription.",
    };
}
