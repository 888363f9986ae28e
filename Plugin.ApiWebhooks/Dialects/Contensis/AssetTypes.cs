namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>The content types of assets, by media type. Contensis documents <c>image</c> and <c>pdf</c>; the others follow them.</summary>
internal static class AssetTypes
{
    public static string Of(string mediaType)
    {
        var main = mediaType.AsSpan();
        var slash = main.IndexOf('/');
        if (slash > 0)
            main = main[..slash];
        if (main.Equals("image", StringComparison.OrdinalIgnoreCase))
            return "image";
        if (main.Equals("video", StringComparison.OrdinalIgnoreCase))
            return "video";
        if (main.Equals("audio", StringComparison.OrdinalIgnoreCase))
            return "audio";
        return mediaType.StartsWith("application/pdf", StringComparison.OrdinalIgnoreCase) ? "pdf" : "document";
    }
}
