namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>The words of the list of subscriptions and of the page of one, in one language.</summary>
public sealed record StandingTexts
{
    public required string Title { get; init; }
    public required string Lead { get; init; }
    public required string New { get; init; }
    public required string Filter { get; init; }
    public required string FilterHint { get; init; }
    public required string Show { get; init; }
    public required string ShowAll { get; init; }
    public required string None { get; init; }
    public required string NoneMatches { get; init; }
    public required string Label { get; init; }
    public required string Dialect { get; init; }
    public required string Address { get; init; }
    public required string State { get; init; }
    public required string Where { get; init; }
    public required string Owed { get; init; }
    public required string InFile { get; init; }

    /// <summary><c>{0}</c> is the first row, <c>{1}</c> the last, <c>{2}</c> how many there are.</summary>
    public required string Page { get; init; }
    public required string Previous { get; init; }
    public required string Next { get; init; }

    /// <summary><c>{0}</c> is the label, <c>{1}</c> the time.</summary>
    public required string DeletedUntil { get; init; }
    public required string Undo { get; init; }
    public required string Restored { get; init; }
    public required string TooLate { get; init; }

    public required string Refused { get; init; }
    public required string RefusedHint { get; init; }

    /// <summary><c>{0}</c> is the file, <c>{1}</c> the place in it.</summary>
    public required string FileHint { get; init; }
    public required string NotInForce { get; init; }
    public required string Since { get; init; }

    /// <summary><c>{0}</c> is how many, <c>{1}</c> and <c>{2}</c> are times.</summary>
    public required string Held { get; init; }
    public required string HeldKept { get; init; }

    /// <summary><c>{0}</c> is how many.</summary>
    public required string GivenUp { get; init; }
    public required string ReplayFailed { get; init; }
    public required string DisabledHint { get; init; }
    public required string PausedHint { get; init; }
    public required string NotEnabledHint { get; init; }
    public required string RemovedHint { get; init; }
    public required string WhatIsHeld { get; init; }
    public required string Deliver { get; init; }
    public required string GiveUp { get; init; }
    public required string Keep { get; init; }
    public required string Pause { get; init; }
    public required string PauseHint { get; init; }
    public required string Resume { get; init; }
    public required string Rotate { get; init; }

    /// <summary><c>{0}</c> is for how long.</summary>
    public required string RotateHint { get; init; }
    public required string RotateNow { get; init; }
    public required string SecretInSettings { get; init; }
    public required string Edit { get; init; }
    public required string Duplicate { get; init; }
    public required string Delete { get; init; }
    public required string Test { get; init; }
    public required string Deliveries { get; init; }
    public required string Replay { get; init; }
    public required string Receiving { get; init; }
    public required string Actions { get; init; }
    public required string Facts { get; init; }
    public required string Settings { get; init; }
    public required string SettingsHint { get; init; }
    public required string Key { get; init; }
    public required string Owner { get; init; }
    public required string Version { get; init; }
    public required string Created { get; init; }
    public required string Changed { get; init; }
    public required string Order { get; init; }
    public required string Signing { get; init; }
    public required string PublicKey { get; init; }
    public required string Delivered { get; init; }
    public required string OldestOwed { get; init; }
    public required string SecretLead { get; init; }
    public required string PublicKeyLead { get; init; }

    /// <summary><c>{0}</c> is a time.</summary>
    public required string FormerUntil { get; init; }

    /// <summary>What was done, by the name that stands in the address of the page.</summary>
    public required IReadOnlyDictionary<string, string> Notices { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static StandingTexts In(string language) => SubscriptionTexts.In(language).IsFrench ? French : English;

    private static readonly StandingTexts English = new()
    {
        Title = "Subscriptions",
        Lead = "Who is sent which changes, where to, and in whose words.",
        New = "New subscription",
        Filter = "Find subscriptions",
        FilterHint = "Name, address, dialect, owner",
        Show = "Show",
        ShowAll = "Show all",
        None = "There is no subscription yet.",
        NoneMatches = "No subscription matches.",
        Label = "Subscription",
        Dialect = "Dialect",
        Address = "Address",
        State = "State",
        Where = "Where it is configured",
        Owed = "Undelivered",
        InFile = "config.json (read-only)",
        Page = "{0} to {1} of {2}",
        Previous = "Previous",
        Next = "Next",
        DeletedUntil = "“{0}” is deleted. What it is owed is held until {1}; then it is gone for good.",
        Undo = "Undo",
        Restored = "It is back, as it was. What came meanwhile is sent, unless it was paused.",
        TooLate = "It cannot be had back any more: its time is over.",
        Refused = "settings refused",
        RefusedHint = "Its settings are refused, so it is sent nothing; what it was owed is held. Edit it:",
        FileHint = "This subscription stands in config.json. To change or remove it, edit {0}, key {1}; a saved edit is in force within two seconds.",
        NotInForce = "It is not configured any more. What it was owed is held; put back under the same key, it goes on.",
        Since = "Every attempt has failed since",
        Held = "Deliveries held: {0}, of changes from {1} to {2}.",
        HeldKept = "They stay held although the subscription is served, as was chosen when it was resumed.",
        GivenUp = "Deliveries given up: {0}.",
        ReplayFailed = "Send them again by a replay",
        DisabledHint = "It failed for too long and is sent nothing. Mend the receiver, or enter its new address; try it with a test; then resume.",
        PausedHint = "It is sent nothing until somebody resumes it. What comes is held.",
        NotEnabledHint = "It is not enabled in its settings: it is sent nothing until “enabled” is set there. What comes is held.",
        RemovedHint = "It was removed.",
        WhatIsHeld = "What becomes of what is held?",
        Deliver = "Send it",
        GiveUp = "Give it up: only what comes from now on is sent",
        Keep = "Keep it held: only what comes from now on is sent, and the rest can be decided later",
        Pause = "Pause",
        PauseHint = "Nothing is sent any more, and nothing is lost: what comes is held until it is resumed.",
        Resume = "Resume",
        Rotate = "Rotate secret",
        RotateHint = "A new secret is made and shown once. For {0} both sign, so that the receiver can be changed without losing an event.",
        RotateNow = "A new secret is made and shown once. The former one ends at once: the receiver refuses what is sent until it knows the new one.",
        SecretInSettings = "The secret stands in the settings: it is changed there.",
        Edit = "Edit",
        Duplicate = "Duplicate",
        Delete = "Delete",
        Test = "Send a test",
        Deliveries = "Deliveries",
        Replay = "Replay",
        Receiving = "Receiver help",
        Actions = "What can be done",
        Facts = "Facts",
        Settings = "Settings",
        SettingsHint = "As config.json has them; stars stand for what is secret.",
        Key = "Key",
        Owner = "Owner",
        Version = "Version",
        Created = "Created",
        Changed = "Last changed",
        Order = "Order",
        Signing = "Signature",
        PublicKey = "Public key",
        Delivered = "Delivered",
        OldestOwed = "Oldest undelivered",
        SecretLead = "Its signing secret, shown this once. The receiver checks the signature of every event with it:",
        PublicKeyLead = "Its new public key:",
        FormerUntil = "The former one signs beside it until {0}.",
        Notices = new Dictionary<string, string>
        {
            ["made"] = "The subscription is in force: the next change is sent.",
            ["saved"] = "Saved, and in force.",
            ["paused"] = "Paused. What comes is held.",
            ["resumed"] = "Resumed.",
            ["rotated"] = "Rotated.",
            ["restored"] = "It is back, as it was.",
            ["refused"] = "That is not possible: it is not in force, or keeps its order and cannot keep some back.",
            ["again"] = "The page was open for too long, or in another session. Please send it once more.",
        },
    };

    private static readonly StandingTexts French = new()
    {
        Title = "Abonnements",
        Lead = "Qui reçoit quelles modifications, où, et dans les termes de qui.",
        New = "Nouvel abonnement",
        Filter = "Chercher des abonnements",
        FilterHint = "Nom, adresse, dialecte, propriétaire",
        Show = "Afficher",
        ShowAll = "Tout afficher",
        None = "Il n’y a pas encore d’abonnement.",
        NoneMatches = "Aucun abonnement ne correspond.",
        Label = "Abonnement",
        Dialect = "Dialecte",
        Address = "Adresse",
        State = "État",
        Where = "Où il est configuré",
        Owed = "Non livrés",
        InFile = "config.json (lecture seule)",
        Page = "{0} à {1} sur {2}",
        Previous = "Précédents",
        Next = "Suivants",
        DeletedUntil = "« {0} » est supprimé. Ce qui lui est dû est retenu jusqu’à {1} ; ensuite il disparaît pour de bon.",
        Undo = "Annuler la suppression",
        Restored = "Il est rétabli tel qu’il était. Ce qui est venu entre-temps est envoyé, sauf s’il était en pause.",
        TooLate = "Il ne peut plus être rétabli : le délai est passé.",
        Refused = "réglages refusés",
        RefusedHint = "Ses réglages sont refusés, donc rien ne lui est envoyé ; ce qui lui était dû est retenu. Modifiez-le :",
        FileHint = "Cet abonnement figure dans config.json. Pour le modifier ou le retirer, éditez {0}, clé {1} ; une modification enregistrée prend effet en deux secondes.",
        NotInForce = "Il n’est plus configuré. Ce qui lui était dû est retenu ; remis sous la même clé, il continue.",
        Since = "Toutes les tentatives échouent depuis",
        Held = "Livraisons retenues : {0}, de modifications du {1} au {2}.",
        HeldKept = "Elles restent retenues bien que l’abonnement soit servi, comme choisi à la reprise.",
        GivenUp = "Livraisons abandonnées : {0}.",
        ReplayFailed = "Les renvoyer par une reprise",
        DisabledHint = "Il a échoué trop longtemps et rien ne lui est envoyé. Réparez le destinataire ou saisissez sa nouvelle adresse ; essayez-le par un test ; puis reprenez.",
        PausedHint = "Rien ne lui est envoyé jusqu’à ce que quelqu’un le reprenne. Ce qui vient est retenu.",
        NotEnabledHint = "Il n’est pas activé dans ses réglages : rien ne lui est envoyé tant que « enabled » n’y est pas mis. Ce qui vient est retenu.",
        RemovedHint = "Il a été retiré.",
        WhatIsHeld = "Que devient ce qui est retenu ?",
        Deliver = "L’envoyer",
        GiveUp = "L’abandonner : seul ce qui vient désormais est envoyé",
        Keep = "Le garder retenu : seul ce qui vient désormais est envoyé, le reste peut être décidé plus tard",
        Pause = "Mettre en pause",
        PauseHint = "Plus rien n’est envoyé et rien n’est perdu : ce qui vient est retenu jusqu’à la reprise.",
        Resume = "Reprendre",
        Rotate = "Renouveler le secret",
        RotateHint = "Un nouveau secret est créé et affiché une fois. Pendant {0} les deux signent, pour que le destinataire puisse être adapté sans perdre d’événement.",
        RotateNow = "Un nouveau secret est créé et affiché une fois. L’ancien cesse aussitôt : le destinataire refuse ce qui est envoyé tant qu’il ne connaît pas le nouveau.",
        SecretInSettings = "Le secret figure dans les réglages : c’est là qu’il est changé.",
        Edit = "Modifier",
        Duplicate = "Dupliquer",
        Delete = "Supprimer",
        Test = "Envoyer un test",
        Deliveries = "Livraisons",
        Replay = "Rejouer",
        Receiving = "Aide au destinataire",
        Actions = "Ce qui peut être fait",
        Facts = "Faits",
        Settings = "Réglages",
        SettingsHint = "Comme config.json les a ; les astérisques tiennent lieu de ce qui est secret.",
        Key = "Clé",
        Owner = "Propriétaire",
        Version = "Version",
        Created = "Créé",
        Changed = "Dernière modification",
        Order = "Ordre",
        Signing = "Signature",
        PublicKey = "Clé publique",
        Delivered = "Livrés",
        OldestOwed = "Plus ancien non livré",
        SecretLead = "Son secret de signature, affiché cette seule fois. Le destinataire vérifie avec lui la signature de chaque événement :",
        PublicKeyLead = "Sa nouvelle clé publique :",
        FormerUntil = "L’ancien signe à côté jusqu’à {0}.",
        Notices = new Dictionary<string, string>
        {
            ["made"] = "L’abonnement est en vigueur : la prochaine modification est envoyée.",
            ["saved"] = "Enregistré et en vigueur.",
            ["paused"] = "En pause. Ce qui vient est retenu.",
            ["resumed"] = "Repris.",
            ["rotated"] = "Renouvelé.",
            ["restored"] = "Il est rétabli tel qu’il était.",
            ["refused"] = "C’est impossible : il n’est pas en vigueur, ou il garde son ordre et ne peut rien laisser de côté.",
            ["again"] = "La page est restée ouverte trop longtemps, ou dans une autre session. Veuillez l’envoyer encore une fois.",
        },
    };
}
