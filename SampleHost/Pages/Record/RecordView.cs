using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Record;

/// <summary>A record to read.</summary>
public sealed record RecordView
{
    /// <summary>Its id.</summary>
    public required long Id { get; init; }

    /// <summary>Its persistent identifier.</summary>
    public required string Pid { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>The label of its type.</summary>
    public required string Type { get; init; }

    /// <summary>Its fields with values.</summary>
    public required IReadOnlyList<FieldView> Fields { get; init; }

    /// <summary>Its files.</summary>
    public required IReadOnlyList<FileView> Files { get; init; }

    /// <summary>Facts about the record itself: version, owner, dates.</summary>
    public required IReadOnlyList<FieldView> Facts { get; init; }

    /// <summary>Whether it is a draft.</summary>
    public bool Draft { get; init; }

    /// <summary>Whether it is private.</summary>
    public bool Private { get; init; }

    /// <summary>Its workflow state, or null.</summary>
    public string? WorkflowState { get; init; }

    /// <summary>The version shown, which every action must still find.</summary>
    public required long Version { get; init; }

    /// <summary>Whether the user may edit it.</summary>
    public bool CanEdit { get; init; }

    /// <summary>The workflow's events that may be raised now.</summary>
    public IReadOnlyList<OptionView> WorkflowEvents { get; init; } = [];

    /// <summary>What happened to it, newest first.</summary>
    public IReadOnlyList<HistoryView> History { get; init; } = [];

    /// <summary>What plugins add.</summary>
    public IReadOnlyList<PanelView> Panels { get; init; } = [];

    /// <summary>What just happened, or null.</summary>
    public BannerView? Banner { get; init; }
}

/// <summary>A field to read.</summary>
/// <param name="Label">Its label.</param>
/// <param name="Values">Its values.</param>
/// <param name="IsUrl">Whether the values are web addresses to follow.</param>
/// <param name="At">A moment in place of values.</param>
public sealed record FieldView(string Label, IReadOnlyList<string> Values, bool IsUrl = false, DateTimeOffset? At = null);

/// <summary>A plugin's panel.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Html">Its content as the plugin encoded it; null when it is not to be had.</param>
public sealed record PanelView(string Title, string? Html);

/// <summary>One entry of a record's history.</summary>
/// <param name="What">What happened, in words.</param>
/// <param name="Who">Who did it.</param>
/// <param name="At">When.</param>
/// <param name="Fields">Which fields changed.</param>
public sealed record HistoryView(string What, string Who, DateTimeOffset At, IReadOnlyList<ChangedFieldView> Fields);

/// <summary>A field that changed.</summary>
/// <param name="Label">Its label.</param>
/// <param name="Before">The value before, or empty.</param>
/// <param name="After">The value after, or empty.</param>
public sealed record ChangedFieldView(string Label, string Before, string After);
