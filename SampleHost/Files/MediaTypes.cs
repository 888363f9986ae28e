using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace SampleHost.Files;

/// <summary>Finds a file's media type: what the content shows counts before the name, the name before what the sender says. Pure.</summary>
internal static class MediaTypes
{
    public const string Unknown = "application/octet-stream";

    /// <summary>How much of the beginning <see cref="Find"/> wants to see, in bytes.</summary>
    public const int HeadLength = 32;

    private static readonly FileExtensionContentTypeProvider ByExtension = new();

    // Only these may claim to be images by being images; a name ending is no proof for them.
    private static readonly HashSet<string> Provable =
        ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff", "application/pdf"];

    public static string Find(ReadOnlySpan<byte> head, string fileName, string? declared)
    {
        if (Sniff(head) is { } seen)
            return seen;
        if (ByExtension.TryGetContentType(fileName, out var named))
            return Provable.Contains(named) ? Unknown : named;
        return MediaTypeHeaderValue.TryParse(declared, out var said) && said.MediaType.HasValue && said.MediaType.Value.Length <= 100
            && !said.MatchesAllTypes && !Provable.Contains(said.MediaType.Value.ToLowerInvariant())
            ? said.MediaType.Value.ToLowerInvariant()
            : Unknown;
    }

    public static bool IsImage(string mediaType) => mediaType.StartsWith("image/", StringComparison.Ordinal);

    /// <summary>Whether a browser may show it in place: raster images and nothing that could run a script.</summary>
    public static bool IsSafeInline(string mediaType) =>
        mediaType is "image/png" or "image/jpeg" or "image/gif" or "image/webp" or "image/bmp";

    private static string? Sniff(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            return "image/png";
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return "image/jpeg";
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8))
            return "image/gif";
        if (head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..12].SequenceEqual("WEBP"u8))
            return "image/webp";
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8))
            return "image/tiff";
        if (head.StartsWith("%PDF-"u8))
            return "application/pdf";
        return head.StartsWith("BM"u8) && head.Length >= 10 && head[6..10].SequenceEqual("\0\0\0\0"u8) ? "image/bmp" : null;
    }
}
