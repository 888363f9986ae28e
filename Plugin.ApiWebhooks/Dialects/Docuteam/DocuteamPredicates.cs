namespace Plugin.ApiWebhooks.Dialects.Docuteam;

/// <summary>The predicates that are offered by name for additional metadata: those of RiC-O 0.2, on which docuteam's Matterhorn RDF is built.</summary>
internal static class DocuteamPredicates
{
    /// <summary>The namespace of RiC-O (Records in Contexts, the ontology of the International Council on Archives).</summary>
    public const string Rico = "https://www.ica.org/standards/RiC/ontology#";
}
