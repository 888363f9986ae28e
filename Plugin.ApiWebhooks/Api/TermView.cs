using Plugin.ApiWebhooks.Dialects.Docuteam;

namespace Plugin.ApiWebhooks.Api;

/// <summary>What a docuteam hook may write for the predicate and category of an additional metadata row, beside whole IRIs.</summary>
internal sealed record TermList(IReadOnlyList<TermView> Predicates, IReadOnlyList<TermView> Categories);

/// <summary>A term of an ontology.</summary>
/// <param name="Name">The local name; does as well where it stands for one term only.</param>
/// <param name="PrefixedName">The name with its prefix.</param>
/// <param name="Iri">The IRI.</param>
/// <param name="Meaning">What it stands for.</param>
internal sealed record TermView(string Name, string PrefixedName, string Iri, string Meaning)
{
    public static TermView From(OfferedTerm term) => new(term.Name, term.PrefixedName, term.Iri, term.Meaning);
}
