using System.Globalization;
using Dam.Hosting;

namespace SampleHost.Pages.Layout;

/// <summary>A file as a page shows it.</summary>
/// <param name="Pid">Its persistent identifier.</param>
/// <param name="Name">Its original name.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Length">Its length in words, such as <c>1.2 MB</c>.</param>
/// <param name="Href">Where its content is.</param>
/// <param name="IsImage">Whether a browser can show it as a picture.</param>
public sealed record FileView(string Pid, string Name, string MediaType, string Length, string Href, bool IsImage)
{
    /// <summary>Describes a file. The address names the content, so that a replaced file is never shown from a cache.</summary>
    /// <param name="file">The file.</param>
    public static FileView Of(FileSnapshot file) => new(
        file.Pid,
        file.Name,
        file.MediaType,
        InWords(file.Length),
        $"/files/{file.Pid}/content?v={file.Sha256[..Math.Min(12, file.Sha256.Length)]}",
        InlineImages.Contains(file.MediaType));

    /// <summary>Media types that every browser shows and that cannot carry a script.</summary>
    internal static readonly HashSet<string> InlineImages = new(StringComparer.OrdinalIgnoreCase)
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp",
    };

    private static string InWords(long length)
    {
        string[] units = ["bytes", "kB", "MB", "GB", "TB"];
        double amount = length;
        var unit = 0;
        while (amount >= 1000 && unit < units.Length - 1)
        {
            amount /= 1000;
            unit++;
        }

        var format = unit == 0 || amount >= 100 ? "0" : "0.#";
        return string.Create(CultureInfo.InvariantCulture, $"{amount.ToString(format, CultureInfo.InvariantCulture)} {units[unit]}");
    }
}
