using System.Globalization;

namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>
/// Reads values written out in PHP: texts, numbers, true, false, null, arrays in both spellings, and texts joined by full stops. Whatever would have
/// to be run, such as a variable, a constant or a function, is a fault with its place; reading goes on behind it, so that all are found at once.
/// </summary>
/// <param name="source">The text.</param>
/// <param name="tokens">Its words.</param>
/// <param name="faults">Where faults are added.</param>
internal sealed class PhpValues(string source, IReadOnlyList<PhpToken> tokens, PhpNotes faults)
{
    private const int DeepestNesting = 20;
    private const string WriteOut = "Write the value itself in its place, in quotes.";

    private int _at;
    private int _depth;

    /// <summary>The word to be read next.</summary>
    public PhpToken Current => tokens[_at];

    public PhpToken Ahead(int count) => tokens[Math.Min(_at + count, tokens.Count - 1)];

    public PhpToken Behind(int count) => _at >= count ? tokens[_at - count] : tokens[^1];

    public bool AtEnd => Current.Kind == PhpTokenKind.End;

    public void Advance(int count = 1) => _at = Math.Min(_at + count, tokens.Count - 1);

    public bool Is(PhpToken token, string text) =>
        token.Kind is PhpTokenKind.Symbol or PhpTokenKind.Name or PhpTokenKind.Variable
        && token.In(source).Equals(text, token.Kind == PhpTokenKind.Variable ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    public bool Is(string text) => Is(Current, text);

    /// <summary>Ends the reading: what follows cannot be understood any more.</summary>
    public PhpValue Stop(string message, string remedy)
    {
        if (!AtEnd || faults.Count == 0)
            faults.Add(Current.Start, message, remedy);
        _at = tokens.Count - 1;
        return new PhpValue.Unread();
    }

    /// <summary>Reads a value, with all that is joined to it.</summary>
    public PhpValue Read()
    {
        if (_depth >= DeepestNesting)
            return Stop($"The values are nested more than {DeepestNesting} deep.", "A button is an array of texts: remove what lies deeper.");
        _depth++;
        var value = ReadOperand();
        while (Is("."))
        {
            Advance();
            value = Join(value, Current.Start, ReadOperand());
        }

        _depth--;
        if (AtEnd || Is(",") || Is(")") || Is("]") || Is(";") || Is("?>") || Is("=>"))
            return value;
        if (Current.Kind != PhpTokenKind.Symbol)
            return Stop("Here a comma, a full stop or a bracket is missing.", "Write a comma between two values, and a full stop between two texts that belong together.");
        if (value is not PhpValue.Unread)
            faults.Add(Current.Start, "An expression cannot be worked out: nothing of the configuration is run.", WriteOut);
        SkipExpression();
        return new PhpValue.Unread();
    }

    private PhpValue Join(PhpValue left, int offset, PhpValue right)
    {
        if (left is PhpValue.Map || right is PhpValue.Map)
            faults.Add(offset, "An array cannot be joined to a text.", "Write a comma between the values.");
        else if (left is not PhpValue.Unread && right is not PhpValue.Unread)
            return new PhpValue.Text(TextOf(left) + TextOf(right));
        return new PhpValue.Unread();
    }

    private static string TextOf(PhpValue value) => value is PhpValue.Text text ? text.Value : "";

    private PhpValue ReadOperand()
    {
        var token = Current;
        switch (token.Kind)
        {
            case PhpTokenKind.SingleQuoted or PhpTokenKind.DoubleQuoted:
                var before = faults.Count;
                var text = PhpText.Read(source, token, faults);
                Advance();
                return faults.Count > before ? new PhpValue.Unread() : new PhpValue.Text(text);
            case PhpTokenKind.Number:
                return ReadNumber(token);
            case PhpTokenKind.Name:
                return ReadName(token);
            case PhpTokenKind.Variable:
                return Skip(token, $"The variable {token.In(source)} cannot be filled in: nothing of the configuration is run.");
            case PhpTokenKind.OtherQuoted:
                return Skip(token, "A text in backticks or between <<<WORD and WORD is not read.");
            case PhpTokenKind.Symbol when Is("["):
                Advance();
                return ReadMap("]");
            case PhpTokenKind.Symbol when Is("("):
                Advance();
                var inner = Read();
                return Close(")") ? inner : new PhpValue.Unread();
            default:
                return Stop(AtEnd ? "The text ends in the middle of the array." : "Here a value is missing.", "Paste the whole statement, from $api_webhooks_urls to its semicolon.");
        }
    }

    private PhpValue ReadNumber(PhpToken token)
    {
        if (!long.TryParse(token.In(source), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return Skip(token, "Of numbers only whole decimal ones are read.");
        Advance();
        return new PhpValue.Text(number.ToString(CultureInfo.InvariantCulture));
    }

    private PhpValue ReadName(PhpToken token)
    {
        if (Is("array") && Is(Ahead(1), "("))
        {
            Advance(2);
            return ReadMap(")");
        }

        PhpValue? known = Is("true") ? new PhpValue.Text("1") : Is("false") ? new PhpValue.Text("") : Is("null") ? new PhpValue.Nothing() : null;
        if (known is null)
            return Skip(token, $"“{Short(token)}” cannot be worked out: nothing of the configuration is run.");
        Advance();
        return known;
    }

    private PhpValue.Map ReadMap(string close)
    {
        var map = new PhpValue.Map();
        while (!AtEnd && !Is(close))
        {
            var offset = Current.Start;
            var value = Read();
            if (Is("=>"))
            {
                Advance();
                var keyOffset = offset;
                offset = Current.Start;
                var key = value;
                value = Read();
                if (key is PhpValue.Map)
                    faults.Add(keyOffset, "A key cannot be an array.", "Write a text or a number before =>.");
                else if (key is not PhpValue.Unread)
                    map.Set(TextOf(key), value, offset);
            }
            else
                map.Append(value, offset);
            if (!Is(","))
                break;
            Advance();
        }

        Close(close);
        return map;
    }

    private bool Close(string close)
    {
        if (Is(close))
        {
            Advance();
            return true;
        }

        Stop(AtEnd ? $"The text ends before the closing {close}." : $"Here a comma or the closing {close} is missing.", "Look at this line and the one before it for a missing comma or bracket.");
        return false;
    }

    // With what belongs to it: $a['b'], $a->b, Name::CONSTANT, f(1, 2).
    private PhpValue.Unread Skip(PhpToken token, string message)
    {
        faults.Add(token.Start, message, WriteOut);
        Advance();
        while (Is("[") || Is("(") || Is("->") || Is("::"))
        {
            if (Is("->") || Is("::"))
                Advance(2);
            else
                SkipBrackets();
        }

        return new PhpValue.Unread();
    }

    private void SkipExpression()
    {
        while (!AtEnd && !Is(",") && !Is(")") && !Is("]") && !Is(";") && !Is("?>") && !Is("=>"))
        {
            if (Is("[") || Is("("))
                SkipBrackets();
            else
                Advance();
        }
    }

    private void SkipBrackets()
    {
        var depth = 0;
        do
        {
            depth += Is("[") || Is("(") ? 1 : Is("]") || Is(")") ? -1 : 0;
            Advance();
        }
        while (depth > 0 && !AtEnd);
    }

    private string Short(PhpToken token) => token.Length <= 40 ? token.In(source).ToString() : $"{token.In(source)[..40]}…";
}
