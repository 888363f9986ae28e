namespace Plugin.ApiWebhooks.Templates;

/// <summary>Follows the markup of a template in XML or HTML, to know where its expressions stand.</summary>
internal sealed class XmlPlaces
{
    private State _state = State.Text;

    private enum State
    {
        Text,
        Tag,
        DoubleQuotes,
        SingleQuotes,
        Comment,
        Cdata,
        Instruction,
        Declaration,
    }

    /// <summary>How a value is written here, or null where none may stand: among the markup itself.</summary>
    public Escape? Here => _state switch
    {
        State.Text or State.DoubleQuotes or State.SingleQuotes => Escape.Xml,
        State.Cdata => Escape.XmlCdata,
        _ => null,
    };

    /// <summary>Reads on over literal text.</summary>
    public void Read(string literal)
    {
        for (var i = 0; i < literal.Length;)
            i += Step(literal.AsSpan(i));
    }

    // Returns how many characters were read.
    private int Step(ReadOnlySpan<char> rest)
    {
        switch (_state)
        {
            case State.Text:
                return rest[0] == '<' ? Open(rest) : 1;
            case State.Tag or State.Declaration:
                return StepInTag(rest[0]);
            case State.DoubleQuotes:
                return Close(rest, "\"", State.Tag);
            case State.SingleQuotes:
                return Close(rest, "'", State.Tag);
            case State.Comment:
                return Close(rest, "-->", State.Text);
            case State.Cdata:
                return Close(rest, "]]>", State.Text);
            default:
                return Close(rest, "?>", State.Text);
        }
    }

    private int Open(ReadOnlySpan<char> rest)
    {
        foreach (var (opening, state) in Openings)
        {
            if (!rest.StartsWith(opening, StringComparison.Ordinal))
                continue;
            _state = state;
            return opening.Length;
        }
        return 1;
    }

    private static (string Opening, State State)[] Openings { get; } =
        [("<!--", State.Comment), ("<![CDATA[", State.Cdata), ("<?", State.Instruction), ("<!", State.Declaration), ("<", State.Tag)];

    private int StepInTag(char c)
    {
        if (c == '>')
            _state = State.Text;
        else if (_state == State.Tag && c == '"')
            _state = State.DoubleQuotes;
        else if (_state == State.Tag && c == '\'')
            _state = State.SingleQuotes;
        return 1;
    }

    private int Close(ReadOnlySpan<char> rest, string closing, State after)
    {
        if (!rest.StartsWith(closing, StringComparison.Ordinal))
            return 1;
        _state = after;
        return closing.Length;
    }
}
