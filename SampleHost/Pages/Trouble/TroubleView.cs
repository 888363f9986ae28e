using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Trouble;

/// <summary>A page that says what went wrong.</summary>
public sealed record TroubleView
{
    /// <summary>What went wrong, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What it means and what to do.</summary>
    public required string Text { get; init; }

    /// <summary>How something ended that began before, or null.</summary>
    public BannerView? Banner { get; init; }

    /// <summary>A number that finds the matching lines in the log, or null.</summary>
    public string? Reference { get; init; }

    /// <summary>Where to go on.</summary>
    public IReadOnlyList<BannerLink> Links { get; init; } = [];

    /// <summary>What was typed and could not be saved, to copy it from here.</summary>
    public IReadOnlyList<TypedView> Typed { get; init; } = [];
}

/// <summary>Something that was typed.</summary>
/// <param name="Label">Into which field.</param>
/// <param name="Value">What.</param>
public sealed record TypedView(string Label, string Value);
