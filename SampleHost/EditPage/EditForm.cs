using System.Globalization;
using Dam.Hosting;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Record;
using SampleHost.Records;

namespace SampleHost.EditPage;

/// <summary>The edit page's form as it was posted.</summary>
internal sealed record EditForm
{
    /// <summary>The typed values.</summary>
    public required FieldValues Values { get; init; }

    /// <summary>The private box, or null when the form has none.</summary>
    public bool? Private { get; init; }

    /// <summary>The version the form was drawn from, or null when it does not say.</summary>
    public long? Version { get; init; }

    /// <summary>The key the page was drawn with, or null when it does not say.</summary>
    public string? PageKey { get; init; }

    /// <summary>The button that was pressed, or null for Save.</summary>
    public string? Press { get; init; }

    /// <summary>The button whose question was answered with yes, or null.</summary>
    public string? Confirmed { get; init; }

    /// <summary>Whether the editor came back from the question.</summary>
    public bool Back { get; init; }

    /// <summary>Whether an upload is being looked through: after the save comes the next of its records.</summary>
    public bool Review { get; init; }

    /// <summary>What was chosen between two versions: <c>chosen</c>, <c>mine</c>, <c>theirs</c>; null when the form asks nothing of the kind.</summary>
    public string? Resolve { get; init; }

    /// <summary>The fields for which the form's values were chosen.</summary>
    public required IReadOnlySet<string> ChosenMine { get; init; }

    public static EditForm Read(ContentType type, IFormCollection form)
    {
        var confirmed = PostedForms.Text(form, "confirmed");
        return new EditForm
        {
            Values = FormFields.Read(type, form),
            Private = form.TryGetValue("private", out var boxes) ? boxes.Contains("1") : null,
            Version = long.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null,
            PageKey = form["pressKey"] is [{ } key] && PressKeys.IsKey(key) ? key : null,
            Press = form["press"] is [{ Length: > 0 } press] ? press : confirmed,
            Confirmed = confirmed,
            Back = form.ContainsKey("back"),
            Review = form["review"] == "1",
            Resolve = PostedForms.Text(form, "resolve"),
            ChosenMine = type.Fields.Where(field => form[$"choice.{field.Name}"] == "mine").Select(field => field.Name).ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <summary>The form drawn again as it was typed.</summary>
    public EditDrawing Redraw(RecordSnapshot record, ContentType type, HostUser user, BannerView? banner, IReadOnlyList<FieldError>? errors = null) =>
        new(record, type, user) { Typed = Values, Private = Private, Version = Version, Review = Review, Banner = banner, Errors = errors ?? [] };
}
