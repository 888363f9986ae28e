using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects.Docuteam;

/// <summary>
/// The predicates that are offered by name for additional metadata, so that nobody has to know their IRIs by heart. Any other IRI may be written out.
/// </summary>
/// <remarks>
/// docuteam's Matterhorn RDF has no namespace of its own: it profiles RiC-O and PREMIS 3. docuteam's published terms <c>rico:hasOrHadCategory</c> and
/// <c>rico:isInstantiationOf</c> exist together in RiC-O 0.2 only, and so this is the list of 0.2; terms that came with 1.1 are known by their IRIs alone.
/// </remarks>
internal static class DocuteamPredicates
{
    /// <summary>The namespace of RiC-O (Records in Contexts, the ontology of the International Council on Archives).</summary>
    public const string Rico = "https://www.ica.org/standards/RiC/ontology#";

    /// <summary>The namespace of PREMIS 3, of files.</summary>
    public const string Premis = "http://www.loc.gov/premis/rdf/v3/";

    private const string Vocabulary = "http://docuteam.ch/vocab/";

    /// <summary>The predicates, in the order in which they are offered.</summary>
    public static IReadOnlyList<OfferedTerm> Predicates { get; } =
    [
        OfRico("title", "A title."),
        OfRico("name", "A name of anything."),
        OfRico("textualValue", "The text of an identifier, a title or a custom field; a category tells which."),
        OfRico("normalizedValue", "The same in a normalised form."),
        OfRico("type", "A type, as text."),
        OfRico("scopeAndContent", "Scope and content."),
        OfRico("history", "The history."),
        OfRico("conditionsOfAccess", "Conditions of access."),
        OfRico("conditionsOfUse", "Conditions of use."),
        OfRico("structure", "The arrangement."),
        OfRico("recordResourceExtent", "The extent."),
        OfRico("expressedDate", "A date as it was written."),
        OfRico("date", "A date."),
        OfRico("identifier", "An identifier; a category tells which."),
        OfRico("descriptiveNote", "A note. In RiC-O 0.2 only."),
        OfRico("integrity", "How complete it is. In RiC-O 0.2 only."),
        OfRico("hasOrHadTitle", "A link to a title."),
        OfRico("hasOrHadIdentifier", "A link to an identifier."),
        OfRico("hasIdentifierType", "A link to an identifier's type."),
        OfRico("isOrWasIdentifierOf", "A link from an identifier."),
        OfRico("hasOrHadLanguage", "A link to a language."),
        OfPremis("originalName", "A file's original name."),
        OfPremis("size", "A file's size."),
        OfPremis("storedAt", "Where a file is stored."),
        OfPremis("compositionLevel", "How often a file is packed."),
        OfPremis("version", "A version, of a format for example."),
        OfPremis("outcomeNote", "What came of an event."),
    ];

    /// <summary>The categories of docuteam's vocabulary that are offered.</summary>
    public static IReadOnlyList<OfferedTerm> Categories { get; } =
    [
        OfVocabulary("thingcategory/custommetadata", "A custom field."),
        OfVocabulary("identifiertypes/pid", "The pid, among identifiers."),
    ];

    /// <summary>The IRI of what was written: a whole IRI as it stands, or the name of an offered term with its prefix or without.</summary>
    /// <returns>Null when it is neither.</returns>
    public static string? Resolve(string text, IReadOnlyList<OfferedTerm> offered)
    {
        OfferedTerm? found = null;
        foreach (var term in offered)
        {
            if (string.Equals(term.PrefixedName, text, StringComparison.OrdinalIgnoreCase))
                return term.Iri;
            if (!string.Equals(term.Name, text, StringComparison.OrdinalIgnoreCase))
                continue;
            if (found is not null)
                return null;
            found = term;
        }
        return found?.Iri ?? (IsWhole(text) ? text : null);
    }

    /// <summary>What to write in place of a text that is nothing.</summary>
    public static string Remedy(string text, IReadOnlyList<OfferedTerm> offered) =>
        (Nearest.To(text, offered.Select(term => term.PrefixedName)) ?? Nearest.To(text, offered.Select(term => term.Name))) is { } guess
            ? $"Did you mean \"{guess}\"?"
            : $"Write a whole IRI such as {offered[0].Iri}, or one of: {string.Join(", ", offered.Select(term => term.PrefixedName))}.";

    // "rico:tilte" is an absolute IRI to a reader of IRIs, and a mistake to everybody else.
    private static bool IsWhole(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var iri)
        && !iri.Scheme.Equals("rico", StringComparison.OrdinalIgnoreCase) && !iri.Scheme.Equals("premis", StringComparison.OrdinalIgnoreCase) && !iri.Scheme.Equals("docuteam", StringComparison.OrdinalIgnoreCase);

    private static OfferedTerm OfRico(string name, string meaning) => new(name, "rico:" + name, Rico + name, meaning);

    private static OfferedTerm OfPremis(string name, string meaning) => new(name, "premis:" + name, Premis + name, meaning);

    private static OfferedTerm OfVocabulary(string name, string meaning) => new(name, "docuteam:" + name, Vocabulary + name, meaning);
}

/// <summary>A term of an ontology that is offered by name.</summary>
/// <param name="Name">Its local name.</param>
/// <param name="PrefixedName">The name with the usual prefix, such as <c>rico:title</c>.</param>
/// <param name="Iri">The IRI.</param>
/// <param name="Meaning">What it stands for.</param>
internal sealed record OfferedTerm(string Name, string PrefixedName, string Iri, string Meaning);
