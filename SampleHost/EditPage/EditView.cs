using SampleHost.Pages.Layout;

namespace SampleHost.EditPage;

/// <summary>The edit page of one record.</summary>
public sealed record EditView
{
    /// <summary>The record's id.</summary>
    public required long Id { get; init; }

    /// <summary>The record's title as stored.</summary>
    public required string Title { get; init; }

    /// <summary>The label of its type.</summary>
    public required string Type { get; init; }

    /// <summary>The version the form was drawn from.</summary>
    public required long Version { get; init; }

    /// <summary>The idempotency key of a press of this form.</summary>
    public required string PressKey { get; init; }

    /// <summary>The fields, with what was typed.</summary>
    public required IReadOnlyList<FormFieldView> Fields { get; init; }

    /// <summary>The contributors' buttons, the first to stand rightmost.</summary>
    public required IReadOnlyList<ButtonView> Buttons { get; init; }

    /// <summary>Its files, for a look while editing.</summary>
    public IReadOnlyList<FileView> Files { get; init; } = [];

    /// <summary>Whether the private box is ticked.</summary>
    public bool Private { get; init; }

    /// <summary>What happened, or null.</summary>
    public BannerView? Banner { get; init; }

    /// <summary>Whether the form holds input that is not saved.</summary>
    public bool Unsaved { get; init; }

    /// <summary>The upload that is being looked through, or null.</summary>
    public ReviewView? Review { get; init; }

    /// <summary>The types to choose from on an upload template; empty for a record.</summary>
    public IReadOnlyList<OptionView> Types { get; init; } = [];

    /// <summary>The name of the type.</summary>
    public required string TypeName { get; init; }

    /// <summary>Whether this is the user's upload template.</summary>
    public bool IsTemplate => Types.Count > 0;
}

/// <summary>An upload that is being looked through.</summary>
/// <param name="Left">How many of its records come after this one.</param>
/// <param name="NextHref">The next of them, or null when this is the last.</param>
public sealed record ReviewView(int Left, string? NextHref);

/// <summary>A contributor's button.</summary>
/// <param name="Value">Plugin id and stable key, as posted.</param>
/// <param name="Label">What it says.</param>
/// <param name="Confirm">The question to ask first, or null.</param>
public sealed record ButtonView(string Value, string Label, string? Confirm);

/// <summary>Asks before a press, for those whose browser did not.</summary>
/// <param name="Id">The record's id.</param>
/// <param name="Button">The button.</param>
/// <param name="Kept">The whole form as posted.</param>
public sealed record ConfirmPressView(long Id, ButtonView Button, IReadOnlyList<KeyValuePair<string, string>> Kept);

/// <summary>How a press stands, in a frame that refreshes itself.</summary>
/// <param name="Running">Whether it is still running.</param>
/// <param name="Message">How it stands, in words.</param>
/// <param name="Href">The edit page that shows the outcome.</param>
public sealed record PressStatusView(bool Running, string Message, string Href);
