namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>Collects what is to be said about places of a text. Never more than <see cref="Most"/>: a hostile text must not make a page without end.</summary>
/// <param name="source">The text.</param>
internal sealed class PhpNotes(string source)
{
    public const int Most = 100;

    private readonly List<(int Offset, string Message, string Remedy)> _notes = [];

    public int Count => _notes.Count;

    public void Add(int offset, string message, string remedy)
    {
        if (_notes.Count < Most)
            _notes.Add((offset, message, remedy));
    }

    /// <summary>The notes with their lines and columns, in the order of the text.</summary>
    public IReadOnlyList<ImportNote> InOrder()
    {
        var ordered = new List<ImportNote>(_notes.Count);
        var (line, start, at) = (1, 0, 0);
        foreach (var (offset, message, remedy) in _notes.OrderBy(note => note.Offset))
        {
            for (; at < offset; at++)
            {
                if (source[at] == '\n' || (source[at] == '\r' && (at + 1 >= source.Length || source[at + 1] != '\n')))
                    (line, start) = (line + 1, at + 1);
            }

            ordered.Add(new ImportNote(line, offset - start + 1, message, remedy));
        }

        return ordered;
    }
}
