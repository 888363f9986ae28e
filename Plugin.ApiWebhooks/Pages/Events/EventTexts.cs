namespace Plugin.ApiWebhooks.Pages.Events;

/// <summary>The words of the event catalogue, in one language. Schemas, which are for programs, speak English.</summary>
public sealed record EventTexts
{
    public required string Title { get; init; }
    public required string Lead { get; init; }
    public required string All { get; init; }
    public required string Event { get; init; }
    public required string SentWhen { get; init; }
    public required string Systems { get; init; }
    public required string Receive { get; init; }
    public required string BackToEvents { get; init; }
    public required string Example { get; init; }
    public required string ExampleLead { get; init; }
    public required string Header { get; init; }
    public required string Value { get; init; }
    public required string Body { get; init; }
    public required string Hook { get; init; }
    public required string Schema { get; init; }
    public required string ForPrograms { get; init; }
    public required string NotThere { get; init; }

    /// <summary>What an event says of itself in English, in this language.</summary>
    public required Func<string, string> Describe { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static EventTexts In(string language) =>
        Languages.IsFrench(language) ? French : English;

    private static readonly EventTexts English = new()
    {
        Title = "Events",
        Lead = "Everything that can be sent, in the words of each system, with an example and a JSON Schema.",
        All = "All",
        Event = "Event",
        SentWhen = "Sent when",
        Systems = "Systems",
        Receive = "How to receive it: check its signature",
        BackToEvents = "All events",
        Example = "Example",
        ExampleLead = "Made by the code that sends, and signed with a published secret. The body is indented here and sent without spaces.",
        Header = "Header",
        Value = "Value",
        Body = "Body",
        Hook = "Keys of a hook that is sent it",
        Schema = "JSON Schema of the body",
        ForPrograms = "The same for programs, with the exact bytes:",
        NotThere = "There is no such event.",
        Describe = words => words,
    };

    private static readonly EventTexts French = new()
    {
        Title = "Événements",
        Lead = "Tout ce qui peut être envoyé, dans les termes de chaque système, avec un exemple et un schéma JSON.",
        All = "Tous",
        Event = "Événement",
        SentWhen = "Envoyé quand",
        Systems = "Systèmes",
        Receive = "Le recevoir : vérifier sa signature",
        BackToEvents = "Tous les événements",
        Example = "Exemple",
        ExampleLead = "Fait par le code qui envoie, et signé avec un secret publié. Le corps est mis en retrait ici et envoyé sans espaces.",
        Header = "En-tête",
        Value = "Valeur",
        Body = "Corps",
        Hook = "Clés d’un abonnement qui le reçoit",
        Schema = "Schéma JSON du corps",
        ForPrograms = "La même chose pour les programmes, avec les octets exacts :",
        NotThere = "Cet événement n’existe pas.",
        Describe = FrenchEvents.Of,
    };
}
