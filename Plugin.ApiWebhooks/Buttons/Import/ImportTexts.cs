namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>The words of the page that imports buttons, in one language. What is wrong where is told in English, like the faults of config.json.</summary>
public sealed record ImportTexts
{
    public required string Title { get; init; }
    public required string Lead { get; init; }
    public required string Label { get; init; }
    public required string Hint { get; init; }
    public required string Convert { get; init; }
    public required string Back { get; init; }
    public required string Result { get; init; }

    /// <summary><c>{0}</c> is how many.</summary>
    public required string ResultHint { get; init; }
    public required string Warnings { get; init; }
    public required string Faults { get; init; }
    public required string FaultsLead { get; init; }

    /// <summary><c>{0}</c> is the line, <c>{1}</c> the column.</summary>
    public required string Place { get; init; }
    public required string OnceMore { get; init; }
    public required string TooLong { get; init; }
    public required string NotReadable { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static ImportTexts In(string language) =>
        Languages.IsFrench(language) ? French : English;

    private static readonly ImportTexts English = new()
    {
        Title = "Import buttons from ResourceSpace",
        Lead = "Paste the part of ResourceSpace’s include/config.php that sets $api_webhooks_urls, or the whole file. It becomes the buttons of config.json. Nothing of it is run, stored or logged.",
        Label = "PHP text",
        Hint = "array(…) and […], texts in quotes, comments. Variables and functions cannot be worked out.",
        Convert = "Convert",
        Back = "Buttons",
        Result = "For config.json",
        ResultHint = "Buttons: {0}, the first to stand rightmost. Copy the whole and put it into config.json in place of its “buttons”.",
        Warnings = "What will be different",
        Faults = "What was not understood",
        FaultsLead = "Nothing was converted. Mend these places and convert again.",
        Place = "Line {0}, column {1}",
        OnceMore = "The page had been open for too long. Your text stands below: convert it once more.",
        TooLong = "The text is too long. Paste only the part that sets $api_webhooks_urls.",
        NotReadable = "The form did not arrive whole. Paste the text once more.",
    };

    private static readonly ImportTexts French = new()
    {
        Title = "Importer les boutons de ResourceSpace",
        Lead = "Collez la partie du fichier include/config.php de ResourceSpace qui définit $api_webhooks_urls, ou le fichier entier. Elle devient les boutons de config.json. Rien n’en est exécuté, enregistré ni journalisé.",
        Label = "Texte PHP",
        Hint = "array(…) et […], textes entre guillemets, commentaires. Les variables et les fonctions ne peuvent pas être évaluées.",
        Convert = "Convertir",
        Back = "Boutons",
        Result = "Pour config.json",
        ResultHint = "Boutons : {0}, le premier tout à droite. Copiez l’ensemble et mettez-le dans config.json à la place de « buttons ».",
        Warnings = "Ce qui sera différent",
        Faults = "Ce qui n’a pas été compris",
        FaultsLead = "Rien n’a été converti. Corrigez ces endroits et convertissez à nouveau.",
        Place = "Ligne {0}, colonne {1}",
        OnceMore = "La page était ouverte depuis trop longtemps. Votre texte figure ci-dessous : convertissez-le encore une fois.",
        TooLong = "Le texte est trop long. Ne collez que la partie qui définit $api_webhooks_urls.",
        NotReadable = "Le formulaire n’est pas arrivé en entier. Collez le texte encore une fois.",
    };
}
