namespace Plugin.ApiWebhooks.Configure;

/// <summary>
/// One key of config.json. The readers take name, default and range from here, and a test holds config.schema.json and config.example.json
/// against the same tables, so that the three cannot drift apart.
/// </summary>
/// <param name="Key">The key's name.</param>
/// <param name="Kind">What its value is.</param>
internal sealed record Option(string Key, OptionKind Kind)
{
    /// <summary>The default as JSON text, or null when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>The lowest number allowed; of <see cref="OptionKind.Seconds"/> in seconds.</summary>
    public double Min { get; init; }

    /// <summary>The highest number allowed, or the greatest length of a text or list.</summary>
    public double Max { get; init; } = double.MaxValue;

    /// <summary>The texts allowed for <see cref="OptionKind.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether the key must be there.</summary>
    public bool Required { get; init; }

    /// <summary>Whether the value is never shown.</summary>
    public bool Secret { get; init; }

    /// <summary>Other names that are read as well: those of another system's form.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The keys of the object, or of each object of the list, where a form asks for them one by one; empty where it asks for JSON.</summary>
    public IReadOnlyList<Option> Fields { get; init; } = [];

    /// <summary>Texts that a form offers beside others, each with what it stands for.</summary>
    public IReadOnlyList<(string Text, string Meaning)> Suggestions { get; init; } = [];

    /// <summary>All names under which it is read.</summary>
    public IEnumerable<string> Names => [Key, .. Aliases];
}

/// <summary>What an <see cref="Option"/>'s value is.</summary>
internal enum OptionKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A number, fractions allowed.</summary>
    Decimal,

    /// <summary>A number of seconds, fractions allowed.</summary>
    Seconds,

    /// <summary>A list of time spans: numbers of seconds, or texts such as <c>5s</c>, <c>30m</c>, <c>2h</c>, <c>00:05:00</c>.</summary>
    Spans,

    /// <summary>One of a few texts.</summary>
    Choice,

    /// <summary>A list of texts.</summary>
    Texts,

    /// <summary>Texts by name.</summary>
    Map,

    /// <summary>An object with keys of its own.</summary>
    Object,

    /// <summary>A list of such objects.</summary>
    Objects,
}
