using System.Globalization;
using Dam.Hosting;
using Microsoft.Extensions.Configuration;
using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>
/// Reads one object of config.json key by key. What is wrong is added to the faults and reading goes on, so that all faults are found at once;
/// the value returned for a faulty key is the default.
/// </summary>
/// <param name="section">The object.</param>
/// <param name="faults">Where faults are added.</param>
internal sealed class SectionReader(IConfiguration section, ICollection<PluginFault> faults)
{
    private const string Unstorable = "a character that cannot be stored: NUL, or half of a surrogate pair";

    private const string Rewrite = "Remove what stands there as \\u0000 or as a single \\ud800 to \\udfff.";

    private readonly string _path = (section as IConfigurationSection)?.Path ?? "";

    /// <summary>The object's own path, as people read it; empty for the whole file.</summary>
    public string Path => KeyPath.Of(_path);

    /// <summary>The path of one of its keys, as people read it.</summary>
    public string PathOf(string key) => KeyPath.Of(_path.Length == 0 ? key : ConfigurationPath.Combine(_path, key));

    // Under its own name, or else one that is read as well.
    private IConfigurationSection Child(Option option)
    {
        var child = section.GetSection(option.Key);
        if (option.Aliases.Count == 0 || child.Exists())
            return child;
        return option.Aliases.Select(section.GetSection).FirstOrDefault(each => each.Exists()) ?? child;
    }

    /// <summary>Reads a text. Null when absent; the default of the option is the caller's to apply.</summary>
    public string? Text(Option option)
    {
        var child = Child(option);
        if (child.GetChildren().Any())
        {
            Refuse(option.Key, "must be a text, not a list or an object", "Write one text in quotes.");
            return null;
        }

        if (string.IsNullOrWhiteSpace(child.Value))
        {
            if (option.Required)
                Refuse(option.Key, "is missing or empty", $"Add \"{option.Key}\" with a text.");
            return null;
        }

        if (child.Value.Length > option.Max)
        {
            Refuse(option.Key, $"is {child.Value.Length} characters long", $"At most {option.Max} characters are allowed.");
            return null;
        }

        if (IsStorable(child.Value))
            return child.Value;
        Refuse(option.Key, $"has {Unstorable}", Rewrite);
        return null;
    }

    /// <summary>Reads one of a few texts; letter case does not matter.</summary>
    public string? Choice(Option option)
    {
        if (Text(option) is not { } text)
            return null;
        var choice = option.Choices.FirstOrDefault(allowed => string.Equals(allowed, text, StringComparison.OrdinalIgnoreCase));
        if (choice is null)
            Refuse(option.Key, $"is \"{text}\", which is not known", $"Write one of: {string.Join(", ", option.Choices)}.");
        return choice;
    }

    /// <summary>Reads true or false.</summary>
    public bool Flag(Option option, bool otherwise)
    {
        if (Text(option) is not { } text)
            return otherwise;
        if (bool.TryParse(text, out var flag))
            return flag;
        Refuse(option.Key, $"is \"{text}\"", "Write true or false.");
        return otherwise;
    }

    /// <summary>Reads a whole number.</summary>
    public int Number(Option option, int otherwise)
    {
        if (Text(option with { Max = 100 }) is not { } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) &&
            number >= option.Min && number <= option.Max)
            return number;
        Refuse(option.Key, $"is \"{text}\"", $"Write a whole number from {Plain(option.Min)} to {Plain(option.Max)}.");
        return otherwise;
    }

    /// <summary>Whether a key is there.</summary>
    public bool Has(Option option) => Child(option).Exists();

    /// <summary>Reads a number that may have a fraction; null when absent.</summary>
    public double? Decimal(Option option)
    {
        if (Text(option with { Max = 100 }) is not { } text)
            return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= option.Min && number <= option.Max)
            return number;
        Refuse(option.Key, $"is \"{text}\"", $"Write a number from {Plain(option.Min)} to {Plain(option.Max)}.");
        return null;
    }

    /// <summary>Reads a number of seconds.</summary>
    public TimeSpan? Seconds(Option option)
    {
        if (Text(option with { Max = 100 }) is not { } text)
            return null;
        if (SpanText.TryParse(text, out var span) && span.TotalSeconds >= option.Min && span.TotalSeconds <= option.Max)
            return span;
        Refuse(option.Key, $"is \"{text}\"", $"Write a number of seconds from {Plain(option.Min)} to {Plain(option.Max)}.");
        return null;
    }

    /// <summary>Reads a list of time spans; null when absent or empty.</summary>
    public IReadOnlyList<TimeSpan>? Spans(Option option)
    {
        var spans = new List<TimeSpan>();
        foreach (var (path, text) in Items(option))
        {
            if (SpanText.TryParse(text, out var span))
                spans.Add(span);
            else
                faults.Add(new(FaultSeverity.Error, path, $"\"{text}\" is not a time span.", $"Write {SpanText.Forms}."));
        }

        return spans.Count > 0 ? spans : null;
    }

    /// <summary>Reads a list of texts; empty when absent.</summary>
    public IReadOnlyList<string> Texts(Option option) => [.. Items(option).Select(item => item.Text)];

    /// <summary>Reads a list of texts with the path of each.</summary>
    public IReadOnlyList<(string Path, string Text)> Items(Option option)
    {
        var child = Child(option);
        var items = child.GetChildren().ToArray();
        if (!string.IsNullOrEmpty(child.Value) || items.Any(item => !item.Key.All(char.IsAsciiDigit)))
        {
            Refuse(option.Key, "must be a list", "Write the values between [ and ], separated by commas.");
            return [];
        }

        if (items.Length > option.Max)
            Refuse(option.Key, $"has {items.Length} entries", $"At most {Plain(option.Max)} are allowed.");
        foreach (var item in items.Where(item => string.IsNullOrWhiteSpace(item.Value)))
            faults.Add(new(FaultSeverity.Error, KeyPath.Of(item), "An entry is empty or no text.", "Write a text in quotes, or remove the entry."));
        foreach (var item in items.Where(item => !IsStorable(item.Value ?? "")))
            faults.Add(new(FaultSeverity.Error, KeyPath.Of(item), $"An entry has {Unstorable}.", Rewrite));
        return [.. items.Where(item => !string.IsNullOrWhiteSpace(item.Value)).Select(item => (KeyPath.Of(item), item.Value!))];
    }

    /// <summary>The objects of a list; a fault when it is no list of objects.</summary>
    public IReadOnlyList<IConfigurationSection> Objects(Option option)
    {
        var child = Child(option);
        var items = child.GetChildren().ToArray();
        if (!string.IsNullOrEmpty(child.Value) || items.Any(item => !item.Key.All(char.IsAsciiDigit)))
        {
            Refuse(option.Key, "must be a list", "Write objects { … } between [ and ], separated by commas.");
            return [];
        }

        foreach (var item in items.Where(item => !item.GetChildren().Any()))
            faults.Add(new(FaultSeverity.Error, KeyPath.Of(item), "An entry has no keys.", "Write an object { … } with its keys, or remove the entry."));
        return [.. items.Where(item => item.GetChildren().Any())];
    }

    /// <summary>Reads headers by name.</summary>
    public IReadOnlyList<SecretHeader> Headers(Option option)
    {
        var child = Child(option);
        if (!string.IsNullOrEmpty(child.Value))
        {
            Refuse(option.Key, "must be an object", "Write { \"Name\": \"value\" }.");
            return [];
        }

        var headers = new List<SecretHeader>();
        foreach (var item in child.GetChildren())
        {
            if (HeaderRules.Find(item.Key, item.Value) is { } objection)
                faults.Add(new(FaultSeverity.Error, KeyPath.Of(item), objection.Message, objection.Remedy));
            else
                headers.Add(new SecretHeader(item.Key, item.Value!));
        }

        return headers;
    }

    /// <summary>Reads a signing secret.</summary>
    public WebhookSecret? Secret(Option option)
    {
        if (Text(option) is not { } text)
            return null;
        if (WebhookSecret.TryParse(text, out var secret))
            return secret;
        Refuse(option.Key, "is not a signing secret", "Write whsec_ and 24 to 64 random bytes in base64, for example from: echo whsec_$(openssl rand -base64 32)");
        return null;
    }

    /// <summary>Adds a fault for each key that is not among the known ones, and for each of which two names are there.</summary>
    public void RefuseUnknown(IReadOnlyList<Option> known)
    {
        RefuseUnknown(known.SelectMany(option => option.Names).Distinct(StringComparer.OrdinalIgnoreCase));
        foreach (var option in known.Where(option => option.Aliases.Count > 0))
        {
            if (option.Names.Where(name => section.GetSection(name).Exists()).ToArray() is [var first, var second, ..])
                Refuse(option.Key, $"stands here twice, as \"{first}\" and as \"{second}\"", "Remove one of them.");
        }
    }

    /// <summary>Adds a fault for each key that is not among the known ones.</summary>
    public void RefuseUnknown(IEnumerable<string> known)
    {
        var names = known.ToArray();
        foreach (var child in section.GetChildren())
        {
            if (names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                continue;
            var guess = Nearest.To(child.Key, names);
            faults.Add(new(
                FaultSeverity.Error,
                KeyPath.Of(child),
                $"The key \"{child.Key}\" is not known here.",
                guess is null ? $"Remove it. Known keys: {string.Join(", ", names)}." : $"Did you mean \"{guess}\"?"));
        }
    }

    /// <summary>Adds an error for a key.</summary>
    public void Refuse(string key, string what, string remedy) =>
        faults.Add(new(FaultSeverity.Error, PathOf(key), $"{key} {what}.", remedy));

    /// <summary>Adds a warning for a key.</summary>
    public void Warn(string key, string what, string remedy) =>
        faults.Add(new(FaultSeverity.Warning, PathOf(key), $"{key} {what}.", remedy));

    // PostgreSQL stores neither; line breaks and tabs are wanted in some texts.
    private static bool IsStorable(string text) => PostgresText.Storable(text) == text;

    private static string Plain(double number) => number.ToString(CultureInfo.InvariantCulture);
}
