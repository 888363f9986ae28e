namespace SampleHost.Demo.Cms;

/// <summary>The objects of the demo's collections management system. They are fixed; only pushed images are kept beside them.</summary>
internal static class CmsCatalogue
{
    public static IReadOnlyList<CmsObject> All { get; } =
    [
        new("CM-0310", "Chart of the harbour of Corriemere")
        {
            Creator = "Edmund Marl (1741–1809)", Date = "surveyed 1784", NormalisedDate = "1784", Place = "Corriemere",
            Description = "Engraved chart with hand colouring, compass rose and soundings in fathoms. Varnish removed and tears closed in 2025.",
            Keywords = ["maps", "harbours", "hydrography"], Material = "Paper, engraving, watercolour", Dimensions = "46.0 × 60.0 cm",
        },
        new("CM-0455", "Letter to Thomas Vane")
        {
            Creator = "Harriet Vane", Date = "4 May 1851", NormalisedDate = "1851-05-04", Place = "Gull Island",
            Description = "Tells of the first lighting of the lamp on Gull Island. Two leaves, folded twice, with a pen drawing of the lantern.",
            Keywords = ["letters", "lighthouses", "Vane family"], Material = "Iron-gall ink on laid paper", Dimensions = "25.5 × 19.6 cm",
        },
        new("CM-1042", "Storage jar with ash glaze")
        {
            Creator = "Tobias Reed, Saltholm pottery", Date = "about 1815", NormalisedDate = "1815", Place = "Saltholm",
            Description = "Wheel-thrown stoneware with two lugs on the shoulder. A pale ash glaze runs in tongues over the iron-rich body; rust spots from the kiln. Used for salt fish.",
            Keywords = ["ceramics", "stoneware", "storage", "Saltholm pottery"], Material = "Stoneware, ash glaze", Dimensions = "34.0 × 32.5 cm",
        },
        new("CM-1043", "Bowl with lappet border")
        {
            Creator = "Saltholm pottery", Date = "about 1760", NormalisedDate = "1760", Place = "Saltholm",
            Description = "Deep bowl painted in two blues: a band of ovals inside the rim, a flower in the well, lappets with florets outside.",
            Keywords = ["ceramics", "tableware", "blue and white"], Material = "Tin-glazed earthenware", Dimensions = "11.2 × 31.5 cm",
        },
        new("CM-1107", "Bed cover with diamond and wave bands")
        {
            Creator = "Women of the Dunrigg weaving house", Date = "1890s", NormalisedDate = "1890", Place = "Dunrigg",
            Description = "Woven in two lengths and joined. Bands of diamonds, waves and squares in madder, indigo, weld and undyed wool.",
            Keywords = ["textiles", "weaving", "natural dyes"], Material = "Wool on linen warp", Dimensions = "212 × 168 cm",
        },
        new("CM-1500", "Medal for saving life at sea")
        {
            Creator = "Royal Corriemere Lifeboat Society", Date = "1868", NormalisedDate = "1868", Place = "Corriemere",
            Description = "Obverse: Gull Island Light with rays, a lifeboat pulling through the swell. Awarded to the coxswain John Orr after the wreck of the Meridian.",
            Keywords = ["medals", "lifeboats", "lighthouses"], Material = "Bronze, struck", Dimensions = "Ø 5.1 cm",
        },
        new("CM-2201", "Sea aster")
        {
            Creator = "Agnes Thorne", Date = "14 August 1887", NormalisedDate = "1887-08-14", Place = "Salt marsh below Dunrigg",
            Description = "Flowering stem with root, four heads, mounted with paper straps; a packet of seed. Determined by the collector as Aster maritimus.",
            Keywords = ["herbarium", "salt marsh", "asters"], Material = "Pressed plant on paper", Dimensions = "42.0 × 29.5 cm",
        },
        new("CM-3001", "Across the lake by steamer")
        {
            Creator = "Studio Havel", Date = "1931", NormalisedDate = "1931", Place = "Saltholm",
            Description = "Colour lithograph for the summer timetable of the lake steamers.",
            Keywords = ["posters", "steamers", "travel"], Material = "Lithograph on paper", Dimensions = "101.5 × 71.0 cm",
        },
    ];

    /// <summary>Finds an object by what somebody typed: blanks and the case of letters do not matter.</summary>
    public static CmsObject? Find(string number) =>
        All.FirstOrDefault(one => one.Number.Equals(number.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>Numbers to suggest when one is missing or unknown.</summary>
    public static string Suggestions => "CM-1042, CM-1107, CM-1500 or CM-2201";
}
