namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>The words of the pages on which subscriptions are made, in one language. The keys of settings and the faults of their values are told in English, like those of config.json.</summary>
public sealed record SubscriptionTexts
{
    public required bool IsFrench { get; init; }
    public required string New { get; init; }
    public required string ChooseLead { get; init; }
    public required string System { get; init; }
    public required string Events { get; init; }
    public required string Choose { get; init; }
    public required string FormLead { get; init; }
    public required string Further { get; init; }
    public required string Required { get; init; }
    public required string OnePerLine { get; init; }
    public required string PairPerLine { get; init; }
    public required string AsJson { get; init; }
    public required string Row { get; init; }

    /// <summary><c>{0}</c> is the label.</summary>
    public required string CopyOf { get; init; }
    public required string Copied { get; init; }

    /// <summary><c>{0}</c> are places.</summary>
    public required string CopiedWithout { get; init; }
    public required string MoreRows { get; init; }
    public required string Create { get; init; }
    public required string Save { get; init; }
    public required string Cancel { get; init; }
    public required string Delete { get; init; }

    /// <summary><c>{0}</c> is the label.</summary>
    public required string DeleteQuestion { get; init; }

    /// <summary><c>{0}</c> is how many.</summary>
    public required string DeleteOwed { get; init; }
    public required string Keep { get; init; }
    public required string Back { get; init; }
    public required string Refused { get; init; }

    /// <summary><c>{0}</c> is who saved.</summary>
    public required string Stale { get; init; }
    public required string StarsOnly { get; init; }
    public required string StarsHint { get; init; }
    public required string OnceMore { get; init; }
    public required string NotReadable { get; init; }
    public required string NotThere { get; init; }
    public required string InFile { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static SubscriptionTexts In(string language) =>
        Languages.IsFrench(language) ? French : English;

    private static readonly SubscriptionTexts English = new()
    {
        IsFrench = false,
        CopyOf = "{0} (copy)",
        Copied = "A copy, not saved yet. It gets a signing secret of its own.",
        CopiedWithout = "A copy, not saved yet. Secrets are not copied; write these again: {0}. It gets a signing secret of its own.",
        New = "New subscription",
        ChooseLead = "In whose words is the receiver to be told? The form that follows asks in the same words.",
        System = "System",
        Events = "Events",
        Choose = "Choose",
        FormLead = "What is changed here is in force at once.",
        Further = "Further settings",
        Required = "required",
        OnePerLine = "One per line.",
        PairPerLine = "Name: value on each line.",
        AsJson = "As JSON, as config.json would have it.",
        Row = "Row",
        MoreRows = "One more row",
        Create = "Create subscription",
        Save = "Save",
        Cancel = "Cancel",
        Delete = "Delete subscription",
        DeleteQuestion = "Delete “{0}”? It is sent nothing any more. For ten minutes it can be had back; then it is gone for good, and its history stays.",
        DeleteOwed = "What it is still owed is held till then, and then cancelled: {0}.",
        Keep = "Keep it",
        Back = "Subscriptions",
        Refused = "Nothing was saved yet. What is wrong stands at the fields.",
        Stale = "{0} saved meanwhile. What you typed stands below; saving now replaces what was saved.",
        StarsOnly = "Only stars stand here, and nothing is kept in their place: nothing is stored, or the address leads to another server now. Write the value.",
        StarsHint = "*** stands for what is stored: leave it, or write a new value.",
        OnceMore = "The page was open for too long, or in another session. Please send it once more.",
        NotReadable = "The form could not be read.",
        NotThere = "There is no such subscription, or it was deleted.",
        InFile = "This subscription stands in config.json. It is changed or removed there; a saved edit is in force within two seconds.",
    };

    private static readonly SubscriptionTexts French = new()
    {
        IsFrench = true,
        CopyOf = "{0} (copie)",
        Copied = "Une copie, pas encore enregistrée. Elle reçoit son propre secret de signature.",
        CopiedWithout = "Une copie, pas encore enregistrée. Les secrets ne sont pas copiés ; écrivez à nouveau ceux-ci : {0}. Elle reçoit son propre secret de signature.",
        New = "Nouvel abonnement",
        ChooseLead = "Dans quels termes faut-il informer le destinataire ? Le formulaire suivant emploie les mêmes.",
        System = "Système",
        Events = "Événements",
        Choose = "Choisir",
        FormLead = "Ce qui est modifié ici prend effet aussitôt.",
        Further = "Autres réglages",
        Required = "obligatoire",
        OnePerLine = "Un par ligne.",
        PairPerLine = "Nom: valeur sur chaque ligne.",
        AsJson = "En JSON, comme dans config.json.",
        Row = "Ligne",
        MoreRows = "Une ligne de plus",
        Create = "Créer l’abonnement",
        Save = "Enregistrer",
        Cancel = "Annuler",
        Delete = "Supprimer l’abonnement",
        DeleteQuestion = "Supprimer « {0} » ? Plus rien ne lui sera envoyé. Pendant dix minutes il peut être rétabli ; ensuite il disparaît pour de bon, et son historique reste.",
        DeleteOwed = "Ce qui lui est encore dû est retenu jusque-là, puis annulé : {0}.",
        Keep = "Le garder",
        Back = "Abonnements",
        Refused = "Rien n’est encore enregistré. Les défauts sont indiqués à côté des champs.",
        Stale = "{0} a enregistré entre-temps. Votre saisie figure ci-dessous ; enregistrer maintenant remplace ce qui a été enregistré.",
        StarsOnly = "Il n’y a ici que des astérisques, et rien n’est gardé à leur place : rien n’est enregistré, ou l’adresse mène maintenant à un autre serveur. Écrivez la valeur.",
        StarsHint = "*** tient lieu de ce qui est enregistré : laissez-le, ou écrivez une nouvelle valeur.",
        OnceMore = "La page est restée ouverte trop longtemps, ou dans une autre session. Veuillez l’envoyer encore une fois.",
        NotReadable = "Le formulaire n’a pas pu être lu.",
        NotThere = "Cet abonnement n’existe pas, ou il a été supprimé.",
        InFile = "Cet abonnement figure dans config.json. C’est là qu’il est modifié ou retiré ; une modification enregistrée prend effet en deux secondes.",
    };
}
