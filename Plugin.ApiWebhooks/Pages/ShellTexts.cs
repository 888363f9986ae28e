namespace Plugin.ApiWebhooks.Pages;

/// <summary>The words of the navigation, in one language.</summary>
public sealed record ShellTexts
{
    private static readonly ShellTexts English = new()
    {
        Navigation = "API Webhooks",
        Places = ["Overview", "Subscriptions", "Deliveries", "Replays", "Buttons", "Events", "Receiver help", "Audit"],
    };

    private static readonly ShellTexts French = new()
    {
        Navigation = "API Webhooks",
        Places = ["Vue d’ensemble", "Abonnements", "Livraisons", "Relectures", "Boutons", "Événements", "Aide au récepteur", "Journal d’audit"],
    };

    /// <summary>What the navigation is called.</summary>
    public required string Navigation { get; init; }

    /// <summary>The parts, in the order of <see cref="PagePlace"/>.</summary>
    public required IReadOnlyList<string> Places { get; init; }

    /// <summary>The words in a language; English where it is not known.</summary>
    public static ShellTexts In(string language) => Languages.IsFrench(language) ? French : English;
}
