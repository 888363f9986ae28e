using Dam.Hosting;
using SampleHost.Pages.Layout;
using SampleHost.Records;

namespace SampleHost.Pages.Record;

/// <summary>Field values by field name.</summary>
internal sealed class FieldValues : Dictionary<string, IReadOnlyList<string>>
{
    public FieldValues()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>The values of a field; empty for none.</summary>
    public IReadOnlyList<string> Of(string name) => TryGetValue(name, out var values) ? values : [];
}

/// <summary>Between a record's fields and the boxes of a form, both ways.</summary>
internal static class FormFields
{
    /// <summary>The stored values.</summary>
    public static FieldValues ValuesOf(RecordSnapshot record)
    {
        var values = new FieldValues();
        foreach (var field in record.Fields)
            values[field.Name] = field.Values;
        return values;
    }

    /// <summary>The typed values, as they would be stored; only fields that the form has boxes for.</summary>
    public static FieldValues Read(ContentType type, IFormCollection form)
    {
        var values = new FieldValues();
        foreach (var field in type.Fields)
        {
            if (form.TryGetValue(InputName(field), out var typed))
                values[field.Name] = Clean(field, typed.OfType<string>());
        }

        return values;
    }

    /// <summary>The boxes for a type's fields.</summary>
    /// <param name="type">The content type.</param>
    /// <param name="values">What stands in them.</param>
    /// <param name="language">The page's language, for labels and help.</param>
    /// <param name="errors">What is wrong with the values.</param>
    public static IReadOnlyList<FormFieldView> Draw(
        ContentType type, FieldValues values, string language, IReadOnlyList<FieldError> errors) =>
        [.. type.Fields.Select(field => Draw(field, values.Of(field.Name), language, errors))];

    public static FormFieldView Draw(FieldDefinition field, IReadOnlyList<string> values, string language, IReadOnlyList<FieldError> errors)
    {
        var messages = errors.Where(error => error.Field == field.Name).Select(error => error.Message).ToList();
        return new FormFieldView
        {
            Name = field.Name,
            Label = field.Label.In(language),
            Help = field.Help?.In(language),
            Control = ControlOf(field.Kind),
            Required = field.Required,
            Multiple = field.Multiple,
            Values = values,
            Options = OptionsOf(field, language),
            Error = messages.Count == 0 ? null : string.Join(" ", messages),
        };
    }

    /// <summary>The banner that sums up what is wrong, with a link to each field.</summary>
    public static BannerView Summarise(ContentType type, string language, IReadOnlyList<FieldError> errors, string text) => new()
    {
        Tone = BannerTone.Bad,
        Title = errors.Count == 1 ? "Not saved: one field needs attention" : $"Not saved: {errors.Count} fields need attention",
        Text = text,
        Links = [.. errors.OrderBy(error => Place(type, error)).Select(error => LinkTo(type, language, error))],
    };

    /// <summary>What a value means to a reader: the label of a choice, else the value itself.</summary>
    public static string InWords(FieldDefinition field, string value, string language) =>
        field.Choices.FirstOrDefault(choice => choice.Value == value)?.Label.In(language) ?? value;

    // As the fields stand on the page.
    private static int Place(ContentType type, FieldError error) =>
        type.Fields.TakeWhile(field => field.Name != error.Field).Count();

    private static BannerLink LinkTo(ContentType type, string language, FieldError error) =>
        type.FindField(error.Field) is { } field
            ? new BannerLink($"#f-{field.Name}", $"{field.Label.In(language)}: {error.Message}")
            : new BannerLink(null, $"{error.Field}: {error.Message}");

    private static string InputName(FieldDefinition field) => $"f.{field.Name}";

    // As the store cleans them, so that comparing typed and stored values shows real differences only.
    private static List<string> Clean(FieldDefinition field, IEnumerable<string> typed)
    {
        var values = typed.Select(value => value.ReplaceLineEndings("\n"));
        if (field.Multiple && field.Kind is not (FieldKind.LongText or FieldKind.Choice))
            values = values.SelectMany(value => value.Split('\n'));
        return [.. values.Select(value => field.Kind == FieldKind.LongText ? value.TrimEnd() : value.Trim()).Where(value => value.Length > 0)];
    }

    private static List<OptionView> OptionsOf(FieldDefinition field, string language) =>
        [.. field.Choices.Select(choice => new OptionView(choice.Value, choice.Label.In(language)))];

    private static FieldControl ControlOf(FieldKind kind) => kind switch
    {
        FieldKind.LongText => FieldControl.Lines,
        FieldKind.Date => FieldControl.Date,
        FieldKind.Number => FieldControl.Number,
        FieldKind.Url => FieldControl.Url,
        FieldKind.Choice => FieldControl.Choice,
        _ => FieldControl.Line,
    };
}
