using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Buttons;

/// <summary>
/// What an editor is told, in one language; which button it was the host says beside it. Placeholders: <c>{host}</c> the system called,
/// <c>{status}</c> its status, <c>{duration}</c> how long it took, <c>{location}</c> where a redirect pointed.
/// </summary>
internal sealed record PressTexts
{
    public required string DecimalSeparator { get; init; }

    public required string Succeeded { get; init; }

    public required string StillRunning { get; init; }

    public required string Redirected { get; init; }

    public required string Gone { get; init; }

    public required string Throttled { get; init; }

    public required string ClientError { get; init; }

    public required string ServerError { get; init; }

    public required string DnsFailed { get; init; }

    public required string ConnectFailed { get; init; }

    public required string TlsFailed { get; init; }

    public required string TimedOut { get; init; }

    public required string Reset { get; init; }

    public required string Blocked { get; init; }

    public required string AnswerTooLarge { get; init; }

    public required string BadUrl { get; init; }

    /// <summary>Nobody knows: host or plugin stopped while the POST was under way.</summary>
    public required string Unknown { get; init; }

    /// <summary>Follows everything but a success: the save came before the press and stands.</summary>
    public required string FormIsSaved { get; init; }

    public required string NoSuchButton { get; init; }

    public required string NotAllowed { get; init; }

    public required string BadPressKey { get; init; }

    public required string KeyUsedTwice { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static PressTexts In(string language) =>
        Languages.IsFrench(language) ? French : English;

    /// <summary>The sentence for an outcome.</summary>
    public string For(AttemptOutcome? outcome) => outcome switch
    {
        AttemptOutcome.Succeeded => Succeeded,
        AttemptOutcome.Redirected => Redirected,
        AttemptOutcome.Gone => Gone,
        AttemptOutcome.Throttled => Throttled,
        AttemptOutcome.ClientError => ClientError,
        AttemptOutcome.ServerError => ServerError,
        AttemptOutcome.DnsFailed => DnsFailed,
        AttemptOutcome.ConnectFailed => ConnectFailed,
        AttemptOutcome.TlsFailed => TlsFailed,
        AttemptOutcome.TimedOut => TimedOut,
        AttemptOutcome.Reset => Reset,
        AttemptOutcome.Blocked => Blocked,
        AttemptOutcome.AnswerTooLarge => AnswerTooLarge,
        AttemptOutcome.BadUrl => BadUrl,
        AttemptOutcome.Interrupted or null => Unknown,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    private static readonly PressTexts English = new()
    {
        DecimalSeparator = ".",
        Succeeded = "{host} answered {status} after {duration}.",
        StillRunning = "{host} has not answered within {duration}. The press goes on, and its result is shown here when it comes; you need not press again.",
        Redirected = "{host} answered {status} after {duration} and points to {location}. Redirects are not followed: ask the administrator to enter that address for the button.",
        Gone = "{host} answered {status} after {duration}: this address is no longer in use. Ask the administrator to correct the button's address.",
        Throttled = "{host} is overloaded: it answered {status} after {duration}. Wait a few minutes, then press again.",
        ClientError = "{host} refused the request: it answered {status} after {duration}. Check what you entered; if it is right, tell the administrator.",
        ServerError = "{host} failed: it answered {status} after {duration}. Press again later, or tell those who look after that system.",
        DnsFailed = "The host name of {host} could not be found. Ask the administrator to check the button's address and the network.",
        ConnectFailed = "{host} could not be reached: it accepted no connection. Check that the system is running, then press again.",
        TlsFailed = "No secure connection could be made to {host}: its certificate was refused. Tell the administrator.",
        TimedOut = "{host} did not answer within {duration}, and the press was given up. It may have done the work all the same: check there before you press again.",
        Reset = "The connection to {host} broke off after {duration}. It may have done the work all the same: check there before you press again.",
        Blocked = "This site may not call {host}. Ask the administrator to allow the address under network.allow, if it is meant to be called.",
        AnswerTooLarge = "{host} sent an answer that is too large to be read. Tell those who look after that system.",
        BadUrl = "The button's address cannot be called. Ask the administrator to correct it.",
        Unknown = "The outcome is unknown: the host stopped while the press ran. It is not sent again by itself: check in {host} before you press again.",
        FormIsSaved = "Your changes are saved.",
        NoSuchButton = "This button is no longer there: its configuration was changed. Reload the page.",
        NotAllowed = "You may not use this button on this record.",
        BadPressKey = "This press carries no valid key. Reload the page and press again.",
        KeyUsedTwice = "This press carries the key of another one. Reload the page and press again.",
    };

    private static readonly PressTexts French = new()
    {
        DecimalSeparator = ",",
        Succeeded = "{host} a répondu {status} après {duration}.",
        StillRunning = "{host} n’a pas répondu en {duration}. L’opération continue et son résultat s’affichera ici ; inutile d’appuyer à nouveau.",
        Redirected = "{host} a répondu {status} après {duration} et renvoie vers {location}. Les redirections ne sont pas suivies : demandez à l’administrateur d’indiquer cette adresse pour le bouton.",
        Gone = "{host} a répondu {status} après {duration} : cette adresse n’est plus utilisée. Demandez à l’administrateur de corriger l’adresse du bouton.",
        Throttled = "{host} est surchargé : il a répondu {status} après {duration}. Attendez quelques minutes, puis appuyez à nouveau.",
        ClientError = "{host} a refusé la demande : il a répondu {status} après {duration}. Vérifiez votre saisie ; si elle est juste, prévenez l’administrateur.",
        ServerError = "{host} a échoué : il a répondu {status} après {duration}. Réessayez plus tard ou prévenez les responsables de ce système.",
        DnsFailed = "Le nom d’hôte de {host} est introuvable. Demandez à l’administrateur de vérifier l’adresse du bouton et le réseau.",
        ConnectFailed = "{host} est injoignable : aucune connexion n’a été acceptée. Vérifiez que le système fonctionne, puis appuyez à nouveau.",
        TlsFailed = "Aucune connexion sécurisée avec {host} : son certificat a été refusé. Prévenez l’administrateur.",
        TimedOut = "{host} n’a pas répondu en {duration} et l’opération a été abandonnée. Elle a peut-être quand même abouti : vérifiez avant d’appuyer à nouveau.",
        Reset = "La connexion avec {host} a été interrompue après {duration}. L’opération a peut-être quand même abouti : vérifiez avant d’appuyer à nouveau.",
        Blocked = "Ce site n’a pas le droit d’appeler {host}. Demandez à l’administrateur d’autoriser l’adresse sous network.allow si elle doit être appelée.",
        AnswerTooLarge = "{host} a envoyé une réponse trop grande pour être lue. Prévenez les responsables de ce système.",
        BadUrl = "L’adresse du bouton ne peut pas être appelée. Demandez à l’administrateur de la corriger.",
        Unknown = "Le résultat est inconnu : l’hôte s’est arrêté pendant l’opération. Rien n’est renvoyé automatiquement : vérifiez dans {host} avant d’appuyer à nouveau.",
        FormIsSaved = "Vos modifications sont enregistrées.",
        NoSuchButton = "Ce bouton n’existe plus : sa configuration a été modifiée. Rechargez la page.",
        NotAllowed = "Vous ne pouvez pas utiliser ce bouton pour cette notice.",
        BadPressKey = "Cette demande ne porte pas de clé valable. Rechargez la page et appuyez à nouveau.",
        KeyUsedTwice = "Cette demande porte la clé d’une autre. Rechargez la page et appuyez à nouveau.",
    };
}
