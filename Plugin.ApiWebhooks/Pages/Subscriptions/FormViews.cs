namespace Plugin.ApiWebhooks.Pages.Subscriptions;

// Public, as components and their parameters must be.

/// <summary>How a field of the form is drawn.</summary>
public enum FieldKind
{
    /// <summary>One line of text.</summary>
    Text,

    /// <summary>One line that is not shown.</summary>
    Secret,

    /// <summary>A box to tick.</summary>
    Flag,

    /// <summary>One of a few.</summary>
    Choice,

    /// <summary>One text per line.</summary>
    Lines,

    /// <summary>JSON, or <c>Name: value</c> per line.</summary>
    Code,

    /// <summary>Fields that belong together.</summary>
    Group,

    /// <summary>Rows of fields.</summary>
    Rows,
}

/// <summary>A field of the form.</summary>
public sealed record FormField
{
    /// <summary>Its name in the posted form, which is the place of its faults.</summary>
    public required string Path { get; init; }

    public required FieldKind Kind { get; init; }

    public required string Label { get; init; }

    public string? Hint { get; init; }

    public string Value { get; init; } = "";

    public string? Placeholder { get; init; }

    public bool IsTicked { get; init; }

    /// <summary>Of <see cref="FieldKind.Code"/>: whether <c>Name: value</c> per line does as well.</summary>
    public bool TakesPairs { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>Of a <see cref="FieldKind.Choice"/>: values with the words shown.</summary>
    public IReadOnlyList<(string Value, string Words)> Choices { get; init; } = [];

    /// <summary>What may be picked beside typing.</summary>
    public IReadOnlyList<(string Text, string Meaning)> Suggestions { get; init; } = [];

    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Of a <see cref="FieldKind.Group"/>.</summary>
    public IReadOnlyList<FormField> Fields { get; init; } = [];

    /// <summary>Of <see cref="FieldKind.Rows"/>.</summary>
    public IReadOnlyList<IReadOnlyList<FormField>> Rows { get; init; } = [];

    public string Id => IdOf(Path);

    /// <summary>The id of the field at a place.</summary>
    public static string IdOf(string path) => "f-" + string.Concat(path.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));

    /// <summary>The fields with all that are within them.</summary>
    public static IEnumerable<FormField> Flatten(IEnumerable<FormField> fields) =>
        fields.SelectMany(field => Flatten([.. field.Fields, .. field.Rows.SelectMany(row => row)]).Prepend(field));

    /// <summary>Whether it, or one within it, is faulty or says something.</summary>
    public bool NeedsEyes => Faults.Count > 0 || IsFilled || Fields.Any(each => each.NeedsEyes) || Rows.Any(row => row.Any(each => each.NeedsEyes));

    /// <summary>Whether it says something else than what is so by default.</summary>
    public bool IsFilled { get; init; }
}

/// <summary>The page with the form.</summary>
public sealed record FormView
{
    public required SubscriptionTexts Texts { get; init; }

    public required TrialTexts TrialTexts { get; init; }

    public required string Language { get; init; }

    public required FormToken Token { get; init; }

    public required string Title { get; init; }

    public required PageLink Back { get; init; }

    /// <summary>Where it is posted.</summary>
    public required string Action { get; init; }

    /// <summary>Where a script asks what is wrong, and what would be sent.</summary>
    public required string CheckAction { get; init; }

    public required string Dialect { get; init; }

    public required string DialectTitle { get; init; }

    /// <summary>What must be known first, or null.</summary>
    public string? Alarm { get; init; }

    /// <summary>What went well, or null.</summary>
    public string? Notice { get; init; }

    /// <summary>Faults that belong to no field.</summary>
    public IReadOnlyList<string> OtherFaults { get; init; } = [];

    /// <summary>What the dialect is about.</summary>
    public required IReadOnlyList<FormField> Main { get; init; }

    /// <summary>What all hooks have and most leave as it is.</summary>
    public required IReadOnlyList<FormField> Further { get; init; }

    /// <summary>The version that is edited; null for a new one.</summary>
    public int? Version { get; init; }

    /// <summary>What the preview is of.</summary>
    public required TrialChoice Choice { get; init; }

    /// <summary>The preview, when it was asked for.</summary>
    public ShownTrial? Preview { get; init; }
}

/// <summary>A dialect to choose.</summary>
public sealed record DialectRow(string Name, string Title, int Events);

/// <summary>The page on which the dialect is chosen.</summary>
public sealed record ChoiceView(SubscriptionTexts Texts, string Language, IReadOnlyList<DialectRow> Dialects);

/// <summary>The page that asks before deleting.</summary>
public sealed record DeleteView(SubscriptionTexts Texts, string Language, FormToken Token, string Label, string Action, string Back, int Version)
{
    /// <summary>How much is still owed.</summary>
    public long Owed { get; init; }

    public string? Alarm { get; init; }
}
