using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Batch;

/// <summary>One field of several records at once. Contributors' buttons are not shown here: a press concerns one record.</summary>
public sealed record BatchView
{
    /// <summary>The records, in the order asked for.</summary>
    public required IReadOnlyList<BatchRecordView> Records { get; init; }

    /// <summary>The fields that all of them have.</summary>
    public required IReadOnlyList<OptionView> Fields { get; init; }

    /// <summary>The chosen field, or null before the choice.</summary>
    public FormFieldView? Field { get; init; }

    /// <summary>What happened, or null.</summary>
    public BannerView? Banner { get; init; }

    /// <summary>The records' ids, as the address carries them.</summary>
    public string Ids => string.Join(',', Records.Select(record => record.Id));
}

/// <summary>One of the records.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Version">The version shown, which must still be there.</param>
/// <param name="Now">What the chosen field holds now, or null before the choice.</param>
/// <param name="Outcome">What became of it, or null before the save.</param>
public sealed record BatchRecordView(long Id, string Title, long Version, string? Now, BatchOutcomeView? Outcome);

/// <summary>What became of one record.</summary>
/// <param name="Tone">The colour: <c>good</c>, <c>bad</c>, <c>care</c>.</param>
/// <param name="Text">In words.</param>
public sealed record BatchOutcomeView(string Tone, string Text);
