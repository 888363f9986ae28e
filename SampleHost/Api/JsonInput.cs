using System.Text.Json;
using Dam.Hosting;

namespace SampleHost.Api;

/// <summary>Reads the properties of a JSON object one by one and gathers what is wrong with them.</summary>
internal sealed class JsonInput
{
    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private readonly JsonElement _object;
    private readonly List<FieldError> _errors = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private JsonInput(JsonElement element) => _object = element;

    public IReadOnlyList<FieldError> Errors => _errors;

    /// <summary>Reads the body of a call that takes a JSON object and no files.</summary>
    /// <param name="example">What to send, for a caller who sent nothing.</param>
    /// <returns>The object, or null and the answer.</returns>
    public static async Task<(JsonInput? Input, IResult? Refusal)> ReadAsync(HttpContext context, Uploads uploads, string example)
    {
        if (await uploads.ReadJsonOnlyAsync(context) is not { } json)
            return (null, Problems.BadRequest($"Send a JSON body, such as {example}."));
        var (input, fault) = Parse(json);
        return (input, input is null ? Problems.BadRequest(fault!) : null);
    }

    /// <summary>Parses a body. The element returned is independent of any buffer.</summary>
    /// <returns>The object, or null and the fault.</returns>
    public static (JsonInput? Input, string? Fault) Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            if (json.Span.IndexOf("\\u"u8) >= 0)
                ReadEveryText(json.Span);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (new JsonInput(document.RootElement.Clone()), null)
                : (null, "The body must be a JSON object, such as {\"title\":\"A title\"}.");
        }
        catch (InvalidOperationException)
        {
            return (null, "The body holds half a character: an escape from \\ud800 to \\udfff that is not one of a pair. Send whole characters.");
        }
        catch (JsonException exception)
        {
            return (null, $"The body is not valid JSON, line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}. Send UTF-8 JSON with the content type application/json.");
        }
    }

    // The parser takes any escape; a text that is no Unicode fails only when it is read, and then it is too late to say so nicely.
    private static void ReadEveryText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                _ = reader.GetString();
        }
    }

    public string? Text(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        return Fail<string?>(name, "This must be a text in quotes.");
    }

    /// <summary>Whether a property is there at all, be it null.</summary>
    public bool Has(string name)
    {
        _known.Add(name);
        return _object.TryGetProperty(name, out _);
    }

    public bool? Bool(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => Fail<bool?>(name, "This must be true or false."),
        };
    }

    public long? Number(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : Fail<long?>(name, "This must be a whole number.");
    }

    /// <summary>An instant as ISO 8601 writes it, with an offset or Z.</summary>
    public DateTimeOffset? Instant(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var at) && HasOffset(value.GetString()!)
            ? at.ToUniversalTime()
            : Fail<DateTimeOffset?>(name, "This must be a time with its offset, such as 2026-03-01T09:00:00Z.");

        // Without one it would mean the server's own time zone.
        static bool HasOffset(string text) => text.EndsWith('Z') || text.AsSpan().LastIndexOfAny('+', '-') > text.IndexOf('T', StringComparison.Ordinal);
    }

    /// <summary>A list of texts; a single text counts as a list of one.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        Find(name) is { } value ? ReadTexts(name, value) : [];

    /// <summary>True for all, false or nothing for none, or a list of texts.</summary>
    public (bool All, IReadOnlyList<string> Names) AllOrTexts(string name) => Find(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => (false, []),
        { ValueKind: JsonValueKind.True } => (true, []),
        { } value => (false, ReadTexts(name, value)),
    };

    public IReadOnlyList<long> Numbers(string name)
    {
        if (Find(name) is not { } value)
            return [];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.Number && one.TryGetInt64(out _)))
            return value.EnumerateArray().Select(one => one.GetInt64()).ToList();
        return Fail<IReadOnlyList<long>>(name, "This must be a list of whole numbers.") ?? [];
    }

    /// <summary>An object of field values, each a list of texts, one text, or null for none.</summary>
    public Dictionary<string, IReadOnlyList<string>> Fields(string name)
    {
        var fields = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (Find(name) is not { } value)
            return fields;
        if (value.ValueKind != JsonValueKind.Object)
        {
            Fail<string?>(name, "This must be an object with field names and lists of values, such as {\"keywords\":[\"harbour\"]}.");
            return fields;
        }

        foreach (var property in value.EnumerateObject())
            fields[property.Name] = property.Value.ValueKind == JsonValueKind.Null ? [] : ReadTexts(property.Name, property.Value);
        return fields;
    }

    /// <summary>Objects to what was not asked for, so that a misspelt name is not lost in silence.</summary>
    public void RefuseUnknown()
    {
        foreach (var property in _object.EnumerateObject().Where(property => !_known.Contains(property.Name)))
            _errors.Add(new FieldError(property.Name, $"'{property.Name}' is not known here. Known are {string.Join(", ", _known)}."));
    }

    private IReadOnlyList<string> ReadTexts(string name, JsonElement value)
    {
        var elements = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value];
        if (elements.All(one => one.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False))
            return elements.Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()! : one.GetRawText()).ToList();
        return Fail<IReadOnlyList<string>>(name, "This must be a list of texts.") ?? [];
    }

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        return _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private T? Fail<T>(string name, string message)
    {
        _errors.Add(new FieldError(name, message));
        return default;
    }
}
