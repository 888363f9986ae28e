namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>One word of a PHP text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Length">How many characters it has; quotes belong to it.</param>
internal readonly record struct PhpToken(PhpTokenKind Kind, int Start, int Length)
{
    public ReadOnlySpan<char> In(string source) => source.AsSpan(Start, Length);
}

internal enum PhpTokenKind
{
    /// <summary>The end of the text, or the place where reading had to stop.</summary>
    End,

    /// <summary><c>$name</c></summary>
    Variable,

    /// <summary>A word: keyword, constant, function.</summary>
    Name,

    Number,

    /// <summary><c>'…'</c></summary>
    SingleQuoted,

    /// <summary><c>"…"</c></summary>
    DoubleQuoted,

    /// <summary><c>&lt;&lt;&lt;WORD … WORD</c>, or a command in backticks.</summary>
    OtherQuoted,

    /// <summary>One character, or an operator of several.</summary>
    Symbol,
}
