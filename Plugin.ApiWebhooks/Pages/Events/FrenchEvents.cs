namespace Plugin.ApiWebhooks.Pages.Events;

/// <summary>What events say of themselves, in French, by the English sentence of the catalogue. A test finds one that is missing.</summary>
internal static class FrenchEvents
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["A record was created."] = "Une notice a été créée.",
        ["Something was appended below a record."] = "Quelque chose a été ajouté sous une notice.",
        ["A record's fields, title or settings changed."] = "Les champs, le titre ou les réglages d’une notice ont changé.",
        ["A record was deleted, with its files."] = "Une notice a été supprimée, avec ses fichiers.",
        ["A record was published."] = "Une notice a été publiée.",
        ["A record was withdrawn from publication."] = "Une notice a été retirée de la publication.",
        ["A file was added to a record."] = "Un fichier a été ajouté à une notice.",
        ["A file's content was replaced; its pid stays."] = "Le contenu d’un fichier a été remplacé ; son pid reste.",
        ["A file was deleted."] = "Un fichier a été supprimé.",
        ["A workflow event was raised on a record."] = "Un événement de workflow a été déclenché sur une notice.",
        ["A record's workflow state changed."] = "L’état de workflow d’une notice a changé.",
        ["An entry was published in a feed."] = "Une entrée a été publiée dans un flux.",
        ["A record was moved to another collection."] = "Une notice a été déplacée vers une autre collection.",
        ["A user's account was made."] = "Un compte d’utilisateur a été créé.",
        ["A user's names, address or roles changed."] = "Les noms, l’adresse ou les rôles d’un utilisateur ont changé.",
        ["A user's account was deleted."] = "Un compte d’utilisateur a été supprimé.",
        ["A user was given the access to a collection that was asked for."] = "L’accès demandé à une collection a été accordé à un utilisateur.",
        ["A user was refused the access to a collection that was asked for."] = "L’accès demandé à une collection a été refusé à un utilisateur.",
        ["A user ordered records."] = "Un utilisateur a commandé des notices.",
        ["An order was delivered."] = "Une commande a été livrée.",
        ["An order was denied."] = "Une commande a été refusée.",
        ["A subscription was disabled because it failed."] = "Un abonnement a été désactivé parce qu’il échouait.",
        ["A file's content was replaced."] = "Le contenu d’un fichier a été remplacé.",
        ["A person changed a record's metadata at a page."] = "Une personne a modifié les métadonnées d’une notice sur une page.",
        ["A program changed a record's metadata. docuteam lists it without naming its event type: the text is this plugin's, by analogy."] =
            "Un programme a modifié les métadonnées d’une notice. docuteam la cite sans nommer son type d’événement : le texte est celui de ce plugin, par analogie.",
        ["A record was deleted. docuteam lists it without naming its event type: the text is this plugin's, by analogy."] =
            "Une notice a été supprimée. docuteam la cite sans nommer son type d’événement : le texte est celui de ce plugin, par analogie.",
        ["A record's metadata changed, or it was published, withdrawn, moved or taken on in its workflow."] =
            "Les métadonnées d’une notice ont changé, ou elle a été publiée, retirée, déplacée ou a avancé dans son workflow.",
        ["A record was deleted."] = "Une notice a été supprimée.",
        ["A record's metadata changed, something was appended to it, or it was moved to another collection."] =
            "Les métadonnées d’une notice ont changé, quelque chose y a été ajouté, ou elle a été déplacée vers une autre collection.",
        ["An event was raised in a record's workflow."] = "Un événement a été déclenché dans le workflow d’une notice.",
        ["A record came into another state of its workflow."] = "Une notice est passée à un autre état de son workflow.",
        ["A record was archived by its workflow."] = "Une notice a été archivée par son workflow.",
        ["A record was taken out of the archive by its workflow."] = "Une notice a été sortie de l’archive par son workflow.",
        ["A record's description changed, or a file was added to it or deleted."] =
            "La description d’une notice a changé, ou un fichier y a été ajouté ou supprimé.",
        ["The content of a record's file was replaced."] = "Le contenu du fichier d’une notice a été remplacé.",
        ["A record was published or withdrawn, or became private or open."] = "Une notice a été publiée ou retirée, ou est devenue privée ou ouverte.",
        ["A user's account was created."] = "Un compte d’utilisateur a été créé.",
        ["A user was given the access to a collection that he had asked for."] =
            "L’accès à une collection qu’il avait demandé a été accordé à un utilisateur.",
        ["A user was refused the access to a collection that he had asked for."] =
            "L’accès à une collection qu’il avait demandé a été refusé à un utilisateur.",
        ["An entry was published in a feed, in the shape of the documentation of Phraseanet 3.8 to 4.1."] =
            "Une entrée a été publiée dans un flux, dans la forme de la documentation de Phraseanet 3.8 à 4.1.",
    };

    /// <summary>The French sentence; the English one where there is none.</summary>
    public static string Of(string english) => Words.GetValueOrDefault(english, english);
}
