using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>Makes the fields of a form of a dialect's options, and of a hook's settings what stands in them.</summary>
internal sealed class HookForm(IDialect dialect, HookHints hints, bool isFrench)
{
    // What names files and ways of the machine is not for pages, nor is what the page has decided.
    private static readonly Option[] Hidden =
    [
        HookOptions.Key, HookOptions.Dialect, HookOptions.Proxy, HookOptions.CaFile, HookOptions.ClientCertificateFile, HookOptions.ClientCertificateKeyFile,
        HookOptions.ClientCertificatePassword,
    ];

    private const int SpareRows = 2;

    /// <summary>The options at the top of the form: name, address, and the dialect's own.</summary>
    public IReadOnlyList<Option> Main { get; } = [HookOptions.Label, HookOptions.Url, .. dialect.Options];

    /// <summary>The options that all hooks have and most leave as they are.</summary>
    public IReadOnlyList<Option> Further { get; } =
    [
        .. HookOptions.All.Except(Hidden).Except([HookOptions.Label, HookOptions.Url])
            .Where(option => option != HookOptions.Payload || dialect.OffersThin)
            // A dialect may have a key of its own in the place of a common one.
            .Where(option => !dialect.Options.Any(own => own.Key.Equals(option.Key, StringComparison.OrdinalIgnoreCase))),
    ];

    /// <summary>The fields of some options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="settings">The settings, with stars for secrets.</param>
    /// <param name="notes">What is wrong, and what was typed that is no JSON.</param>
    public IReadOnlyList<FormField> Fields(IReadOnlyList<Option> options, JsonObject settings, FormNotes notes) =>
        [.. options.Select(option => Field(option, Find(settings, option), option.Key, [option.Key], notes))];

    /// <summary>The settings with each key under its own name, so that the form finds what was written under another.</summary>
    public static JsonNode? Find(JsonObject settings, Option option) =>
        option.Names.Select(name => settings.FirstOrDefault(each => each.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value).FirstOrDefault(value => value is not null);

    private FormField Field(Option option, JsonNode? value, string path, string[] keys, FormNotes notes)
    {
        var kind = KindOf(option);
        var field = new FormField
        {
            Path = path,
            Kind = kind,
            Label = dialect.Labels.GetValueOrDefault(option.Key) ?? (isFrench ? InFrench(keys)?.Name : null) ?? Spoken(option.Key),
            Hint = (isFrench ? InFrench(keys)?.Hint : null) ?? hints.Of(keys),
            IsRequired = option.Required,
            TakesPairs = option.Kind == OptionKind.Map,
            IsFilled = value is not null,
            Faults = notes.Of(path, isWhole: kind is not (FieldKind.Group or FieldKind.Rows)),
        };
        switch (kind)
        {
            case FieldKind.Group:
                return field with { IsFilled = false, Fields = [.. Members(option, value as JsonObject ?? [], path, keys, notes)] };
            case FieldKind.Rows:
                var rows = (value as JsonArray)?.Select(each => each as JsonObject ?? []).ToList() ?? [];
                rows.AddRange(Enumerable.Range(0, rows.Count == 0 ? SpareRows : 1).Select(_ => new JsonObject()));
                return field with { IsFilled = false, Rows = [.. rows.Select((row, index) => Members(option, row, $"{path}[{index}]", keys, notes))] };
            case FieldKind.Flag:
                return field with { IsTicked = TextOf(value) is { Length: > 0 } text ? text == "true" : option.Default == "true", IsFilled = value is not null && value.ToJsonString() != option.Default };
            case FieldKind.Choice:
                return field with { Value = TextOf(value) ?? DefaultOf(option) ?? "", Choices = ChoicesOf(option, TextOf(value)) };
            default:
                return field with { Value = notes.Typed(path) ?? TextOf(option, value), Placeholder = DefaultOf(option), Suggestions = option.Suggestions };
        }
    }

    private IReadOnlyList<FormField> Members(Option option, JsonObject value, string path, string[] keys, FormNotes notes) =>
        [.. option.Fields.Select(each => Field(each, Find(value, each), $"{path}.{each.Key}", [.. keys, each.Key], notes))];

    /// <summary>How an option is drawn.</summary>
    public static FieldKind KindOf(Option option) => option.Kind switch
    {
        OptionKind.Flag => FieldKind.Flag,
        OptionKind.Choice => FieldKind.Choice,
        OptionKind.Text when option is { Required: true, Suggestions.Count: > 0 and <= 12 } => FieldKind.Choice,
        OptionKind.Texts or OptionKind.Spans => FieldKind.Lines,
        OptionKind.Object when option.Fields.Count > 0 => FieldKind.Group,
        OptionKind.Objects when option.Fields.Count > 0 => FieldKind.Rows,
        OptionKind.Map or OptionKind.Object or OptionKind.Objects => FieldKind.Code,
        _ => option.Secret ? FieldKind.Secret : FieldKind.Text,
    };

    private static IReadOnlyList<(string, string)> ChoicesOf(Option option, string? value)
    {
        if (option.Choices.Count > 0)
            return [.. option.Choices.Select(choice => (choice, choice))];
        var offered = option.Suggestions.Select(each => (each.Text, each.Meaning)).ToList();
        // What was written in other words is one of them all the same.
        if (value is { Length: > 0 } && !offered.Any(each => each.Text == value))
            offered.Add((value, value));
        return [("", ""), .. offered];
    }

    private static string TextOf(Option option, JsonNode? value) => value switch
    {
        null => "",
        JsonArray items when option.Kind is OptionKind.Texts or OptionKind.Spans && items.All(item => item is JsonValue) =>
            string.Join('\n', items.Select(item => TextOf(item) is { Length: > 0 } text ? text : "\"\"")),
        JsonObject members when option.Kind == OptionKind.Map && members.All(member => member.Value is JsonValue) =>
            string.Join('\n', members.Select(member => $"{member.Key}: {TextOf(member.Value)}")),
        JsonValue => TextOf(value)!,
        _ => value.ToJsonString(Indented),
    };

    private static string? TextOf(JsonNode? value) =>
        value is JsonValue each ? each.TryGetValue<string>(out var text) ? text : each.ToJsonString() : null;

    private static string? DefaultOf(Option option) =>
        option.Default is { } text && JsonNode.Parse(text) is JsonValue value ? TextOf(value) : null;

    private static (string? Name, string Hint)? InFrench(string[] keys) => FrenchHooks.All.TryGetValue(string.Join('.', keys), out var words) ? words : null;

    // "timeoutSeconds" is read as "Timeout seconds".
    private static string Spoken(string key)
    {
        var words = string.Concat(key.Select((letter, index) => index > 0 && char.IsAsciiLetterUpper(letter) ? " " + char.ToLowerInvariant(letter) : letter.ToString()));
        return words == "url" ? "URL" : char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>What is wrong with what was typed, by place.</summary>
/// <param name="faults">The faults; places within the hook.</param>
/// <param name="typed">What was typed where it could not be made settings of.</param>
internal sealed class FormNotes(IReadOnlyList<PluginFault> faults, IReadOnlyDictionary<string, string> typed)
{
    private readonly HashSet<PluginFault> _placed = [];

    /// <summary>Nothing is wrong.</summary>
    public static FormNotes None => new([], new Dictionary<string, string>());

    /// <summary>The errors that belong to no field, once all fields were asked for theirs.</summary>
    public IReadOnlyList<string> Others => [.. faults.Where(fault => !_placed.Contains(fault)).Select(fault => $"{fault.Place}: {fault.Message} {fault.Remedy}")];

    /// <summary>What was typed at a place, where the settings do not hold it; null else.</summary>
    public string? Typed(string path) => typed.GetValueOrDefault(path);

    /// <summary>The faults of a field.</summary>
    /// <param name="path">Its place.</param>
    /// <param name="isWhole">Whether what lies below the place is the field's as well.</param>
    public IReadOnlyList<string> Of(string path, bool isWhole)
    {
        var found = faults.Where(fault => Is(fault.Place, path) || (isWhole && fault.Place.Length > path.Length && fault.Place[path.Length] is '[' or '.' && Is(fault.Place[..path.Length], path))).ToList();
        _placed.UnionWith(found);
        return [.. found.Select(fault => $"{fault.Message} {fault.Remedy}")];
    }

    private static bool Is(string place, string path) => place.Equals(path, StringComparison.OrdinalIgnoreCase);
}
