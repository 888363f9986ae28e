namespace SampleHost.Records;

/// <summary>A kind of record: which fields it has and which workflow it passes through.</summary>
internal sealed record ContentType(string Name, LocalText Label, IReadOnlyList<FieldDefinition> Fields, string? Workflow)
{
    public FieldDefinition? FindField(string name) =>
        Fields.FirstOrDefault(field => field.Name.Equals(name, StringComparison.Ordinal));
}

/// <summary>A field of a content type. <c>title</c> is the first field of every type.</summary>
/// <param name="Name">Unique in its type.</param>
/// <param name="MaxLength">The longest value allowed, in UTF-16 code units.</param>
/// <param name="Predicate">The RDF predicate the field stands for, an absolute IRI, or null.</param>
/// <param name="Category">An IRI that tells fields with the same predicate apart, or null.</param>
internal sealed record FieldDefinition(
    string Name,
    LocalText Label,
    FieldKind Kind,
    bool Required,
    bool Multiple,
    int MaxLength,
    string? Predicate,
    string? Category,
    LocalText? Help)
{
    /// <summary>The most values a multi-valued field takes.</summary>
    public const int MaxValues = 200;

    /// <summary>What a field of kind <see cref="FieldKind.Choice"/> offers, in order; empty for other kinds.</summary>
    public IReadOnlyList<Choice> Choices { get; init; } = [];
}

/// <summary>One value a choice field offers.</summary>
internal sealed record Choice(string Value, LocalText Label);

internal enum FieldKind
{
    Text,
    LongText,

    /// <summary>A year, a month or a day: <c>1887</c>, <c>1887-04</c>, <c>1887-04-21</c>.</summary>
    Date,
    Number,
    Url,
    Choice,
}
