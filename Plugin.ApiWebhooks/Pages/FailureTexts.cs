using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages;

/// <summary>Why deliveries failed and what to do about it, in one language.</summary>
internal sealed record FailureTexts
{
    private static readonly FailureTexts English = new()
    {
        Titles = new Dictionary<string, string>
        {
            [nameof(AttemptOutcome.Redirected)] = "The receiver answered with a redirect",
            [nameof(AttemptOutcome.Gone)] = "The receiver wants no more messages (410)",
            [nameof(AttemptOutcome.Throttled)] = "The receiver is overloaded",
            [nameof(AttemptOutcome.ClientError)] = "The receiver refused the request (4xx)",
            [nameof(AttemptOutcome.ServerError)] = "The receiver failed (5xx)",
            [nameof(AttemptOutcome.DnsFailed)] = "The host name could not be resolved",
            [nameof(AttemptOutcome.ConnectFailed)] = "No connection to the receiver",
            [nameof(AttemptOutcome.TlsFailed)] = "The TLS handshake failed",
            [nameof(AttemptOutcome.TimedOut)] = "The receiver took too long",
            [nameof(AttemptOutcome.Reset)] = "The connection broke off",
            [nameof(AttemptOutcome.Blocked)] = "The network policy forbids the address",
            [nameof(AttemptOutcome.AnswerTooLarge)] = "The answer’s headers are too large",
            [nameof(AttemptOutcome.BadUrl)] = "The address cannot be posted to",
            [nameof(AttemptOutcome.Interrupted)] = "Stopped to shut down",
            [Refusal.TooLarge] = "The message is larger than allowed",
            [Refusal.NotRendered] = "No message could be made of the change",
            [FailureCount.Cancelled] = "Given up by a person",
        },
        Advices = Enum.GetValues<AttemptOutcome>().Select(outcome => KeyValuePair.Create(outcome.ToString(), Advice.For(outcome))).Concat(
        [
            KeyValuePair.Create(Refusal.TooLarge, "Raise delivery.maxMessageKilobytes, then replay what failed."),
            KeyValuePair.Create(Refusal.NotRendered, "Mend what the delivery tells of the dialect or its template, then replay what failed."),
            KeyValuePair.Create(FailureCount.Cancelled, "Nothing to do; it can be sent again."),
        ]).ToDictionary(),
    };

    private static readonly FailureTexts French = new()
    {
        Titles = new Dictionary<string, string>
        {
            [nameof(AttemptOutcome.Redirected)] = "Le récepteur a répondu par une redirection",
            [nameof(AttemptOutcome.Gone)] = "Le récepteur ne veut plus de messages (410)",
            [nameof(AttemptOutcome.Throttled)] = "Le récepteur est surchargé",
            [nameof(AttemptOutcome.ClientError)] = "Le récepteur a refusé la requête (4xx)",
            [nameof(AttemptOutcome.ServerError)] = "Le récepteur est en panne (5xx)",
            [nameof(AttemptOutcome.DnsFailed)] = "Le nom d’hôte n’a pas pu être résolu",
            [nameof(AttemptOutcome.ConnectFailed)] = "Pas de connexion au récepteur",
            [nameof(AttemptOutcome.TlsFailed)] = "La négociation TLS a échoué",
            [nameof(AttemptOutcome.TimedOut)] = "Le récepteur a mis trop de temps",
            [nameof(AttemptOutcome.Reset)] = "La connexion s’est interrompue",
            [nameof(AttemptOutcome.Blocked)] = "L’adresse est interdite par la politique réseau",
            [nameof(AttemptOutcome.AnswerTooLarge)] = "Les en-têtes de la réponse sont trop longs",
            [nameof(AttemptOutcome.BadUrl)] = "L’adresse ne permet pas d’envoi",
            [nameof(AttemptOutcome.Interrupted)] = "Interrompu par un arrêt",
            [Refusal.TooLarge] = "Le message dépasse la taille permise",
            [Refusal.NotRendered] = "La modification n’a pas pu être mise en message",
            [FailureCount.Cancelled] = "Abandonné par une personne",
        },
        Advices = new Dictionary<string, string>
        {
            [nameof(AttemptOutcome.Succeeded)] = "Rien à faire.",
            [nameof(AttemptOutcome.Redirected)] = "Indiquez l’adresse vers laquelle mène la redirection : les redirections ne sont pas suivies.",
            [nameof(AttemptOutcome.Gone)] = "Le récepteur ne veut plus de messages : supprimez l’abonnement, ou indiquez la nouvelle adresse.",
            [nameof(AttemptOutcome.Throttled)] = "Le récepteur est surchargé : il sera rappelé plus tard ; ou réduisez le nombre d’envois simultanés.",
            [nameof(AttemptOutcome.ClientError)] = "Le récepteur a refusé la requête : vérifiez l’adresse, le jeton et ce qu’il attend, et lisez sa réponse.",
            [nameof(AttemptOutcome.ServerError)] = "Le récepteur est en panne : consultez son journal à l’heure de l’essai.",
            [nameof(AttemptOutcome.DnsFailed)] = "Vérifiez l’orthographe du nom d’hôte, et que cette machine sait le résoudre.",
            [nameof(AttemptOutcome.ConnectFailed)] = "Vérifiez que le récepteur fonctionne, que le port est juste et qu’aucun pare-feu ne s’interpose.",
            [nameof(AttemptOutcome.TlsFailed)] = "Vérifiez que le certificat du récepteur est valable, porte ce nom d’hôte et est reconnu par cette machine ou par caFile, et s’il demande un certificat client.",
            [nameof(AttemptOutcome.TimedOut)] = "Le récepteur doit répondre d’abord et travailler ensuite ; ou augmentez le délai.",
            [nameof(AttemptOutcome.Reset)] = "La connexion s’est interrompue : cherchez un proxy ou une panne du côté du récepteur, vérifiez http et https, et s’il demande un certificat client.",
            [nameof(AttemptOutcome.Blocked)] = "Si cette adresse doit être appelée, indiquez son hôte:port ou son réseau sous network.allow.",
            [nameof(AttemptOutcome.AnswerTooLarge)] = "Le récepteur doit répondre avec moins d’en-têtes.",
            [nameof(AttemptOutcome.BadUrl)] = "Indiquez une adresse complète qui commence par http:// ou https://.",
            [nameof(AttemptOutcome.Interrupted)] = "Rien à faire : l’envoi est repris au démarrage.",
            [Refusal.TooLarge] = "Augmentez delivery.maxMessageKilobytes, puis relancez ce qui a échoué.",
            [Refusal.NotRendered] = "Corrigez ce que la livraison dit du dialecte ou de son modèle, puis relancez ce qui a échoué.",
            [FailureCount.Cancelled] = "Rien à faire ; un nouvel envoi est possible.",
        },
    };

    /// <summary>What happened, by its name.</summary>
    public required IReadOnlyDictionary<string, string> Titles { get; init; }

    /// <summary>What to do, by its name.</summary>
    public required IReadOnlyDictionary<string, string> Advices { get; init; }

    /// <summary>The words in a language; English where it is not known.</summary>
    public static FailureTexts In(string language) => Languages.IsFrench(language) ? French : English;

    /// <summary>What happened, by the outcome of the attempt or the reason of the refusal.</summary>
    public string TitleOf(string failure) => Titles.GetValueOrDefault(failure, failure);

    /// <summary>What to do about it; null when nothing is known.</summary>
    public string? AdviceOn(string failure) => Advices.GetValueOrDefault(failure);
}
