using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Upload;

/// <summary>Files to make records of.</summary>
public sealed record UploadView
{
    /// <summary>The page of the defaults.</summary>
    public required string DefaultsHref { get; init; }

    /// <summary>The label of the type that the records will have.</summary>
    public required string Type { get; init; }

    /// <summary>Whether the records will be private.</summary>
    public bool Private { get; init; }

    /// <summary>What their fields begin with: label and values.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Defaults { get; init; }

    /// <summary>How many records of earlier uploads were not looked through yet.</summary>
    public int Unreviewed { get; init; }

    /// <summary>Where the review goes on, or null.</summary>
    public string? ReviewHref { get; init; }

    /// <summary>What happened, or null.</summary>
    public BannerView? Banner { get; init; }
}
