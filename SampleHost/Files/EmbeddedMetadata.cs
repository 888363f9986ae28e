using System.Globalization;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Iptc;
using MetadataExtractor.Formats.Xmp;
using SampleHost.Records;

namespace SampleHost.Files;

/// <summary>Reads what an image says of itself (XMP, IPTC, EXIF) as values for fields. XMP counts before IPTC, IPTC before EXIF.</summary>
internal sealed class EmbeddedMetadata(FileStore store, ILogger<EmbeddedMetadata> logger)
{
    /// <summary>The values found, by field name; empty for no image, or one that cannot be read.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Read(ReceivedFile file)
    {
        if (!MediaTypes.IsImage(file.MediaType))
            return new Dictionary<string, IReadOnlyList<string>>();
        try
        {
            using var content = store.OpenRead(file.Sha256);
            return Collect(ImageMetadataReader.ReadMetadata(content));
        }
        catch (Exception exception)
        {
            // A broken image is still a file worth keeping; whatever its parser throws must not fail the upload.
            EmbeddedMetadataLog.Unreadable(logger, exception, file.Name);
            return new Dictionary<string, IReadOnlyList<string>>();
        }
    }

    /// <summary>Lays found values into the empty fields that a type has; a value the field would refuse is left out.</summary>
    /// <param name="titleIsDefault">Whether a found title may take the place of the present one.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> FillEmpty(
        ContentType type,
        IReadOnlyDictionary<string, IReadOnlyList<string>> present,
        IReadOnlyDictionary<string, IReadOnlyList<string>> found,
        bool titleIsDefault)
    {
        var filled = new Dictionary<string, IReadOnlyList<string>>(present, StringComparer.Ordinal);
        foreach (var (name, values) in found)
        {
            var isEmpty = !present.TryGetValue(name, out var now) || now.All(string.IsNullOrWhiteSpace) || name == "title" && titleIsDefault;
            if (!isEmpty || type.FindField(name) is not { } field)
                continue;
            var given = new Dictionary<string, IReadOnlyList<string>> { [name] = field.Multiple ? values : values.Take(1).ToList() };
            if (FieldRules.Check(type, present, given).Errors.All(error => error.Field != name))
                filled[name] = given[name];
        }

        return filled;
    }

    private static Dictionary<string, IReadOnlyList<string>> Collect(IReadOnlyList<MetadataExtractor.Directory> directories)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var directory in directories.OfType<XmpDirectory>())
            CollectXmp(directory, found);
        foreach (var directory in directories.OfType<IptcDirectory>())
            CollectIptc(directory, found);
        foreach (var directory in directories.OfType<ExifDirectoryBase>())
            CollectExif(directory, found);
        return found;
    }

    private static void CollectXmp(XmpDirectory directory, Dictionary<string, IReadOnlyList<string>> found)
    {
        if (directory.XmpMeta is not { } xmp)
            return;
        foreach (var (field, path) in XmpFields)
        {
            var values = xmp.Properties
                .Where(property => property.Path is { } at && property.Value is { Length: > 0 }
                    && (at == path || at.StartsWith(path + "[", StringComparison.Ordinal) && !at.Contains('/', StringComparison.Ordinal)))
                .Select(property => property.Value);
            Add(found, field, field == "date" ? values.Select(ToDate) : values);
        }
    }

    private static void CollectIptc(IptcDirectory directory, Dictionary<string, IReadOnlyList<string>> found)
    {
        foreach (var (field, tag) in IptcFields)
            Add(found, field, directory.GetStringArray(tag) ?? []);
        Add(found, "date", [ToDate(directory.GetString(IptcDirectory.TagDateCreated))]);
    }

    private static void CollectExif(ExifDirectoryBase directory, Dictionary<string, IReadOnlyList<string>> found)
    {
        Add(found, "title", [directory.GetDescription(ExifDirectoryBase.TagWinTitle)]);
        Add(found, "description", [directory.GetString(ExifDirectoryBase.TagImageDescription)]);
        Add(found, "creator", (directory.GetString(ExifDirectoryBase.TagArtist) ?? "").Split(';'));
        Add(found, "rights", [directory.GetString(ExifDirectoryBase.TagCopyright)]);
        Add(found, "keywords", (directory.GetDescription(ExifDirectoryBase.TagWinKeywords) ?? "").Split(';'));
        Add(found, "date", [ToDate(directory.GetString(ExifDirectoryBase.TagDateTimeOriginal))]);
    }

    private static void Add(Dictionary<string, IReadOnlyList<string>> found, string field, IEnumerable<string?> values)
    {
        if (found.ContainsKey(field))
            return;
        var usable = values.Select(value => value?.Trim('\0', ' ', '\r', '\n', '\t')).OfType<string>().Where(value => value.Length > 0).Distinct().ToList();
        if (usable.Count > 0)
            found[field] = usable;
    }

    /// <summary>The day out of EXIF's <c>2019:04:21 10:00:00</c>, IPTC's <c>20190421</c> and XMP's <c>2019-04-21T10:00:00Z</c>; null for anything else.</summary>
    internal static string? ToDate(string? text)
    {
        var day = text?.Trim().Split(' ', 'T')[0].Replace(':', '-');
        return DateOnly.TryParseExact(day, ["yyyy-MM-dd", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : DateOnly.TryParseExact(day, ["yyyy", "yyyy-MM"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? day : null;
    }

    private static readonly (string Field, string Path)[] XmpFields =
    [
        ("title", "dc:title"), ("description", "dc:description"), ("creator", "dc:creator"), ("keywords", "dc:subject"), ("rights", "dc:rights"),
        ("credit", "photoshop:Credit"), ("location", "Iptc4xmpCore:Location"), ("date", "photoshop:DateCreated"),
    ];

    private static readonly (string Field, int Tag)[] IptcFields =
    [
        ("title", IptcDirectory.TagObjectName), ("description", IptcDirectory.TagCaption), ("creator", IptcDirectory.TagByLine),
        ("keywords", IptcDirectory.TagKeywords), ("rights", IptcDirectory.TagCopyrightNotice), ("credit", IptcDirectory.TagCredit),
        ("location", IptcDirectory.TagCity),
    ];
}

internal static partial class EmbeddedMetadataLog
{
    [LoggerMessage(1201, LogLevel.Information, "The metadata embedded in '{File}' cannot be read; the file is stored without it.")]
    public static partial void Unreadable(ILogger logger, Exception exception, string file);
}
