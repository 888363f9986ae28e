namespace Plugin.ApiWebhooks.Pages.Receiving;

/// <summary>The words of the help for receivers, in one language.</summary>
public sealed record ReceivingTexts
{
    public required bool IsFrench { get; init; }
    public required string Title { get; init; }
    public required string Lead { get; init; }
    public required string Subscription { get; init; }
    public required string AnySubscription { get; init; }
    public required string Show { get; init; }
    public required string Values { get; init; }
    public required string Address { get; init; }
    public required string Secret { get; init; }
    public required string SecretHint { get; init; }
    public required string SecretInFile { get; init; }
    public required string PublicKey { get; init; }
    public required string SignedWith { get; init; }
    public required string Tolerance { get; init; }

    /// <summary><c>{0}</c> is a number of seconds.</summary>
    public required string ToleranceIs { get; init; }
    public required string Headers { get; init; }
    public required string HeaderId { get; init; }
    public required string HeaderTimestamp { get; init; }
    public required string HeaderSignature { get; init; }
    public required string HeaderOfDialect { get; init; }
    public required string HeaderOwn { get; init; }
    public required string Verify { get; init; }
    public required string VerifyLead { get; init; }
    public required string WithSecret { get; init; }
    public required string WithPublicKey { get; init; }

    /// <summary><c>{0}</c> is a file's name.</summary>
    public required string SaveAs { get; init; }
    public required string RunIt { get; init; }
    public required string Copy { get; init; }
    public required string Copied { get; init; }
    public required string Advice { get; init; }
    public required string AnswerFast { get; init; }

    /// <summary><c>{0}</c> is a span of time.</summary>
    public required string AnswerFastText { get; init; }
    public required string Dedupe { get; init; }
    public required string DedupeText { get; init; }
    public required string Order { get; init; }
    public required string OrderNone { get; init; }
    public required string OrderRecord { get; init; }
    public required string OrderAll { get; init; }
    public required string Retry { get; init; }

    /// <summary><c>{0}</c> is the list of waits, <c>{1}</c> the number of attempts, <c>{2}</c> the time over all, <c>{3}</c> a percentage.</summary>
    public required string RetryText { get; init; }

    /// <summary><c>{0}</c> as before.</summary>
    public required string RetryOnce { get; init; }
    public required string AtOnce { get; init; }
    public required string Gone { get; init; }

    /// <summary><c>{0}</c> is a span of time.</summary>
    public required string GoneText { get; init; }
    public required string GoneOnlyText { get; init; }
    public required string RetryAfter { get; init; }
    public required string RetryAfterText { get; init; }
    public required string Rotation { get; init; }

    /// <summary><c>{0}</c> is a span of time.</summary>
    public required string RotationText { get; init; }
    public required string Beside { get; init; }
    public required string Handshake { get; init; }
    public required string EventsLink { get; init; }
    public required string DeliveriesLink { get; init; }
    public required string NotThere { get; init; }

    /// <summary>What each dialect sends beside the signature, by its name.</summary>
    public required IReadOnlyDictionary<string, string> Dialects { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static ReceivingTexts In(string language) =>
        Languages.IsFrench(language) ? French : English;

    private static readonly ReceivingTexts English = new()
    {
        IsFrench = false,
        Title = "Receiver help",
        Lead = "What whoever writes the receiver needs: a whole program that checks signatures, and how deliveries behave.",
        Subscription = "Subscription",
        AnySubscription = "None: an example",
        Show = "Show",
        Values = "Its values",
        Address = "Address",
        Secret = "Secret",
        SecretHint = "It was shown when the subscription was made. Lost, it is replaced: the former signs on beside it for a while.",
        SecretInFile = "It stands in the subscription’s settings.",
        PublicKey = "Public key",
        SignedWith = "Signed with",
        Tolerance = "Tolerance",
        ToleranceIs = "{0} seconds: an older or later webhook-timestamp is refused, so that nobody can play a request back.",
        Headers = "Headers of every request",
        HeaderId = "The same on every attempt, and when it is sent again.",
        HeaderTimestamp = "When this attempt was made, in Unix seconds.",
        HeaderSignature = "The signature of “id.timestamp.body”; several, parted by spaces, while a key is replaced.",
        HeaderOfDialect = "Of the dialect",
        HeaderOwn = "Of the subscription’s settings",
        Verify = "Check the signature",
        VerifyLead = "A whole receiver, to be run as it stands. It compares in constant time, and takes the raw bytes of the body.",
        WithSecret = "With the secret (HMAC-SHA256)",
        WithPublicKey = "With the public key (Ed25519)",
        SaveAs = "Save it as {0}, and run it:",
        RunIt = "Run it",
        Copy = "Copy",
        Copied = "Copied",
        Advice = "How deliveries behave",
        AnswerFast = "Answer first, work afterwards",
        AnswerFastText = "Any status from 200 to 299 means received. The whole answer must be there within {0}; what takes longer is done afterwards. Redirects are not followed.",
        Dedupe = "Take each message once",
        DedupeText = "A message can come twice, then with the same webhook-id: when an answer was lost, and when somebody sends it again. Keep the ids that were taken, and answer 2xx to known ones.",
        Order = "Order",
        OrderNone = "Messages come as they can: a retried one comes later than its successors. Compare the times in the body, or ask this site for the present state.",
        OrderRecord = "The messages of each record come in the order of its changes: one that fails keeps the later ones of its record waiting.",
        OrderAll = "All messages come in the order of the changes: one that fails keeps all later ones waiting.",
        Retry = "What is sent again, and when",
        RetryText = "Everything but a 2xx is tried again: {0}; each wait counts from the end of the attempt before and is stretched by up to {3} %. After {1} attempts, about {2} in all, the delivery is given up; it can still be sent again by hand or replayed.",
        RetryOnce = "There is one attempt, {0}, and then the delivery is given up; it can still be sent again by hand or replayed.",
        AtOnce = "at once",
        Gone = "410 ends it",
        GoneText = "Answer 410 to be sent nothing any more: the subscription is disabled at once. It is disabled too when every attempt fails for {0}. What it is owed is held, and sent when it is resumed.",
        GoneOnlyText = "Answer 410 to be sent nothing any more: the subscription is disabled at once. What it is owed is held, and sent when it is resumed.",
        RetryAfter = "Retry-After is kept",
        RetryAfterText = "With 429 or 503, Retry-After says when to try again, as seconds or as a date, a day ahead at most. Until then, an hour at most, nothing else is sent to this receiver; then it is tried with one message.",
        Rotation = "Replacing the secret",
        RotationText = "When the secret is replaced, both sign for {0}: webhook-signature then has two signatures, and the receiver takes whichever fits the secret it knows. Change it in the receiver within that time.",
        Beside = "What this dialect sends",
        Handshake = "Before the first delivery the receiver is asked by OPTIONS whether it wants any; it answers with WebHook-Allowed-Origin.",
        EventsLink = "All events, with examples and schemas",
        DeliveriesLink = "Its deliveries",
        NotThere = "There is no such subscription.",
        Dialects = new Dictionary<string, string>
        {
            ["standard"] = "A JSON object with type, timestamp and data, as Standard Webhooks suggests.",
            ["cloudevents"] = "An event of CloudEvents 1.0: structured, the whole event is the body (application/cloudevents+json); binary, its attributes are headers that begin with ce-.",
            ["docuteam"] = "docuteam’s JSON with event_type, and the subscription’s token in a header, X-Auth-Token unless it says otherwise.",
            ["phraseanet"] = "Phraseanet’s JSON, its event under event and its fields under data; in the legacy shape as its documentation has it.",
            ["contensis"] = "Contensis’ JSON, or the body, method and headers that the subscription’s templates make.",
            ["ckan"] = "The JSON of ckanext-webhooks: what the topic is about, with its dataset or resource.",
        },
    };

    private static readonly ReceivingTexts French = new()
    {
        IsFrench = true,
        Title = "Aide au récepteur",
        Lead = "Ce qu’il faut à qui écrit le récepteur : un programme complet qui vérifie les signatures, et le comportement des livraisons.",
        Subscription = "Abonnement",
        AnySubscription = "Aucun : un exemple",
        Show = "Afficher",
        Values = "Ses valeurs",
        Address = "Adresse",
        Secret = "Secret",
        SecretHint = "Il a été affiché à la création de l’abonnement. Perdu, il est remplacé : l’ancien signe encore à ses côtés pendant un temps.",
        SecretInFile = "Il figure dans les réglages de l’abonnement.",
        PublicKey = "Clé publique",
        SignedWith = "Signé avec",
        Tolerance = "Tolérance",
        ToleranceIs = "{0} secondes : un webhook-timestamp plus ancien ou plus tardif est refusé, pour que personne ne puisse rejouer une requête.",
        Headers = "En-têtes de chaque requête",
        HeaderId = "Le même à chaque tentative, et quand le message est renvoyé.",
        HeaderTimestamp = "Le moment de cette tentative, en secondes Unix.",
        HeaderSignature = "La signature de « id.timestamp.corps » ; plusieurs, séparées par des espaces, pendant le remplacement d’une clé.",
        HeaderOfDialect = "Du dialecte",
        HeaderOwn = "Des réglages de l’abonnement",
        Verify = "Vérifier la signature",
        VerifyLead = "Un récepteur complet, à exécuter tel quel. Il compare en temps constant et prend les octets bruts du corps.",
        WithSecret = "Avec le secret (HMAC-SHA256)",
        WithPublicKey = "Avec la clé publique (Ed25519)",
        SaveAs = "Enregistrez-le sous {0}, puis lancez-le :",
        RunIt = "Lancement",
        Copy = "Copier",
        Copied = "Copié",
        Advice = "Le comportement des livraisons",
        AnswerFast = "Répondre d’abord, travailler ensuite",
        AnswerFastText = "Tout statut de 200 à 299 signifie reçu. La réponse entière doit arriver en {0} ; ce qui prend plus de temps se fait après. Les redirections ne sont pas suivies.",
        Dedupe = "Prendre chaque message une seule fois",
        DedupeText = "Un message peut arriver deux fois, alors avec le même webhook-id : quand une réponse s’est perdue, et quand quelqu’un le renvoie. Gardez les identifiants reçus, et répondez 2xx à ceux qui sont connus.",
        Order = "Ordre",
        OrderNone = "Les messages arrivent comme ils peuvent : celui qui est retenté arrive après ses successeurs. Comparez les heures dans le corps, ou demandez l’état présent à ce site.",
        OrderRecord = "Les messages de chaque notice arrivent dans l’ordre de ses changements : un échec fait attendre les suivants de la même notice.",
        OrderAll = "Tous les messages arrivent dans l’ordre des changements : un échec fait attendre tous les suivants.",
        Retry = "Ce qui est renvoyé, et quand",
        RetryText = "Tout sauf un 2xx est retenté : {0} ; chaque attente compte depuis la fin de la tentative précédente et s’allonge de {3} % au plus. Après {1} tentatives, environ {2} en tout, la livraison est abandonnée ; elle peut encore être renvoyée à la main ou relue.",
        RetryOnce = "Il y a une seule tentative, {0}, puis la livraison est abandonnée ; elle peut encore être renvoyée à la main ou relue.",
        AtOnce = "aussitôt",
        Gone = "410 y met fin",
        GoneText = "Répondez 410 pour ne plus rien recevoir : l’abonnement est désactivé aussitôt. Il l’est aussi quand toutes les tentatives échouent pendant {0}. Ce qui lui est dû est retenu, et envoyé à la reprise.",
        GoneOnlyText = "Répondez 410 pour ne plus rien recevoir : l’abonnement est désactivé aussitôt. Ce qui lui est dû est retenu, et envoyé à la reprise.",
        RetryAfter = "Retry-After est respecté",
        RetryAfterText = "Avec 429 ou 503, Retry-After dit quand réessayer, en secondes ou par une date, un jour à l’avance au plus. Jusque-là, une heure au plus, rien d’autre n’est envoyé à ce récepteur ; puis il est essayé avec un seul message.",
        Rotation = "Remplacer le secret",
        RotationText = "Quand le secret est remplacé, les deux signent pendant {0} : webhook-signature porte alors deux signatures, et le récepteur accepte celle qui convient au secret qu’il connaît. Changez-le dans le récepteur pendant ce temps.",
        Beside = "Ce que ce dialecte envoie",
        Handshake = "Avant la première livraison, une requête OPTIONS demande au récepteur s’il en veut ; il répond par WebHook-Allowed-Origin.",
        EventsLink = "Tous les événements, avec exemples et schémas",
        DeliveriesLink = "Ses livraisons",
        NotThere = "Cet abonnement n’existe pas.",
        Dialects = new Dictionary<string, string>
        {
            ["standard"] = "Un objet JSON avec type, timestamp et data, comme le propose Standard Webhooks.",
            ["cloudevents"] = "Un événement CloudEvents 1.0 : structuré, tout l’événement est le corps (application/cloudevents+json) ; binaire, ses attributs sont des en-têtes qui commencent par ce-.",
            ["docuteam"] = "Le JSON de docuteam avec event_type, et le jeton de l’abonnement dans un en-tête, X-Auth-Token sauf indication contraire.",
            ["phraseanet"] = "Le JSON de Phraseanet, l’événement sous event et ses champs sous data ; dans la forme ancienne, tel que sa documentation le montre.",
            ["contensis"] = "Le JSON de Contensis, ou le corps, la méthode et les en-têtes que font les modèles de l’abonnement.",
            ["ckan"] = "Le JSON de ckanext-webhooks : ce dont parle le sujet, avec son jeu de données ou sa ressource.",
        },
    };
}
