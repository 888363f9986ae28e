using System.Globalization;
using Dam.Hosting;

namespace SampleHost.Records;

/// <summary>Field values as they would be stored, and what is wrong with them.</summary>
internal sealed record CheckedFields(IReadOnlyDictionary<string, IReadOnlyList<string>> Values, IReadOnlyList<FieldError> Errors);

/// <summary>Checks field values against a content type. Pure: no clock, no storage.</summary>
internal static class FieldRules
{
    /// <summary>Lays given values over stored ones and checks the result.</summary>
    /// <param name="stored">The values now stored; empty for an insert.</param>
    /// <param name="given">The values to set; an empty list, or only blank values, clears a field.</param>
    public static CheckedFields Check(
        ContentType type,
        IReadOnlyDictionary<string, IReadOnlyList<string>> stored,
        IReadOnlyDictionary<string, IReadOnlyList<string>> given)
    {
        var errors = new List<FieldError>();
        var values = new Dictionary<string, IReadOnlyList<string>>(stored, StringComparer.Ordinal);
        foreach (var (name, raw) in given)
        {
            if (type.FindField(name) is not { } field)
            {
                errors.Add(new FieldError(name, $"The type {type.Name} has no field '{name}'. It has {string.Join(", ", type.Fields.Select(one => one.Name))}."));
                continue;
            }

            var cleaned = Clean(field, raw);
            if (cleaned.Count == 0)
                values.Remove(name);
            else
                values[name] = cleaned;
            // Only what is given is checked: a stored value that a newer rule refuses must not block work on other fields.
            if (FindFault(field, cleaned) is { } fault)
                errors.Add(new FieldError(name, fault));
        }

        foreach (var field in type.Fields)
        {
            if (field.Required && !values.ContainsKey(field.Name))
                errors.Add(new FieldError(field.Name, "A value is needed here."));
        }

        return new CheckedFields(values, errors);
    }

    /// <summary>The fields whose values differ, in the order of the type.</summary>
    public static IReadOnlyList<ChangedField> Diff(
        ContentType type,
        IReadOnlyDictionary<string, IReadOnlyList<string>> before,
        IReadOnlyDictionary<string, IReadOnlyList<string>> after)
    {
        var changed = new List<ChangedField>();
        foreach (var field in type.Fields)
        {
            var old = before.GetValueOrDefault(field.Name, []);
            var now = after.GetValueOrDefault(field.Name, []);
            if (!old.SequenceEqual(now, StringComparer.Ordinal))
                changed.Add(new ChangedField(field.Name, old, now) { Predicate = field.Predicate, Category = field.Category });
        }

        return changed;
    }

    // Browsers send CR LF from text areas: stored is LF, so that a form saved unchanged changes nothing.
    private static List<string> Clean(FieldDefinition field, IReadOnlyList<string> raw) =>
        raw.Select(value => value.ReplaceLineEndings("\n"))
            .Select(value => field.Kind == FieldKind.LongText ? value.TrimEnd() : value.Trim())
            .Where(value => value.Length > 0)
            .ToList();

    private static string? FindFault(FieldDefinition field, List<string> values)
    {
        if (values.Count > 1 && !field.Multiple)
            return $"Only one value is allowed; {values.Count} were given.";
        if (values.Count > FieldDefinition.MaxValues)
            return $"At most {FieldDefinition.MaxValues} values are allowed; {values.Count} were given.";
        return values.Select(value => FindFault(field, value)).FirstOrDefault(fault => fault is not null);
    }

    private static string? FindFault(FieldDefinition field, string value)
    {
        if (value.Length > field.MaxLength)
            return $"Too long: {value.Length} characters, at most {field.MaxLength} are allowed.";
        if (HasBrokenText(field, value))
            return "It holds characters that cannot be stored, such as control characters. Remove them.";
        return field.Kind switch
        {
            FieldKind.Date when !IsDate(value) => $"'{value}' is not a date. Write a year, a month or a day: 1887, 1887-04 or 1887-04-21.",
            FieldKind.Number when !decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) =>
                $"'{value}' is not a number. Write digits with a point for decimals, such as 12.5.",
            FieldKind.Url when !IsUrl(value) => "This is not a web address. It must begin with https:// or http://.",
            FieldKind.Choice when field.Choices.All(choice => choice.Value != value) =>
                $"'{value}' is not offered. Use one of {string.Join(", ", field.Choices.Select(choice => choice.Value))}.",
            _ => null,
        };
    }

    private static bool HasBrokenText(FieldDefinition field, string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsControl(c) && c != '\t' && !(c == '\n' && field.Kind == FieldKind.LongText))
                return true;
            if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
                i++;
            else if (char.IsSurrogate(c))
                return true;
        }

        return false;
    }

    private static bool IsDate(string value) =>
        DateOnly.TryParseExact(value, ["yyyy", "yyyy-MM", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsUrl(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
