using System.Globalization;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>What the page of consent shows.</summary>
public sealed record ConsentView
{
    public required ConsentTexts Texts { get; init; }

    public required string StyleHref { get; init; }

    /// <summary>The application's name, description, website and owner.</summary>
    public required string Application { get; init; }

    public required string Description { get; init; }

    /// <summary>An http or https address; empty for none.</summary>
    public required string Website { get; init; }

    public required string Owner { get; init; }

    /// <summary>The user who is asked.</summary>
    public required string User { get; init; }

    /// <summary>Where he goes with the answer: host and port, or the scheme of an app.</summary>
    public required string Destination { get; init; }

    /// <summary>The parameters of the request and the antiforgery token, sent back with the answer.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; }
}

/// <summary>The words of the page of consent, in one language.</summary>
public sealed record ConsentTexts
{
    public required string Title { get; init; }

    /// <summary>{0} is the application.</summary>
    public required string Question { get; init; }

    /// <summary>{0} is the user.</summary>
    public required string Meaning { get; init; }

    /// <summary>{0} is the owner.</summary>
    public required string MadeBy { get; init; }

    /// <summary>{0} is the destination.</summary>
    public required string GoesTo { get; init; }
    public required string Allow { get; init; }
    public required string Deny { get; init; }
    public required string NotPossible { get; init; }
    public required string NotSignedIn { get; init; }
    public required string NotAPerson { get; init; }
    public required string TooOld { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static ConsentTexts In(string language) =>
        Languages.IsFrench(language) ? French : English;

    /// <summary>A sentence with its part filled in.</summary>
    public static string Fill(string sentence, string part) => string.Format(CultureInfo.InvariantCulture, sentence, part);

    private static readonly ConsentTexts English = new()
    {
        Title = "Allow an application",
        Question = "Allow “{0}” to act for you?",
        Meaning = "It may then see and do whatever you, {0}, may see and do here, until you or its owner take that back.",
        MadeBy = "It was registered by {0}.",
        GoesTo = "With your answer you go on to {0}.",
        Allow = "Allow",
        Deny = "Deny",
        NotPossible = "This cannot go on. Go back to the application and tell its maker:",
        NotSignedIn = "Sign in first, then come here again from the application.",
        NotAPerson = "Only a person at a page can consent, not a program with a key.",
        TooOld = "The form came from elsewhere or is too old. Begin again in the application.",
    };

    private static readonly ConsentTexts French = new()
    {
        Title = "Autoriser une application",
        Question = "Autoriser « {0} » à agir pour vous ?",
        Meaning = "Elle pourra voir et faire ici tout ce que vous, {0}, pouvez voir et faire, jusqu’à ce que vous ou son propriétaire l’en empêchiez.",
        MadeBy = "Elle a été enregistrée par {0}.",
        GoesTo = "Avec votre réponse vous irez à {0}.",
        Allow = "Autoriser",
        Deny = "Refuser",
        NotPossible = "Impossible de continuer. Revenez à l’application et prévenez son auteur :",
        NotSignedIn = "Connectez-vous d’abord, puis revenez ici depuis l’application.",
        NotAPerson = "Seule une personne devant une page peut consentir, pas un programme avec une clé.",
        TooOld = "Le formulaire vient d’ailleurs ou est trop ancien. Recommencez dans l’application.",
    };
}
