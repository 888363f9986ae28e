namespace Plugin.ApiWebhooks.Configure;

/// <summary>Which headers a button or hook may add.</summary>
internal static class HeaderRules
{
    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Content-Type", "Expect", "Host", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
        "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "webhook-id", "webhook-timestamp", "webhook-signature",
    };

    /// <summary>What is wrong with a header, or null. The value is never repeated: it may be a credential.</summary>
    public static (string Message, string Remedy)? Find(string name, string? value)
    {
        if (name.Length is 0 or > 200 || !name.All(IsTokenCharacter))
            return ($"\"{name}\" is not a header name.", "Use letters, digits and hyphens only.");
        if (Own.Contains(name))
            return ($"The header {name} is set by the plugin itself.", "Remove it.");
        if (value is null)
            return ($"The header {name} has no value.", "Write its value as a text in quotes.");
        if (value.Length > 8000 || value.Any(c => c is < ' ' and not '\t' or > '~'))
            return ($"The value of header {name} is too long or has characters that no header may carry.", "Use printable ASCII characters, 8000 at most.");
        return null;
    }

    // RFC 9110, section 5.6.2.
    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);
}
