namespace Plugin.ApiWebhooks.Dialects.Phraseanet.Developers;

/// <summary>The words of the developers' pages, in one language.</summary>
public sealed record DeveloperTexts
{
    public required string Title { get; init; }
    public required string Lead { get; init; }
    public required string None { get; init; }
    public required string Name { get; init; }
    public required string Description { get; init; }
    public required string Website { get; init; }
    public required string Callback { get; init; }
    public required string CallbackHint { get; init; }
    public required string Owner { get; init; }
    public required string Type { get; init; }
    public required string Web { get; init; }
    public required string Desktop { get; init; }
    public required string New { get; init; }
    public required string Create { get; init; }
    public required string Save { get; init; }
    public required string Credentials { get; init; }
    public required string SecretOnce { get; init; }
    public required string KeyOnce { get; init; }
    public required string RenewSecret { get; init; }
    public required string RenewKey { get; init; }
    public required string Webhook { get; init; }
    public required string Url { get; init; }
    public required string UrlHint { get; init; }
    public required string Active { get; init; }
    public required string Inactive { get; init; }
    public required string Activate { get; init; }
    public required string Deactivate { get; init; }
    public required string Events { get; init; }
    public required string EventsHint { get; init; }
    public required string Legacy { get; init; }
    public required string Deliveries { get; init; }
    public required string NoDeliveries { get; init; }
    public required string Result { get; init; }
    public required string Event { get; init; }
    public required string Date { get; init; }
    public required string Status { get; init; }
    public required string Delete { get; init; }
    public required string DeleteHint { get; init; }
    public required string Back { get; init; }
    public required string Saved { get; init; }
    public required string NotFound { get; init; }
    public required string NotSignedIn { get; init; }
    public required string OnceMore { get; init; }
    public required string ByApplication { get; init; }
    public required string NotReadable { get; init; }
    public required string OwnerOnly { get; init; }
    public required string Consents { get; init; }
    public required string NoConsents { get; init; }
    public required string Revoke { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static DeveloperTexts In(string language) =>
        Languages.IsFrench(language) ? French : English;

    /// <summary>English, also for programs.</summary>
    internal static readonly DeveloperTexts English = new()
    {
        Title = "Developers",
        Lead = "Applications that act for you or for others by OAuth 2.0, each with a webhook of its own.",
        None = "No application is registered yet.",
        Name = "Name",
        Description = "Description",
        Website = "Website",
        Callback = "Redirect address",
        CallbackHint = "Where users are sent back to after consenting: https, or http on localhost. It is compared letter by letter. Empty: the application acts for its owner alone.",
        Owner = "Owner",
        Type = "Kind",
        Web = "It keeps a secret: it runs on a server.",
        Desktop = "It can keep no secret: it runs in a browser or on a user’s device.",
        New = "Register an application",
        Create = "Register",
        Save = "Save",
        Credentials = "Credentials",
        SecretOnce = "Copy the secret now; it is not shown again:",
        KeyOnce = "Copy the signing secret now; it is not shown again:",
        RenewSecret = "New secret",
        RenewKey = "New signing secret",
        Webhook = "Webhook",
        Url = "Address",
        UrlHint = "Saving an address also switches the webhook on.",
        Active = "active",
        Inactive = "inactive",
        Activate = "Switch on",
        Deactivate = "Switch off",
        Events = "Events",
        EventsHint = "None chosen means all of them.",
        Legacy = "Send new_feed_entry in the shape of the older documentation, and nothing else",
        Deliveries = "Last 10 deliveries",
        NoDeliveries = "Nothing was to be delivered yet.",
        Result = "Result",
        Event = "Event",
        Date = "Date",
        Status = "Status",
        Delete = "Delete the application",
        DeleteHint = "Its tokens end at once, and its webhook with what it is owed.",
        Back = "All applications",
        Saved = "Saved.",
        NotFound = "There is no such application, or it is not yours.",
        NotSignedIn = "Sign in first; programs send an API key or a token.",
        OnceMore = "The form came from elsewhere or is too old. Try again.",
        ByApplication = "An application may not do this with its token; its owner does it at a page or with an API key.",
        NotReadable = "The request could not be read: send a form or a JSON object, at most 64 KB.",
        OwnerOnly = "Only its owner may do this: with it one could act for him.",
        Consents = "Applications that may act for you",
        NoConsents = "You have let no application act for you.",
        Revoke = "Take back",
    };

    private static readonly DeveloperTexts French = new()
    {
        Title = "Développeurs",
        Lead = "Applications qui agissent pour vous ou pour d’autres par OAuth 2.0, chacune avec son webhook.",
        None = "Aucune application n’est encore enregistrée.",
        Name = "Nom",
        Description = "Description",
        Website = "Site",
        Callback = "Adresse de retour",
        CallbackHint = "Où les utilisateurs reviennent après leur accord : https, ou http sur localhost. Elle est comparée lettre par lettre. Vide : l’application n’agit que pour son propriétaire.",
        Owner = "Propriétaire",
        Type = "Sorte",
        Web = "Elle garde un secret : elle tourne sur un serveur.",
        Desktop = "Elle ne peut garder de secret : elle tourne dans un navigateur ou chez l’utilisateur.",
        New = "Enregistrer une application",
        Create = "Enregistrer",
        Save = "Enregistrer",
        Credentials = "Identifiants",
        SecretOnce = "Copiez le secret maintenant ; il ne sera plus montré :",
        KeyOnce = "Copiez le secret de signature maintenant ; il ne sera plus montré :",
        RenewSecret = "Nouveau secret",
        RenewKey = "Nouveau secret de signature",
        Webhook = "Webhook",
        Url = "Adresse",
        UrlHint = "Enregistrer une adresse active aussi le webhook.",
        Active = "actif",
        Inactive = "inactif",
        Activate = "Activer",
        Deactivate = "Désactiver",
        Events = "Événements",
        EventsHint = "Aucun choix signifie tous.",
        Legacy = "Envoyer new_feed_entry dans la forme de l’ancienne documentation, et rien d’autre",
        Deliveries = "Les 10 dernières livraisons",
        NoDeliveries = "Rien n’était à livrer jusqu’ici.",
        Result = "Résultat",
        Event = "Événement",
        Date = "Date",
        Status = "Statut",
        Delete = "Supprimer l’application",
        DeleteHint = "Ses jetons expirent aussitôt, ainsi que son webhook et ce qu’il restait à livrer.",
        Back = "Toutes les applications",
        Saved = "Enregistré.",
        NotFound = "Cette application n’existe pas, ou n’est pas la vôtre.",
        NotSignedIn = "Connectez-vous d’abord ; les programmes envoient une clé ou un jeton.",
        OnceMore = "Le formulaire vient d’ailleurs ou est trop ancien. Recommencez.",
        ByApplication = "Une application ne peut pas faire cela avec son jeton ; son propriétaire le fait sur une page ou avec une clé.",
        NotReadable = "La demande est illisible : envoyez un formulaire ou un objet JSON, 64 Ko au plus.",
        OwnerOnly = "Seul son propriétaire le peut : on pourrait ainsi agir pour lui.",
        Consents = "Applications qui peuvent agir pour vous",
        NoConsents = "Vous n’avez autorisé aucune application à agir pour vous.",
        Revoke = "Retirer",
    };
}
