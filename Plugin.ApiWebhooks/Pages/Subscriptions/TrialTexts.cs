namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>The words of previews and tests, in one language.</summary>
public sealed record TrialTexts
{
    public required string Preview { get; init; }
    public required string PreviewLead { get; init; }
    public required string ShowPreview { get; init; }
    public required string Event { get; init; }
    public required string AnyEvent { get; init; }
    public required string Record { get; init; }
    public required string RecordHint { get; init; }
    public required string FaultsFirst { get; init; }
    public required string NoNumber { get; init; }

    /// <summary><c>{0}</c> is the record.</summary>
    public required string NoRecord { get; init; }

    /// <summary><c>{0}</c> is the event.</summary>
    public required string NoEvent { get; init; }
    public required string NotWanted { get; init; }

    /// <summary><c>{0}</c> is why.</summary>
    public required string NoMessage { get; init; }

    /// <summary><c>{0}</c> is the owner.</summary>
    public required string NotForOwner { get; init; }
    public required string NotSent { get; init; }
    public required string KeptOutByTypes { get; init; }
    public required string KeptOutByCollections { get; init; }
    public required string KeptOutByFields { get; init; }
    public required string ExampleRecord { get; init; }
    public required string ExampleKept { get; init; }
    public required string ExampleSecret { get; init; }
    public required string OwnSecret { get; init; }
    public required string Request { get; init; }
    public required string Headers { get; init; }
    public required string Body { get; init; }
    public required string NoBody { get; init; }
    public required string Test { get; init; }
    public required string TestLead { get; init; }
    public required string Send { get; init; }
    public required string NothingKept { get; init; }
    public required string NotInForce { get; init; }
    public required string Taken { get; init; }
    public required string NotTaken { get; init; }
    public required string Answer { get; init; }
    public required string NoAnswer { get; init; }
    public required string Cut { get; init; }
    public required string Duration { get; init; }
    public required string Advice { get; init; }

    /// <summary>What to do about a failure, by its outcome; empty where the English words serve.</summary>
    public required IReadOnlyDictionary<string, string> Advices { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static TrialTexts In(string language) => SubscriptionTexts.In(language).IsFrench ? French : English;

    private static readonly TrialTexts English = new()
    {
        Preview = "Preview",
        PreviewLead = "Exactly what would be sent; nothing is sent or saved.",
        ShowPreview = "Preview",
        Event = "Event",
        AnyEvent = "The first that is asked for",
        Record = "Record",
        RecordHint = "Its number, or one of the latest. Empty: an example.",
        FaultsFirst = "As it stands this would not be in force: mend what stands at the fields.",
        NoNumber = "A record is named by its number.",
        NoRecord = "There is no record {0}, or you may not see it.",
        NoEvent = "There is no event “{0}”.",
        NotWanted = "This would not be sent: the subscription asks for no such event of this record. Choose another event, or change what it asks for.",
        NoMessage = "No message can be made of this change. {0}",
        NotForOwner = "This would not be sent: {0}, whose subscription it is, may not see this record.",
        NotSent = "This would not be sent.",
        KeptOutByTypes = "The filter keeps it out: the record is of none of its types.",
        KeptOutByCollections = "The filter keeps it out: the record is in none of its collections.",
        KeptOutByFields = "The filter keeps it out: none of its fields changed in the way it names.",
        ExampleRecord = "Of an example's record. Name a record above for a real one.",
        ExampleKept = "The filter would keep this example out; a change that it lets through looks like this.",
        ExampleSecret = "The signature is made with an example's secret: the subscription is given its own when it is created.",
        OwnSecret = "The signature is made with the subscription's own secret, for this moment.",
        Request = "Request",
        Headers = "Headers",
        Body = "Body",
        NoBody = "No body.",
        Test = "Send a test",
        TestLead = "One message is really sent, with the header webhook-test: true, and the whole exchange is shown.",
        Send = "Send",
        NothingKept = "Nothing of it is kept: it is no delivery, it is not repeated, and what is owed stays as it is.",
        NotInForce = "The subscription is not in force: there is nothing to send it.",
        Taken = "taken",
        NotTaken = "not taken",
        Answer = "Answer",
        NoAnswer = "No answer came.",
        Cut = "The body went on; only its beginning is read.",
        Duration = "Duration",
        Advice = "What to do",
        Advices = new Dictionary<string, string>(),
    };

    private static readonly TrialTexts French = new()
    {
        Preview = "Aperçu",
        PreviewLead = "Exactement ce qui serait envoyé ; rien n’est envoyé ni enregistré.",
        ShowPreview = "Aperçu",
        Event = "Événement",
        AnyEvent = "Le premier qui est demandé",
        Record = "Fiche",
        RecordHint = "Son numéro, ou l’une des dernières. Vide : un exemple.",
        FaultsFirst = "Tel quel, cela ne serait pas en vigueur : corrigez ce qui figure à côté des champs.",
        NoNumber = "Une fiche se désigne par son numéro.",
        NoRecord = "Il n’y a pas de fiche {0}, ou vous ne pouvez pas la voir.",
        NoEvent = "Il n’y a pas d’événement « {0} ».",
        NotWanted = "Ceci ne serait pas envoyé : l’abonnement ne demande pas un tel événement de cette fiche. Choisissez un autre événement, ou changez ce qu’il demande.",
        NoMessage = "Aucun message ne peut être fait de cette modification. {0}",
        NotForOwner = "Ceci ne serait pas envoyé : {0}, à qui appartient l’abonnement, ne peut pas voir cette fiche.",
        NotSent = "Ceci ne serait pas envoyé.",
        KeptOutByTypes = "Le filtre l’écarte : la fiche n’est d’aucun de ses types.",
        KeptOutByCollections = "Le filtre l’écarte : la fiche n’est dans aucune de ses collections.",
        KeptOutByFields = "Le filtre l’écarte : aucun de ses champs n’a changé de la façon qu’il nomme.",
        ExampleRecord = "De la fiche d’un exemple. Nommez une fiche ci-dessus pour une vraie.",
        ExampleKept = "Le filtre écarterait cet exemple ; une modification qu’il laisse passer a cette forme.",
        ExampleSecret = "La signature est faite avec le secret d’un exemple : l’abonnement reçoit le sien à sa création.",
        OwnSecret = "La signature est faite avec le secret de l’abonnement, pour cet instant.",
        Request = "Requête",
        Headers = "En-têtes",
        Body = "Corps",
        NoBody = "Pas de corps.",
        Test = "Envoyer un test",
        TestLead = "Un message est réellement envoyé, avec l’en-tête webhook-test: true, et tout l’échange est affiché.",
        Send = "Envoyer",
        NothingKept = "Rien n’en est gardé : ce n’est pas une livraison, ce n’est pas répété, et ce qui est dû reste comme il est.",
        NotInForce = "L’abonnement n’est pas en vigueur : il n’y a rien à lui envoyer.",
        Taken = "accepté",
        NotTaken = "pas accepté",
        Answer = "Réponse",
        NoAnswer = "Aucune réponse n’est venue.",
        Cut = "Le corps continuait ; seul son début est lu.",
        Duration = "Durée",
        Advice = "Que faire",
        Advices = new Dictionary<string, string>
        {
            ["Redirected"] = "Saisissez l’adresse que nomme la redirection : les redirections ne sont pas suivies.",
            ["Gone"] = "Le destinataire ne veut plus de messages : supprimez l’abonnement, ou saisissez sa nouvelle adresse.",
            ["Throttled"] = "Le destinataire est surchargé : il est rappelé plus tard, ou limitez la cadence.",
            ["ClientError"] = "Le destinataire a refusé la requête : vérifiez l’adresse, le jeton et ce qu’il attend, et lisez sa réponse.",
            ["ServerError"] = "Le destinataire a échoué : regardez son journal à l’heure de la tentative.",
            ["DnsFailed"] = "Vérifiez l’orthographe du nom d’hôte et que cette machine peut le résoudre.",
            ["ConnectFailed"] = "Vérifiez que le destinataire fonctionne, que le port est juste et qu’aucun pare-feu ne s’interpose.",
            ["TlsFailed"] = "Vérifiez que le certificat du destinataire est valide, nomme cet hôte et est reconnu par cette machine ou par caFile, et s’il exige un certificat client.",
            ["TimedOut"] = "Faites répondre le destinataire d’abord et travailler ensuite, ou allongez le délai.",
            ["Reset"] = "La connexion s’est rompue : cherchez un proxy ou un plantage du côté du destinataire, vérifiez http ou https, et s’il exige un certificat client.",
            ["Blocked"] = "Si l’adresse doit être appelée, nommez son hôte:port ou son réseau sous network.allow.",
            ["AnswerTooLarge"] = "Faites répondre le destinataire avec moins d’en-têtes.",
            ["BadUrl"] = "Saisissez une adresse complète qui commence par http:// ou https://.",
        },
    };
}
