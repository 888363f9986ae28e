namespace Plugin.ApiWebhooks.Clients;

/// <summary>Which addresses users may be sent back to: those that only the application itself can have (RFC 9700, section 2.1; RFC 8252).</summary>
internal static class RedirectAddress
{
    public const int MostLetters = 1000;

    /// <summary>What is wrong with an address; null when nothing is.</summary>
    public static string? FindObjection(string text)
    {
        if (text.Length > MostLetters)
            return $"The address is too long; at most {MostLetters} characters.";
        if (text.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
            return "The address has blanks or letters that must be percent-encoded.";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return "Write a whole address, such as https://app.example.org/callback.";
        if (text.Contains('#'))
            return "The address must have no fragment (#).";
        if (uri.UserInfo.Length > 0)
            return "The address must have no user name or password.";
        if (uri.Scheme == Uri.UriSchemeHttps && uri.Host.Length > 0)
            return null;
        if (uri.Scheme == Uri.UriSchemeHttp)
            return uri.IsLoopback ? null : "Write https: over http the code could be read on its way. Only localhost may be http.";
        // An app's own scheme is the reversed name of a domain it has: javascript, data and the like have no full stop.
        return uri.Scheme.Contains('.') ? null : "Write https, or for an installed app a scheme of its own with a full stop, such as org.example.app:/callback.";
    }

    /// <summary>The address with parameters of the answer behind those it has.</summary>
    public static string With(string address, IEnumerable<KeyValuePair<string, string>> parameters) =>
        address + (address.Contains('?') ? '&' : '?') + string.Join('&', parameters.Select(each => $"{each.Key}={Uri.EscapeDataString(each.Value)}"));

    /// <summary>What a content security policy calls the place an address leads to.</summary>
    public static string OriginOf(string address)
    {
        var uri = new Uri(address);
        return uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp ? uri.GetLeftPart(UriPartial.Authority) : uri.Scheme + ":";
    }
}
