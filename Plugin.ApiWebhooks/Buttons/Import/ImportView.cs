namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>The page that imports buttons.</summary>
public sealed record ImportView
{
    /// <summary>The page's words.</summary>
    public required ImportTexts Texts { get; init; }

    /// <summary>The page's language.</summary>
    public required string Language { get; init; }

    /// <summary>The name of the form's antiforgery field.</summary>
    public required string TokenName { get; init; }

    /// <summary>Its value.</summary>
    public required string Token { get; init; }

    /// <summary>What was pasted.</summary>
    public string Pasted { get; init; } = "";

    /// <summary>The equivalent part of config.json, or null.</summary>
    public string? Json { get; init; }

    /// <summary>How many buttons it has.</summary>
    public int Buttons { get; init; }

    /// <summary>What will be different.</summary>
    public IReadOnlyList<ImportRow> Warnings { get; init; } = [];

    /// <summary>What was not understood.</summary>
    public IReadOnlyList<ImportRow> Faults { get; init; } = [];

    /// <summary>Why nothing was read at all, or null.</summary>
    public string? Alarm { get; init; }
}

/// <summary>A place of the text.</summary>
/// <param name="Line">The line.</param>
/// <param name="Column">The column.</param>
/// <param name="Excerpt">What stands there.</param>
/// <param name="Message">What is to be known about it.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ImportRow(int Line, int Column, string Excerpt, string Message, string Remedy);
