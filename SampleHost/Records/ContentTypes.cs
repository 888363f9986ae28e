using static SampleHost.Records.LocalText;

namespace SampleHost.Records;

/// <summary>The content types of this host. Predicates come from Records in Contexts (RiC-O) and Dublin Core terms.</summary>
internal sealed class ContentTypes
{
    private const string Ric = "https://www.ica.org/standards/RiC/ontology#";
    private const string Terms = "http://purl.org/dc/terms/";

    /// <summary>Tells the collection number apart from other identifiers of a record.</summary>
    public const string CollectionNumberCategory = "urn:sample-dam:identifier-type:collection-number";

    private const int ShortText = 500;
    private const int LongText = 20_000;
    private const int LongestUrl = 2_000;

    private readonly Dictionary<string, ContentType> _byName;

    public ContentTypes()
    {
        All = [Document(), Image(), Object(), News(), Blog(), WebPage()];
        _byName = All.ToDictionary(type => type.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<ContentType> All { get; }

    public ContentType? Find(string name) => _byName.GetValueOrDefault(name);

    private static ContentType Document() => new("document", Of("Document", "Document", "Dokument"),
    [
        Title(), Description(), Creator(), Date(), Keywords(), Location(), CollectionNumber(), Extent(), Rights(), Licence(),
    ], "basic");

    private static ContentType Image() => new("image", Of("Image", "Image", "Bild"),
    [
        Title(), Description(), Creator(), Date(), Keywords(), Location(), CollectionNumber(), Credit(), Rights(), Licence(),
    ], null);

    private static ContentType Object() => new("object", Of("Museum object", "Objet de musée", "Museumsobjekt"),
    [
        Title(), Description(), Creator(), ExpressedDate(), Keywords(), Material(), Dimensions(), Location(), CollectionNumber(), Link(),
        Rights(), Licence(),
    ], "basic");

    private static ContentType News() => new("news", Of("News", "Actualité", "Nachricht"),
    [
        Title(), Headline(), Summary(), Body(), Department(), Creator(), Date(), Keywords(), Link(),
    ], "basic");

    private static ContentType Blog() => new("blog", Of("Blog entry", "Billet de blog", "Blogbeitrag"),
    [
        Title(), Headline(), EntryDescription(), Body(), Department(), Creator(), Date(), Keywords(), Link(),
    ], "contensisEntryApproval");

    private static ContentType WebPage() => new("page", Of("Web page", "Page web", "Webseite"),
    [
        Title(), Headline(), EntryDescription(), Body(), Department(), Keywords(),
    ], "contensisEntryBasic");

    private static FieldDefinition Title() =>
        new("title", Of("Title", "Titre", "Titel"), FieldKind.Text, true, false, ShortText, Ric + "title", null, null);

    private static FieldDefinition Description() =>
        new("description", Of("Description", "Description", "Beschreibung"), FieldKind.LongText, false, false, LongText, Ric + "scopeAndContent", null, null);

    private static FieldDefinition Creator() =>
        new("creator", Of("Creator", "Créateur", "Urheber"), FieldKind.Text, false, true, ShortText, Terms + "creator", null,
            Of("One person or body per line.", "Une personne ou institution par ligne.", "Eine Person oder Institution je Zeile."));

    private static FieldDefinition Date() =>
        new("date", Of("Date", "Date", "Datum"), FieldKind.Date, false, false, 10, Ric + "normalizedDateValue", null,
            Of("A year, a month or a day: 1887, 1887-04 or 1887-04-21.", "Année, mois ou jour : 1887, 1887-04 ou 1887-04-21.", "Jahr, Monat oder Tag: 1887, 1887-04 oder 1887-04-21."));

    private static FieldDefinition ExpressedDate() =>
        new("date", Of("Date", "Date", "Datum"), FieldKind.Text, false, false, 200, Ric + "expressedDate", null,
            Of("As the collection writes it, such as “about 1890”.", "Telle que la collection l’écrit, par ex. « vers 1890 ».", "Wie die Sammlung schreibt, etwa „um 1890“."));

    private static FieldDefinition Keywords() =>
        new("keywords", Of("Keywords", "Mots-clés", "Schlagwörter"), FieldKind.Text, false, true, 100, Terms + "subject", null,
            Of("One per line.", "Un par ligne.", "Eines je Zeile."));

    private static FieldDefinition Location() =>
        new("location", Of("Place", "Lieu", "Ort"), FieldKind.Text, false, false, ShortText, Terms + "spatial", null, null);

    private static FieldDefinition CollectionNumber() =>
        new("cmsid", Of("Collection number", "Numéro d’inventaire", "Inventarnummer"), FieldKind.Text, false, false, 100, Ric + "identifier", CollectionNumberCategory,
            Of("The object’s number in the collections management system.", "Le numéro de l’objet dans le système de gestion des collections.", "Die Nummer des Objekts im Sammlungsverwaltungssystem."));

    private static FieldDefinition Extent() =>
        new("pages", Of("Pages", "Pages", "Seiten"), FieldKind.Number, false, false, 20, Ric + "recordResourceExtent", null, null);

    private static FieldDefinition Credit() =>
        new("credit", Of("Credit line", "Mention de crédit", "Bildnachweis"), FieldKind.Text, false, false, ShortText, Terms + "bibliographicCitation", null, null);

    private static FieldDefinition Material() =>
        new("material", Of("Material", "Matériau", "Material"), FieldKind.Text, false, true, ShortText, Terms + "medium", null, null);

    private static FieldDefinition Dimensions() =>
        new("dimensions", Of("Dimensions", "Dimensions", "Maße"), FieldKind.Text, false, false, ShortText, Terms + "extent", null, null);

    private static FieldDefinition Link() =>
        new("link", Of("Link", "Lien", "Link"), FieldKind.Url, false, false, LongestUrl, Terms + "relation", null,
            Of("An address that begins with https:// or http://.", "Une adresse commençant par https:// ou http://.", "Eine Adresse, die mit https:// oder http:// beginnt."));

    private static FieldDefinition Summary() =>
        new("summary", Of("Summary", "Résumé", "Zusammenfassung"), FieldKind.LongText, false, false, 1_000, Terms + "abstract", null, null);

    private static FieldDefinition EntryDescription() =>
        new("entryDescription", Of("Short description", "Description courte", "Kurzbeschreibung"), FieldKind.LongText, false, false, 1_000, Terms + "abstract", null, null);

    private static FieldDefinition Headline() =>
        new("headline", Of("Headline", "Accroche", "Schlagzeile"), FieldKind.Text, false, false, ShortText, Terms + "alternative", null, null);

    private static FieldDefinition Department() =>
        new("department", Of("Department", "Service", "Abteilung"), FieldKind.Text, false, false, 200, Terms + "contributor", null,
            Of("Who answers for it.", "Qui en répond.", "Wer dafür verantwortlich ist."));

    private static FieldDefinition Body() =>
        new("body", Of("Text", "Texte", "Text"), FieldKind.LongText, false, false, LongText, Ric + "textualValue", null, null);

    private static FieldDefinition Rights() =>
        new("rights", Of("Rights", "Droits", "Rechte"), FieldKind.Text, false, false, ShortText, Ric + "conditionsOfUse", null, null);

    private static FieldDefinition Licence() =>
        new("licence", Of("Licence", "Licence", "Lizenz"), FieldKind.Choice, false, false, 50, Terms + "license", null, null)
        {
            Choices =
            [
                new Choice("cc0", Of("CC0 (public domain)", "CC0 (domaine public)", "CC0 (gemeinfrei)")),
                new Choice("cc-by", Of("CC BY 4.0")),
                new Choice("cc-by-sa", Of("CC BY-SA 4.0")),
                new Choice("in-copyright", Of("In copyright", "Protégé", "Geschützt")),
            ],
        };
}
