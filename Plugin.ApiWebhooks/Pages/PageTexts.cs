namespace Plugin.ApiWebhooks.Pages;

/// <summary>The words of the administrator's pages, in one language.</summary>
public sealed record PageTexts
{
    public required string Refused { get; init; }
    public required string NothingInForce { get; init; }

    public required string Faults { get; init; }
    public required string Where { get; init; }
    public required string What { get; init; }
    public required string Remedy { get; init; }
    public required string Error { get; init; }
    public required string Warning { get; init; }

    public required string ImportButtons { get; init; }
    public required string Applications { get; init; }
    public required string Button { get; init; }
    public required string Address { get; init; }
    public required string Subscriptions { get; init; }
    public required string Subscription { get; init; }
    public required string Dialect { get; init; }
    public required string State { get; init; }
    public required string PublicKey { get; init; }
    public required string Owed { get; init; }
    public required string Delivered { get; init; }
    public required string GivenUp { get; init; }

    public required string When { get; init; }
    public required string Record { get; init; }
    public required string UploadTemplate { get; init; }
    public required string Who { get; init; }
    public required string Outcome { get; init; }
    public required string Deliveries { get; init; }
    public required string Event { get; init; }
    public required string Attempts { get; init; }
    public required string LastAnswer { get; init; }
    public required string NextAttempt { get; init; }
    public required string NotSignedIn { get; init; }
    public required string NotAllowed { get; init; }

    /// <summary>States of presses, deliveries and subscriptions, by their names in the management API.</summary>
    public required IReadOnlyDictionary<string, string> States { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static PageTexts In(string language) =>
        Languages.IsFrench(language) ? French : English;

    /// <summary>A state in words.</summary>
    public string StateOf(string name) => States.GetValueOrDefault(name, name);

    private static readonly PageTexts English = new()
    {
        Refused = "The file as it stands is refused. The last good configuration stays in force.",
        NothingInForce = "No configuration is in force yet: no button is shown and no event is sent until the file is mended. No change is lost meanwhile.",
        Faults = "Faults of the configuration",
        Where = "Where",
        What = "What is wrong",
        Remedy = "What to do",
        Error = "Error",
        Warning = "Warning",
        ImportButtons = "Import buttons from ResourceSpace",
        Applications = "Applications (OAuth)",
        Button = "Button",
        Address = "Address",
        Subscriptions = "Subscriptions",
        Subscription = "Subscription",
        Dialect = "Dialect",
        State = "State",
        PublicKey = "Public key:",
        Owed = "Owed",
        Delivered = "Delivered",
        GivenUp = "Given up",
        When = "When",
        Record = "Record",
        UploadTemplate = "Upload template",
        Who = "Who",
        Outcome = "Outcome",
        Deliveries = "Latest deliveries",
        Event = "Event",
        Attempts = "Attempts",
        LastAnswer = "Last answer",
        NextAttempt = "Next attempt",
        NotSignedIn = "Sign in to see this page.",
        NotAllowed = "This page is for administrators.",
        States = new Dictionary<string, string>
        {
            ["running"] = "running",
            ["succeeded"] = "succeeded",
            ["failed"] = "failed",
            ["unknown"] = "unknown",
            ["pending"] = "to be sent",
            ["in_flight"] = "being sent",
            ["waiting"] = "waiting",
            ["held"] = "held",
            ["delivered"] = "delivered",
            ["exhausted"] = "given up",
            ["cancelled"] = "cancelled",
            ["active"] = "active",
            ["paused"] = "paused",
            ["disabled"] = "disabled",
            ["removed"] = "removed",
        },
    };

    private static readonly PageTexts French = new()
    {
        Refused = "Le fichier actuel est refusé. La dernière configuration valable reste en vigueur.",
        NothingInForce = "Aucune configuration n’est encore en vigueur : aucun bouton n’est affiché et aucun événement n’est envoyé avant que le fichier soit corrigé. Aucun changement n’est perdu entre-temps.",
        Faults = "Défauts de la configuration",
        Where = "Où",
        What = "Ce qui ne va pas",
        Remedy = "Que faire",
        Error = "Erreur",
        Warning = "Avertissement",
        ImportButtons = "Importer les boutons de ResourceSpace",
        Applications = "Applications (OAuth)",
        Button = "Bouton",
        Address = "Adresse",
        Subscriptions = "Abonnements",
        Subscription = "Abonnement",
        Dialect = "Dialecte",
        State = "État",
        PublicKey = "Clé publique :",
        Owed = "À livrer",
        Delivered = "Livrés",
        GivenUp = "Abandonnés",
        When = "Quand",
        Record = "Notice",
        UploadTemplate = "Modèle d’envoi",
        Who = "Qui",
        Outcome = "Résultat",
        Deliveries = "Dernières livraisons",
        Event = "Événement",
        Attempts = "Essais",
        LastAnswer = "Dernière réponse",
        NextAttempt = "Prochain essai",
        NotSignedIn = "Connectez-vous pour voir cette page.",
        NotAllowed = "Cette page est réservée aux administrateurs.",
        States = new Dictionary<string, string>
        {
            ["running"] = "en cours",
            ["succeeded"] = "réussi",
            ["failed"] = "échoué",
            ["unknown"] = "inconnu",
            ["pending"] = "à envoyer",
            ["in_flight"] = "en cours d’envoi",
            ["waiting"] = "en attente",
            ["held"] = "retenu",
            ["delivered"] = "livré",
            ["exhausted"] = "abandonné",
            ["cancelled"] = "annulé",
            ["active"] = "actif",
            ["paused"] = "en pause",
            ["disabled"] = "désactivé",
            ["removed"] = "retiré",
        },
    };
}
