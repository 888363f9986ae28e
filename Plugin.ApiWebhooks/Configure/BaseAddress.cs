namespace Plugin.ApiWebhooks.Configure;

/// <summary>The placeholder for the host's own address, so that a configuration works wherever the host listens.</summary>
internal static class BaseAddress
{
    /// <summary>The placeholder.</summary>
    public const string Placeholder = "{baseUri}";

    /// <summary>Puts the host's address, without a trailing slash, in the placeholder's place.</summary>
    public static string Expand(string text, Uri baseUri) =>
        text.Replace(Placeholder, baseUri.AbsoluteUri.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);
}
