using System.Text;

namespace SampleHost.Files;

/// <summary>Turns whatever a sender calls a file into a name that is safe to store, show and download on any system. Pure.</summary>
internal static class FileNames
{
    public const string Fallback = "file";
    private const int LongestBytes = 200;
    private const int LongestExtension = 20;

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    public static string MakeSafe(string? given)
    {
        var name = given ?? "";
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        name = Replace(name).Trim(' ', '.');
        if (name.Length == 0)
            return Fallback;
        name = Shorten(name.Normalize(NormalizationForm.FormC));
        // Windows takes everything before the first dot for the device's name.
        return Reserved.Contains(name.Split('.')[0].TrimEnd()) ? "_" + name : name;
    }

    // Goes by whole characters, so that half of a surrogate pair is dropped rather than stored.
    private static string Replace(string name)
    {
        var safe = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune) || IsInvisible(rune.Value))
                continue;
            if (rune.Value is '<' or '>' or ':' or '"' or '|' or '?' or '*')
                safe.Append('_');
            else
                safe.Append(rune.ToString());
        }

        return safe.ToString();
    }

    // Marks that turn the direction of text or show nothing: they make "exe.gpj" look like "jpg.exe".
    private static bool IsInvisible(int c) =>
        c is 0x061C or 0xFEFF or (>= 0x200B and <= 0x200F) or (>= 0x2028 and <= 0x202E) or (>= 0x2060 and <= 0x2069);

    private static string Shorten(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= LongestBytes)
            return name;
        var extension = Path.GetExtension(name);
        if (extension.Length > LongestExtension)
            extension = "";
        var stem = name[..^extension.Length];
        var room = LongestBytes - Encoding.UTF8.GetByteCount(extension);
        var kept = new StringBuilder();
        foreach (var rune in stem.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
                break;
            kept.Append(rune.ToString());
        }

        return kept.ToString().TrimEnd(' ', '.') + extension;
    }
}
