using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plugin.Tests.Catalogue;

/// <summary>
/// Validates JSON against the part of JSON Schema that the catalogue uses. A keyword it does not know is a fault, so that nothing passes because it was not
/// looked at.
/// </summary>
internal sealed class SchemaCheck
{
    private static readonly string[] Silent = ["$schema", "title", "description", "default", "examples", "$defs", "deprecated"];

    private readonly JsonObject _root;
    private readonly bool _isClosed;

    private SchemaCheck(JsonObject root, bool isClosed) => (_root, _isClosed) = (root, isClosed);

    /// <summary>What is wrong; empty for nothing.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="value">The value.</param>
    /// <param name="isClosed">Whether keys that the schema does not name are faults.</param>
    public static IReadOnlyList<string> Validate(JsonObject schema, JsonNode? value, bool isClosed) =>
        [.. new SchemaCheck(schema, isClosed).Check(schema, value, "$")];

    private IEnumerable<string> Check(JsonNode schema, JsonNode? value, string at)
    {
        if (schema is JsonValue flag)
            return flag.GetValue<bool>() ? [] : [$"{at}: nothing is allowed here"];
        return schema.AsObject().SelectMany(keyword => Check(schema.AsObject(), keyword.Key, keyword.Value!, value, at));
    }

    private IEnumerable<string> Check(JsonObject schema, string keyword, JsonNode rule, JsonNode? value, string at)
    {
        switch (keyword)
        {
            case "$ref":
                return Check(Resolve(rule.GetValue<string>()), value, at);
            case "type":
                var types = rule is JsonArray array ? array.Select(type => type!.GetValue<string>()) : [rule.GetValue<string>()];
                return types.Any(type => IsOf(type, value)) ? [] : [$"{at}: {Short(value)} is not {rule.ToJsonString()}"];
            case "const":
                return JsonNode.DeepEquals(rule, value) ? [] : [$"{at}: {Short(value)} is not {rule.ToJsonString()}"];
            case "enum":
                return rule.AsArray().Any(each => JsonNode.DeepEquals(each, value)) ? [] : [$"{at}: {Short(value)} is none of {rule.ToJsonString()}"];
            case "format":
                return IsFormat(rule.GetValue<string>(), value) ? [] : [$"{at}: {Short(value)} is no {rule}"];
            case "required":
                return rule.AsArray().Select(key => key!.GetValue<string>()).Where(key => value is JsonObject o && !o.ContainsKey(key)).Select(key => $"{at}: {key} is missing");
            case "properties":
                return value is JsonObject known ? rule.AsObject().Where(p => known.ContainsKey(p.Key)).SelectMany(p => Check(p.Value!, known[p.Key], $"{at}.{p.Key}")).Concat(Unknown(schema, known, at)) : [];
            case "patternProperties" when value is JsonObject members:
                return rule.AsObject().SelectMany(p => members.Where(m => Matches(m.Key, p.Key)).SelectMany(m => Check(p.Value!, m.Value, $"{at}.{m.Key}")));
            case "additionalProperties" when value is JsonObject others:
                return others.Where(m => !IsNamed(schema, m.Key)).SelectMany(m => Check(rule, m.Value, $"{at}.{m.Key}"));
            case "items":
                return value is JsonArray items ? items.SelectMany((item, index) => Check(rule, item, $"{at}[{index}]")) : [];
            case "anyOf":
                return rule.AsArray().Any(each => !Check(each!, value, at).Any()) ? [] : [$"{at}: {Short(value)} fits none of anyOf"];
            case "minimum":
                return value!.GetValue<double>() >= rule.GetValue<double>() ? [] : [$"{at}: {Short(value)} is below {rule}"];
            case "pattern":
                return value is JsonValue text && Matches(text.GetValue<string>(), rule.GetValue<string>()) ? [] : [$"{at}: {Short(value)} does not match {rule}"];
            case "patternProperties" or "additionalProperties":
                return [];
            default:
                return Silent.Contains(keyword) ? [] : [$"{at}: the keyword {keyword} is not known to this check"];
        }
    }

    private IEnumerable<string> Unknown(JsonObject schema, JsonObject value, string at) =>
        _isClosed && !schema.ContainsKey("additionalProperties") ? value.Where(member => !IsNamed(schema, member.Key)).Select(member => $"{at}: the schema does not name {member.Key}") : [];

    private static bool IsNamed(JsonObject schema, string key) =>
        schema["properties"]?[key] is not null || (schema["patternProperties"] as JsonObject ?? []).Any(pattern => Matches(key, pattern.Key));

    private JsonNode Resolve(string reference)
    {
        JsonNode found = _root;
        foreach (var part in reference.Split('/').Skip(1))
            found = found is JsonArray array ? array[int.Parse(part, CultureInfo.InvariantCulture)]! : found[part.Replace("~1", "/").Replace("~0", "~")]!;
        return found;
    }

    private static bool Matches(string text, string pattern) => System.Text.RegularExpressions.Regex.IsMatch(text, pattern);

    private static bool IsOf(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("string", JsonValueKind.String) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array)
            or ("number", JsonValueKind.Number) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => value!.ToJsonString().All(letter => char.IsAsciiDigit(letter) || letter == '-'),
        _ => false,
    };

    private static bool IsFormat(string format, JsonNode? value) => value is JsonValue text && text.GetValueKind() == JsonValueKind.String && format switch
    {
        "date-time" => DateTimeOffset.TryParse(text.GetValue<string>(), CultureInfo.InvariantCulture, out _) && text.GetValue<string>().Contains('T'),
        "uuid" => Guid.TryParseExact(text.GetValue<string>(), "D", out _),
        "uri" => Uri.TryCreate(text.GetValue<string>(), UriKind.Absolute, out _),
        _ => throw new NotSupportedException(format),
    };

    private static string Short(JsonNode? value) => value?.ToJsonString() is { Length: > 60 } text ? text[..60] + "…" : value?.ToJsonString() ?? "null";
}
