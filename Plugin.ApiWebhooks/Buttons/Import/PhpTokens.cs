namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>
/// Cuts a PHP text into words, as far as is needed to find one array in a configuration full of other statements: comments, quoted texts of every
/// kind and what stands outside of the PHP tags must not be mistaken for something else. Nothing is evaluated.
/// </summary>
internal sealed class PhpTokens
{
    private static readonly string[] Operators = ["===", "!==", "<=>", "??=", "**=", "...", "=>", "==", "!=", "<=", ">=", ".=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "->", "::", "??", "&&", "||"];

    private readonly string _source;
    private readonly PhpNotes _faults;
    private readonly List<PhpToken> _tokens = [];
    private int _at;

    private PhpTokens(string source, PhpNotes faults) => (_source, _faults) = (source, faults);

    /// <summary>The words of a text; the last is always an end.</summary>
    /// <param name="source">The text, with or without <c>&lt;?php</c>.</param>
    /// <param name="faults">What never ends, such as a text without its closing quote, is added here, and reading stops.</param>
    public static IReadOnlyList<PhpToken> Read(string source, PhpNotes faults)
    {
        var reader = new PhpTokens(source, faults);
        reader.ReadAll();
        return reader._tokens;
    }

    private void ReadAll()
    {
        while (_at < _source.Length)
            ReadOne(_source[_at]);
        _tokens.Add(new PhpToken(PhpTokenKind.End, _source.Length, 0));
    }

    private void ReadOne(char c)
    {
        if (char.IsWhiteSpace(c) || c == '\uFEFF')
            _at++;
        else if (c == '#' || At("//"))
            SkipLine();
        else if (At("/*"))
            SkipTo("*/", "This comment has no end.", "Write */ where it ends.");
        else if (At("<?"))
            _at += At("<?php") ? 5 : At("<?=") ? 3 : 2;
        else if (At("?>"))
            SkipMarkup();
        else if (At("<<<") && TryHeredoc())
            return;
        else if (c is '\'' or '"' or '`')
            ReadQuoted(c);
        else if (c == '$' && IsNameStart(_at + 1))
            Add(PhpTokenKind.Variable, 1 + NameLength(_at + 1));
        else if (IsNameStart(_at))
            Add(PhpTokenKind.Name, NameLength(_at));
        else if (char.IsAsciiDigit(c))
            Add(PhpTokenKind.Number, NumberLength());
        else
            Add(PhpTokenKind.Symbol, Operators.FirstOrDefault(At)?.Length ?? 1);
    }

    private void Add(PhpTokenKind kind, int length)
    {
        _tokens.Add(new PhpToken(kind, _at, length));
        _at += length;
    }

    // A comment of one line also ends where the PHP does.
    private void SkipLine()
    {
        while (_at < _source.Length && _source[_at] is not ('\n' or '\r') && !At("?>"))
            _at++;
    }

    private void SkipTo(string end, string message, string remedy)
    {
        var found = _source.IndexOf(end, _at + 2, StringComparison.Ordinal);
        if (found < 0)
            Stop(message, remedy);
        else
            _at = found + end.Length;
    }

    // The end of the PHP ends the statement.
    private void SkipMarkup()
    {
        Add(PhpTokenKind.Symbol, 2);
        var next = _source.IndexOf("<?", _at, StringComparison.Ordinal);
        _at = next < 0 ? _source.Length : next;
    }

    private void ReadQuoted(char quote)
    {
        var end = _at + 1;
        while (end < _source.Length && _source[end] != quote)
            end += _source[end] == '\\' ? 2 : 1;
        if (end >= _source.Length)
            Stop("This text has no closing quote.", $"Write {quote} where it ends, and \\{quote} for a quote inside of it.");
        else
            Add(quote switch { '\'' => PhpTokenKind.SingleQuoted, '"' => PhpTokenKind.DoubleQuoted, _ => PhpTokenKind.OtherQuoted }, end + 1 - _at);
    }

    private bool TryHeredoc()
    {
        var at = _at + 3;
        while (at < _source.Length && _source[at] is ' ' or '\t')
            at++;
        var quote = at < _source.Length && _source[at] is '\'' or '"' ? 1 : 0;
        at += quote;
        if (!IsNameStart(at))
            return false;
        var word = _source.AsSpan(at, NameLength(at));
        at += word.Length + quote;
        while ((at = NextLine(at)) < _source.Length)
        {
            var start = at;
            while (start < _source.Length && _source[start] is ' ' or '\t')
                start++;
            if (!_source.AsSpan(start).StartsWith(word, StringComparison.Ordinal) || IsNamePart(start + word.Length))
                continue;
            Add(PhpTokenKind.OtherQuoted, start + word.Length - _at);
            return true;
        }

        Stop("This text has no end.", $"Write {word} at the beginning of a line where it ends.");
        return true;
    }

    private int NextLine(int at)
    {
        var found = _source.AsSpan(Math.Min(at, _source.Length)).IndexOfAny('\n', '\r');
        if (found < 0)
            return _source.Length;
        at += found;
        return at + (_source[at] == '\r' && at + 1 < _source.Length && _source[at + 1] == '\n' ? 2 : 1);
    }

    // What follows cannot be told from what is inside.
    private void Stop(string message, string remedy)
    {
        _faults.Add(_at, message, remedy);
        _at = _source.Length;
    }

    private bool At(string text) => _source.AsSpan(_at).StartsWith(text, StringComparison.OrdinalIgnoreCase);

    // PHP takes every byte from 0x80 on for a letter.
    private bool IsNameStart(int at) => at < _source.Length && (char.IsAsciiLetter(_source[at]) || _source[at] is '_' or >= '\u0080');

    private bool IsNamePart(int at) => IsNameStart(at) || (at < _source.Length && char.IsAsciiDigit(_source[at]));

    private int NameLength(int start)
    {
        var end = start;
        while (IsNamePart(end) || (end < _source.Length && _source[end] == '\\' && IsNameStart(end + 1)))
            end++;
        return end - start;
    }

    private int NumberLength()
    {
        var end = _at;
        while (IsNamePart(end) || (end + 1 < _source.Length && _source[end] == '.' && char.IsAsciiDigit(_source[end + 1])))
            end++;
        return end - _at;
    }
}
