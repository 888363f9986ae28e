using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Plugin.ApiWebhooks.Pages.Overview;

/// <summary>Which subscriptions the overview is asked to show.</summary>
/// <param name="Text">What label, key or address contains; empty for any.</param>
/// <param name="TroubledOnly">Only those in trouble.</param>
/// <param name="Page">Which page of them, from 1 on.</param>
internal sealed record OverviewQuery(string Text, bool TroubledOnly, int Page)
{
    private const int LongestText = 200;

    /// <summary>Whether some are left out.</summary>
    public bool IsFiltered => Text.Length > 0 || TroubledOnly;

    /// <summary>Reads it from an address; what cannot be read is left out.</summary>
    public static OverviewQuery Of(IQueryCollection query)
    {
        var text = query["text"].ToString().Trim();
        return new OverviewQuery(
            text.Length > LongestText ? text[..LongestText] : text,
            query["show"] == "trouble",
            int.TryParse(query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 0 ? page : 1);
    }

    /// <summary>The address of another page of the same.</summary>
    public string HrefOf(int page) => $"{PageDrawing.Root}/{Parameters(page)}{StatusReading.ToSubscriptions}";

    /// <summary>The query of an address, with its question mark; empty when there is nothing to ask.</summary>
    public string Parameters(int page)
    {
        var parts = new List<string>();
        if (Text.Length > 0)
            parts.Add("text=" + Uri.EscapeDataString(Text));
        if (TroubledOnly)
            parts.Add("show=trouble");
        if (page > 1)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"page={page}"));
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }
}
