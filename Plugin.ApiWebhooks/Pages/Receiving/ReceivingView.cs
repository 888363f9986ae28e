namespace Plugin.ApiWebhooks.Pages.Receiving;

// Public, as components and their parameters must be.

/// <summary>The help for receivers.</summary>
public sealed record ReceivingView
{
    public required ReceivingTexts Texts { get; init; }

    public required string Language { get; init; }

    /// <summary>The subscriptions to choose from, by key and label.</summary>
    public required IReadOnlyList<(string Key, string Label)> Choices { get; init; }

    /// <summary>The chosen one's key; empty for the example.</summary>
    public required string Chosen { get; init; }

    /// <summary>The example's or the subscription's name.</summary>
    public required string Label { get; init; }

    public required string ShownUrl { get; init; }

    public required string Signing { get; init; }

    /// <summary>Says where the secret is; null when signatures are checked with a public key.</summary>
    public string? SecretHint { get; init; }

    public required IReadOnlyList<string> PublicKeys { get; init; }

    public required IReadOnlyList<HeaderRow> Headers { get; init; }

    /// <summary>The languages, with the addresses of their programs.</summary>
    public required IReadOnlyList<(Snippet Snippet, string Href)> Snippets { get; init; }

    /// <summary>The program that is shown.</summary>
    public required Snippet Shown { get; init; }

    /// <summary>The other way to check, where both sign; else null.</summary>
    public PageLink? OtherWay { get; init; }

    public required IReadOnlyList<(string Title, string Text)> Advice { get; init; }

    public required string EventsHref { get; init; }

    /// <summary>The deliveries of the subscription, or null for the example.</summary>
    public string? DeliveriesHref { get; init; }
}

/// <summary>A header of every request.</summary>
public sealed record HeaderRow(string Name, string Value, string Meaning);
