using System.Collections.Concurrent;

namespace SampleHost.Demo.Cms;

/// <summary>One object as the demo's collections management system knows it.</summary>
internal sealed record CatalogueObject(string Number, string Title, string Maker, string Date, string Description, string Place, IReadOnlyList<string> Keywords);

/// <summary>A picture that was pushed for an object.</summary>
internal sealed record PushedImage(string FileName, string MediaType, byte[] Content, DateTimeOffset PushedAt);

/// <summary>What the demo's collections management system holds: a few objects, and the pictures pushed to it since the host started.</summary>
internal sealed class ObjectCatalogue
{
    private readonly ConcurrentDictionary<string, PushedImage> _images = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<CatalogueObject> All { get; } =
    [
        new("CM-1042", "Storage jar with combed waves", "Workshop of Anna Rell", "1764",
            "Wheel-thrown stoneware with a salt glaze. Three bands of waves were combed into the wet clay; the lid is lost. Used for pickled herring until about 1900.",
            "Gallery 2, case 4", ["stoneware", "salt glaze", "household"]),
        new("CM-1043", "Harbour chart of Sandvik", "Jon Ekelund", "1821",
            "Copper engraving, hand-coloured. Soundings in fathoms, with the new breakwater drawn in by another hand.",
            "Map room, drawer 11", ["chart", "harbour", "engraving"]),
        new("CM-1051", "Wedding blanket, star pattern", "Marit Sundal", "1838",
            "Double-woven wool in madder red and natural white. The initials M S and the year stand in one corner.",
            "Textile store, roll 7", ["weaving", "wool", "wedding"]),
        new("CM-1060", "Letter on the comet", "Elisa Brandt", "1858",
            "Four pages to her brother, with a drawing of Donati's comet as seen over the church on the fifth of October.",
            "Archive, box 33", ["letter", "astronomy", "comet"]),
        new("CM-1077", "Herbarium sheet: harebell", "Sofia Aune", "1889",
            "Campanula rotundifolia, collected on the shore meadow below the old mill. Label in the collector's hand.",
            "Herbarium, cabinet 2", ["herbarium", "botany"]),
        new("CM-1103", "Medal of the rowing club", "Unknown", "1902",
            "Struck bronze, 42 mm. On the obverse two crossed oars under a rising sun; the reverse was left blank for an engraving.",
            "Coin room, tray 19", ["medal", "bronze", "sport"]),
        new("CM-1120", "Poster for the spring fair", "Printing house Holm & Lie", "1931",
            "Colour lithograph from four stones. One of three copies known; folded twice, backed with linen.",
            "Works on paper, map case 5", ["poster", "lithograph", "fair"]),
    ];

    /// <summary>The object of a collection number, however it was typed; null when there is none.</summary>
    public CatalogueObject? Find(string number) =>
        All.FirstOrDefault(candidate => candidate.Number.Equals(number.Trim(), StringComparison.OrdinalIgnoreCase));

    public void KeepImage(CatalogueObject target, PushedImage image) => _images[target.Number] = image;

    public PushedImage? FindImage(string number) => _images.GetValueOrDefault(number);
}
