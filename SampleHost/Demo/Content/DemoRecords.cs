namespace SampleHost.Demo.Content;

/// <summary>The records of a small museum that never was. Everything in them, pictures included, was made for this project.</summary>
internal static class DemoRecords
{
    /// <summary>In the order they are inserted; the last stands first when browsing by newest.</summary>
    public static IReadOnlyList<DemoRecord> All { get; } =
    [
        new("news", "The harbour chart is back on the wall")
        {
            Creator = "Ada Marl",
            Date = "2026-03-02",
            Keywords = ["exhibition", "conservation"],
            More = new Dictionary<string, string>
            {
                ["summary"] = "After eight months on the conservator’s table, Edmund Marl’s chart of 1784 hangs in the map room again.",
                ["body"] = "The old varnish is gone, the two tears are closed, and for the first time in a century the soundings off Gull Island can be read.",
            },
        },
        new("document", "Nördlicher Sternenhimmel")
        {
            Language = "de",
            Description = "Drehbare Sternkarte auf blau getönter Pappe, mit Milchstraße und acht Sternbildern, darunter die nur hier belegte „Phoca“.",
            Creator = "Werkstatt Lindqvist",
            Date = "1803",
            CollectionNumber = "CM-0871",
            Keywords = ["Astronomie", "Sternkarte"],
            Images = ["planisphere.jpg"],
        },
        new("image", "Planche botanique : le coquelicot")
        {
            Language = "fr",
            Description = "Planche XXIII d’une flore des rives : fleur, bouton, capsule, avec détails du pétale et des étamines.",
            Creator = "Mathilde Delorme",
            Date = "1842",
            CollectionNumber = "CM-2210",
            Keywords = ["botanique", "gravure", "coquelicot"],
            Images = ["pavot.jpg"],
        },
        new("document", "Drawing for Gull Island Light")
        {
            Draft = true,
            Description = "Elevation and section, ink and wash. To be checked against the builder’s accounts before publication.",
            Creator = "Edmund Marl the younger",
            Date = "1849",
            Place = "Gull Island",
            CollectionNumber = "CM-0322",
            Keywords = ["architecture", "lighthouses"],
            Images = ["gull-island-light.jpg"],
        },
        new("image", "Fern, cyanotype")
        {
            Private = true,
            Description = "Photogram of three fronds. Closed until the family’s deposit agreement is signed.",
            Place = "Saltholm",
            CollectionNumber = "CM-2230",
            Images = ["fern-cyanotype.jpg"],
        },
        new("image", "Across the lake by steamer")
        {
            Description = "Lithographed poster for the summer service from Saltholm Pier.",
            CollectionNumber = "CM-3001",
            More = new Dictionary<string, string> { ["credit"] = "Corriemere Museum, gift of the steamer company" },
            Images = ["steamer-poster.jpg"],
        },
        new("document", "Letter from Harriet Vane to her brother")
        {
            Description = "Two pages, written from the lighthouse on Gull Island in the week the lamp was first lit. With a small drawing of the lantern.",
            Creator = "Harriet Vane",
            Date = "1851-05-04",
            Place = "Gull Island",
            CollectionNumber = "CM-0455",
            Keywords = ["letters", "lighthouses", "Vane family"],
            More = new Dictionary<string, string> { ["pages"] = "2", ["licence"] = "cc0" },
            Images = ["letter-page-1.jpg", "letter-page-2.jpg"],
        },
        new("document", "A chart of the harbour of Corriemere")
        {
            Description = "Engraved and hand-coloured chart with soundings, five settlements and the road between them.",
            Creator = "Edmund Marl",
            Date = "1784",
            Place = "Corriemere",
            CollectionNumber = "CM-0310",
            Keywords = ["maps", "harbours", "navigation"],
            More = new Dictionary<string, string> { ["licence"] = "cc0" },
            Images = ["harbour-chart.jpg"],
        },
        new("image", "Corriemere at dusk")
        {
            More = new Dictionary<string, string> { ["licence"] = "cc-by" },
            Images = ["corriemere-at-dusk.jpg"],
        },
        new("object", "Bowl with lappet border")
        {
            Description = "Tin-glazed earthenware painted in two blues; the rim left brown.",
            Creator = "Saltholm pottery",
            Date = "about 1760",
            CollectionNumber = "CM-1043",
            Keywords = ["ceramics", "tableware"],
            More = new Dictionary<string, string> { ["material"] = "Tin-glazed earthenware", ["dimensions"] = "11.2 × 31.5 cm" },
            Images = ["blue-and-white-bowl.jpg"],
        },
        new("object", "Medal, drawer 3") { Images = ["lifeboat-medal.jpg"] },
        new("object", "Herbarium sheet, unmounted") { Images = ["herbarium-sheet.jpg"] },
        new("object", "Striped textile, box 12") { Keywords = ["textiles"], Images = ["woven-blanket.jpg"] },
        new("object", "Jar from the cellar shelf")
        {
            Description = "Not described yet. The tag on the handle reads CM-1042.",
            Images = ["storage-jar.jpg"],
        },
    ];
}
