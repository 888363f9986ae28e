using System.Text.Json;
using Dam.Hosting;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>
/// Looks through the text of config.json before it is read: whether it is JSON at all, which keys stand twice, and on which line each key stands.
/// Microsoft.Extensions.Configuration.Json reads the values; it stops at the first such fault and forgets the lines.
/// </summary>
internal sealed class JsonText
{
    private const string File = "config.json";

    private readonly Dictionary<string, long> _lines = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<PluginFault> _faults = [];

    private JsonText()
    {
    }

    /// <summary>What is wrong with the text; empty when it may be read.</summary>
    public IReadOnlyList<PluginFault> Faults => _faults;

    /// <summary>Looks through a text.</summary>
    public static JsonText Scan(ReadOnlySpan<byte> utf8)
    {
        var scan = new JsonText();
        try
        {
            scan.Walk(utf8);
        }
        catch (JsonException exception)
        {
            var line = (exception.LineNumber ?? 0) + 1;
            scan._faults.Add(new(
                FaultSeverity.Error,
                File,
                $"The file is not JSON: line {line}, byte {(exception.BytePositionInLine ?? 0) + 1}: {FirstSentence(exception.Message)}",
                "Look at that line and the one before it for a missing comma, quote or bracket."));
        }

        return scan;
    }

    /// <summary>Puts faults into the order of the file and tells the line of each.</summary>
    public IReadOnlyList<PluginFault> InOrder(IEnumerable<PluginFault> faults) =>
    [
        .. faults.Select(fault => (Fault: fault, Line: LineOf(fault.Place)))
            .OrderBy(each => each.Line)
            .Select(each => each.Line == 0 ? each.Fault : each.Fault with { Message = $"{each.Fault.Message} (line {each.Line})" }),
    ];

    // A key that is missing has no line: the object it is missing from has. 0 for the file as a whole.
    private long LineOf(string place)
    {
        for (var path = place; path.Length > 0; path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))])
        {
            if (_lines.TryGetValue(path, out var line))
                return line;
        }

        return 0;
    }

    private void Walk(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var open = new Stack<Level>();
        var line = new LineCounter();
        while (reader.Read())
        {
            var at = line.At(utf8, reader.TokenStartIndex);
            if (open.Count == 0 && reader.TokenType != JsonTokenType.StartObject)
            {
                _faults.Add(new(FaultSeverity.Error, File, "The file is JSON, but no object.", "Write the settings between { and }."));
                return;
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    NoteKey(open.Peek(), reader.GetString()!, at);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                default:
                    var path = open.Count == 0 ? "" : NoteValue(open.Peek(), at);
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                        open.Push(new Level(path, reader.TokenType == JsonTokenType.StartArray));
                    break;
            }
        }
    }

    private void NoteKey(Level level, string key, long line)
    {
        level.Key = level.Path.Length == 0 ? key : $"{level.Path}.{key}";
        // Configuration keys know no letter case, so "Url" beside "url" is the same key twice.
        if (level.Keys.TryAdd(key, line))
            _lines.TryAdd(level.Key, line);
        else
        {
            var where = level.Keys[key] == line ? $"on line {line}" : $"on line {level.Keys[key]} and on line {line}";
            _faults.Add(new(FaultSeverity.Error, level.Key, $"The key \"{key}\" stands twice: {where}.", "Remove one of the two."));
        }
    }

    private string NoteValue(Level level, long line)
    {
        if (!level.IsArray)
            return level.Key;
        var path = $"{level.Path}[{level.Index++}]";
        _lines.TryAdd(path, line);
        return path;
    }

    // System.Text.Json appends its own line numbers, which start at zero.
    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private sealed class Level(string path, bool isArray)
    {
        public string Path { get; } = path;

        public bool IsArray { get; } = isArray;

        public string Key { get; set; } = "";

        public int Index { get; set; }

        public Dictionary<string, long> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);
    }

    // Tokens come in order, so each byte is looked at once.
    private struct LineCounter
    {
        private int _seen;
        private long _line;

        public long At(ReadOnlySpan<byte> text, long position)
        {
            _line += text[_seen..(int)position].Count((byte)'\n');
            _seen = (int)position;
            return _line + 1;
        }
    }
}
