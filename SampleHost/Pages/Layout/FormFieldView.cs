namespace SampleHost.Pages.Layout;

/// <summary>A field of a form, with what was typed into it and what is wrong with that.</summary>
public sealed record FormFieldView
{
    /// <summary>The field's name in its content type.</summary>
    public required string Name { get; init; }

    /// <summary>The label, in the page's language.</summary>
    public required string Label { get; init; }

    /// <summary>A sentence of help, or null.</summary>
    public string? Help { get; init; }

    /// <summary>What to type into.</summary>
    public required FieldControl Control { get; init; }

    /// <summary>Whether a value must be given.</summary>
    public bool Required { get; init; }

    /// <summary>Whether several values may be given.</summary>
    public bool Multiple { get; init; }

    /// <summary>The values to show.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>For a choice: what may be chosen.</summary>
    public IReadOnlyList<OptionView> Options { get; init; } = [];

    /// <summary>What is wrong with the values, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Whether several short values are typed into one box, each on a line of its own.</summary>
    public bool OneValuePerLine => Multiple && Control is not (FieldControl.Lines or FieldControl.Choice);

    /// <summary>The id of the first box, for links to it.</summary>
    public string Id => $"f-{Name}";

    /// <summary>The name of the boxes in the posted form.</summary>
    public string InputName => $"f.{Name}";
}

/// <summary>One thing that may be chosen.</summary>
/// <param name="Value">What is stored.</param>
/// <param name="Label">What is shown.</param>
public sealed record OptionView(string Value, string Label);

/// <summary>What to type a field's value into.</summary>
public enum FieldControl
{
    /// <summary>One line of text.</summary>
    Line,

    /// <summary>Several lines of text.</summary>
    Lines,

    /// <summary>A date: a year, a month or a day.</summary>
    Date,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A web address.</summary>
    Url,

    /// <summary>One of several given values.</summary>
    Choice,
}
