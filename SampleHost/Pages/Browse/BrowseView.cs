using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Browse;

/// <summary>One page of records.</summary>
public sealed record BrowseView
{
    /// <summary>What was searched for, or empty.</summary>
    public required string Text { get; init; }

    /// <summary>The type that was chosen, or empty for all.</summary>
    public required string Type { get; init; }

    /// <summary>The types to choose from.</summary>
    public required IReadOnlyList<OptionView> Types { get; init; }

    /// <summary>The records, in order.</summary>
    public required IReadOnlyList<CardView> Cards { get; init; }

    /// <summary>Where the next records are, or null.</summary>
    public string? NextHref { get; init; }

    /// <summary>Where the first records are, or null when these are they.</summary>
    public string? FirstHref { get; init; }

    /// <summary>Whether the user may add records.</summary>
    public bool CanInsert { get; init; }

    /// <summary>Whether the user may edit any record, so that picking several makes sense.</summary>
    public bool CanPick { get; init; }

    /// <summary>What just happened, or null.</summary>
    public BannerView? Banner { get; init; }

    /// <summary>Whether records are looked for rather than listed.</summary>
    public bool IsSearch => Text.Length > 0 || Type.Length > 0;
}

/// <summary>A record in the grid.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Type">The label of its type.</param>
/// <param name="Picture">The file to show, or null.</param>
/// <param name="Draft">Whether it is a draft.</param>
/// <param name="Private">Whether it is private.</param>
/// <param name="ModifiedAt">When it was last changed.</param>
/// <param name="CanEdit">Whether the user may edit it.</param>
public sealed record CardView(
    long Id, string Title, string Type, FileView? Picture, bool Draft, bool Private, DateTimeOffset ModifiedAt, bool CanEdit);
