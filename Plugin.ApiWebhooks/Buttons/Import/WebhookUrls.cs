namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>
/// Finds what a ResourceSpace configuration gives to <c>$api_webhooks_urls</c>, in <c>$api_webhooks_urls = …;</c> and <c>$api_webhooks_urls[] = …;</c>.
/// Every other statement is passed over.
/// </summary>
internal sealed class WebhookUrls
{
    public const string Variable = "$api_webhooks_urls";

    // What only asks about the variable.
    private static readonly string[] Questions = ["isset", "empty", "count", "is_array"];

    private const string Understood = "Write it as $api_webhooks_urls = array(…); or $api_webhooks_urls[] = array(…);";

    private readonly PhpValues _values;
    private readonly PhpNotes _faults;
    private readonly PhpNotes _warnings;
    private PhpValue.Map? _found;
    private int _braces;

    private WebhookUrls(PhpValues values, PhpNotes faults, PhpNotes warnings) => (_values, _faults, _warnings) = (values, faults, warnings);

    /// <summary>Reads the list out of a text: a whole config.php, the statement, or the array alone.</summary>
    /// <returns>The list as it stands at the end, or null when there is none; then a fault says why.</returns>
    public static PhpValue.Map? Read(string source, PhpNotes faults, PhpNotes warnings)
    {
        var tokens = PhpTokens.Read(source, faults);
        var reader = new WebhookUrls(new PhpValues(source, tokens, faults), faults, warnings);
        reader.ReadAll();
        if (reader._found is null && faults.Count == 0)
            faults.Add(0, "There is no $api_webhooks_urls in this text.", "Paste the part of include/config.php that sets it.");
        return reader._found;
    }

    private void ReadAll()
    {
        if (_values.Is("[") || (_values.Is("array") && _values.Is(_values.Ahead(1), "(")))
        {
            Assign();
            return;
        }

        while (!_values.AtEnd)
        {
            if (_values.Is(Variable))
                ReadUse();
            else
            {
                // Braces, not brackets: an array inside of another statement changes nothing.
                _braces += _values.Is("{") ? 1 : _values.Is("}") ? -1 : 0;
                _values.Advance();
            }
        }
    }

    private void ReadUse()
    {
        var variable = _values.Current;
        var isHarmless = _values.Is(_values.Behind(1), "global")
            || (_values.Is(_values.Behind(1), "(") && Questions.Any(word => _values.Is(_values.Behind(2), word)));
        _values.Advance();
        if (_values.Is("="))
        {
            WarnOfCondition(variable);
            _values.Advance();
            Assign();
        }
        else if (_values.Is("["))
        {
            WarnOfCondition(variable);
            ReadElement(variable);
        }
        else if (_values.Current.Kind == PhpTokenKind.Symbol && !_values.Is(";") && !_values.Is(",") && !_values.Is(")") && !_values.Is("?>"))
            _faults.Add(variable.Start, "This change of $api_webhooks_urls is not understood.", Understood);
        else if (!isHarmless)
            _warnings.Add(variable.Start, "$api_webhooks_urls is used here in a way that is not followed.", "Compare the buttons with what this line does.");
    }

    private void WarnOfCondition(PhpToken variable)
    {
        if (_braces > 0)
            _warnings.Add(variable.Start, "This stands in a condition or a function. It was read as if it always applied.", "Remove the buttons that you do not want.");
    }

    private void Assign()
    {
        var offset = _values.Current.Start;
        switch (_values.Read())
        {
            case PhpValue.Map map:
                _found = map;
                break;
            case not PhpValue.Unread:
                _faults.Add(offset, "$api_webhooks_urls must be an array.", Understood);
                break;
        }

        ExpectEnd();
    }

    // $api_webhooks_urls[] = …, $api_webhooks_urls[0] = …
    private void ReadElement(PhpToken variable)
    {
        _values.Advance();
        var key = _values.Is("]") ? null : _values.Read();
        if (key is PhpValue.Unread or PhpValue.Map || !_values.Is("]") || !_values.Is(_values.Ahead(1), "="))
        {
            if (key is not PhpValue.Unread)
                _faults.Add(variable.Start, "Only whole entries can be read, not single keys of one.", Understood);
            return;
        }

        _values.Advance(2);
        var offset = _values.Current.Start;
        var value = _values.Read();
        _found ??= new PhpValue.Map();
        if (key is null)
            _found.Append(value, offset);
        else
            _found.Set(key is PhpValue.Text text ? text.Value : "", value, offset);
        ExpectEnd();
    }

    private void ExpectEnd()
    {
        if (!_values.AtEnd && !_values.Is(";") && !_values.Is("?>"))
            _values.Stop("Here the statement should end.", "Write a semicolon behind the array, and look for a bracket too many.");
    }
}
