using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>Makes settings of a posted form. What is empty, or as it is by default, is left out.</summary>
internal sealed class HookFormReader(IFormCollection form)
{
    private const int MostRows = 200;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly List<PluginFault> _faults = [];
    private readonly Dictionary<string, string> _typed = [];
    private readonly Dictionary<string, string> _rows = [];

    /// <summary>What could not be made settings of.</summary>
    public IReadOnlyList<PluginFault> Faults => _faults;

    /// <summary>The place in the form of a place in the settings: rows that were left empty are no rows, and those after them moved up.</summary>
    public string AsTyped(string place) => _rows.FirstOrDefault(row => place.StartsWith(row.Key + ".", StringComparison.Ordinal)) is { Key: { } moved, Value: var typed } ? typed + place[moved.Length..] : place;

    /// <summary>What was typed there.</summary>
    public IReadOnlyDictionary<string, string> Typed => _typed;

    /// <summary>Reads the fields of some options into an object.</summary>
    public JsonObject Read(IReadOnlyList<Option> options, string prefix = "")
    {
        var settings = new JsonObject();
        foreach (var option in options)
        {
            if (ReadOne(option, prefix + option.Key) is { } value)
                settings[option.Key] = value;
        }
        return settings;
    }

    private JsonNode? ReadOne(Option option, string path)
    {
        switch (HookForm.KindOf(option))
        {
            case FieldKind.Group:
                return Read(option.Fields, path + ".") is { Count: > 0 } group ? group : null;
            case FieldKind.Rows:
                return ReadRows(option, path) is { Count: > 0 } rows ? rows : null;
            case FieldKind.Flag:
                var isTicked = form.ContainsKey(path);
                return isTicked == (option.Default == "true") ? null : JsonValue.Create(isTicked);
        }
        var text = form[path].ToString().ReplaceLineEndings("\n");
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return option.Kind switch
        {
            OptionKind.Number or OptionKind.Decimal or OptionKind.Seconds => ReadNumber(text.Trim()),
            OptionKind.Choice => JsonSerializer.Serialize(text, Api.ApiJson.Default.String) == option.Default ? null : text,
            OptionKind.Texts or OptionKind.Spans => ReadLines(text),
            OptionKind.Map or OptionKind.Object or OptionKind.Objects => ReadCode(option, text, path),
            _ => text.Trim(),
        };
    }

    // Rows in which nothing was typed are no rows; those after them move up, with their faults.
    private JsonArray ReadRows(Option option, string path)
    {
        var rows = new JsonArray();
        for (var index = 0; index < MostRows && form.ContainsKey($"{path}[{index}]"); index++)
        {
            var row = Read(option.Fields, $"{path}[{index}].");
            if (row.Any(each => each.Value is not JsonValue value || value.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)))
            {
                _rows[$"{path}[{rows.Count}]"] = $"{path}[{index}]";
                rows.Add(row);
            }
        }
        return rows;
    }

    // What is no number stays a text, and is told as such.
    private static JsonNode ReadNumber(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : text;

    private static JsonArray ReadLines(string text) =>
        [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).Select(line => (JsonNode)(line == "\"\"" ? "" : line))];

    private JsonNode? ReadCode(Option option, string text, string path)
    {
        if (option.Kind == OptionKind.Map && text.TrimStart()[0] != '{')
            return ReadPairs(text, path);
        try
        {
            return JsonNode.Parse(text, documentOptions: Lenient);
        }
        catch (JsonException exception)
        {
            return Refuse(path, text, $"This is not JSON: {exception.Message}", "Write it as config.json would have it.");
        }
    }

    private JsonNode? ReadPairs(string text, string path)
    {
        var pairs = new JsonObject();
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            if (line.Split(':', 2) is not [{ Length: > 0 } name, var value])
                return Refuse(path, text, $"The line \"{line}\" has no colon.", "Write Name: value on each line.");
            pairs[name.Trim()] = value.Trim();
        }
        return pairs;
    }

    private JsonNode? Refuse(string path, string text, string message, string remedy)
    {
        _faults.Add(new PluginFault(FaultSeverity.Error, path, message, remedy));
        _typed[path] = text;
        return null;
    }
}
