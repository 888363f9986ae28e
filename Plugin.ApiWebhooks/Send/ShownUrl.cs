namespace Plugin.ApiWebhooks.Send;

/// <summary>An address as it may be logged and shown: user info and the values of the query are often credentials.</summary>
internal static class ShownUrl
{
    /// <summary>The address with stars for what may be secret.</summary>
    public static string Of(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
            return "(no address)";
        var shown = uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        if (uri.Query.Length < 2)
            return shown;
        var names = uri.Query[1..].Split('&').Select(pair => pair.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? pair[..at] + "=***" : pair);
        return $"{shown}?{string.Join('&', names)}";
    }
}
