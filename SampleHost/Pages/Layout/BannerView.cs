namespace SampleHost.Pages.Layout;

/// <summary>A message at the top of a page: what happened, and what to do.</summary>
public sealed record BannerView
{
    /// <summary>How it ended; chooses colour and icon.</summary>
    public required BannerTone Tone { get; init; }

    /// <summary>What happened, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>A sentence or two more, or null.</summary>
    public string? Text { get; init; }

    /// <summary>What a third-party system itself said, as capped plain text, or null.</summary>
    public string? Answer { get; init; }

    /// <summary>Faults with links to the fields they concern.</summary>
    public IReadOnlyList<BannerLink> Links { get; init; } = [];

    /// <summary>Where to ask how a running press stands, or null when nothing is running.</summary>
    public string? PollHref { get; init; }
}

/// <summary>A link inside a banner.</summary>
/// <param name="Href">Where to, or null for plain text.</param>
/// <param name="Text">What it says.</param>
public sealed record BannerLink(string? Href, string Text);

/// <summary>How something ended.</summary>
public enum BannerTone
{
    /// <summary>Done.</summary>
    Good,

    /// <summary>Failed.</summary>
    Bad,

    /// <summary>Not done; needs attention.</summary>
    Care,

    /// <summary>Good to know, or still under way.</summary>
    Info,
}
