using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Record;

/// <summary>The form for a new record.</summary>
public sealed record NewView
{
    /// <summary>The chosen type.</summary>
    public required string Type { get; init; }

    /// <summary>The types to choose from.</summary>
    public required IReadOnlyList<OptionView> Types { get; init; }

    /// <summary>The fields of the chosen type.</summary>
    public required IReadOnlyList<FormFieldView> Fields { get; init; }

    /// <summary>Whether the draft box is ticked.</summary>
    public bool Draft { get; init; }

    /// <summary>Whether the private box is ticked.</summary>
    public bool Private { get; init; }

    /// <summary>What is wrong, or null.</summary>
    public BannerView? Banner { get; init; }
}

/// <summary>A question with two answers, asked before something that cannot be undone.</summary>
public sealed record ConfirmView
{
    /// <summary>The question.</summary>
    public required string Question { get; init; }

    /// <summary>What yes means.</summary>
    public required string Text { get; init; }

    /// <summary>Where yes is posted to.</summary>
    public required string Action { get; init; }

    /// <summary>What yes says.</summary>
    public required string Yes { get; init; }

    /// <summary>Where no leads.</summary>
    public required string BackHref { get; init; }

    /// <summary>The version that must still be there, or null.</summary>
    public long? Version { get; init; }
}
