using System.Text.Json.Nodes;
using Dam.Hosting;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>Reads <c>hooks[]</c>: the keys that all have, and through its dialect the keys of that.</summary>
/// <param name="context">What the reading depends on.</param>
/// <param name="faults">Where faults are added.</param>
internal sealed class HookReader(ReadingContext context, ICollection<PluginFault> faults)
{
    private readonly Dictionary<string, string> _labels = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);

    /// <summary>Reads all hooks; a faulty one is left out, its faults are added.</summary>
    public IReadOnlyList<HookSettings> ReadAll(IReadOnlyList<HookSection> sections) =>
        [.. sections.Select(Read).OfType<HookSettings>()];

    /// <summary>Reads one hook; null when it is faulty.</summary>
    public HookSettings? Read(HookSection section)
    {
        var reader = new SectionReader(section.Section, faults);
        var label = reader.Text(HookOptions.Label)?.Trim();
        var dialect = FindDialect(reader);
        var ofDialect = dialect?.Options ?? context.Dialects.SelectMany(each => each.Options);
        reader.RefuseUnknown([.. HookOptions.All, .. ofDialect]);
        // Every key is read before anything is given up: all faults at once.
        var hook = new HookSettings
        {
            Key = ReadKey(reader, label),
            Label = label ?? "",
            Filed = section.Id is null ? new FiledHook(reader.Path, JsonObject.Create(section.Json) ?? []) : null,
            Dialect = dialect?.Name ?? "",
            Url = ReadUrl(reader, dialect) ?? "",
            Secret = DemoSecret.Read(reader, HookOptions.Secret, context.IsDevelopment),
            Signing = ReadSigning(reader),
            Enabled = reader.Flag(HookOptions.Enabled, otherwise: true),
            Headers = ReadHeaders(reader, dialect),
            Timeout = reader.Seconds(HookOptions.Timeout),
            Schedule = reader.Spans(HookOptions.Schedule),
            StartFrom = ReadStart(reader),
            Order = reader.Choice(HookOptions.Order) is { } order ? OrderNames.Order(order) : DeliveryOrder.None,
            Rate = ReadRate(reader),
            ApiKeyName = reader.Text(HookOptions.ApiKeyName),
            SendOwnChanges = reader.Flag(HookOptions.SendOwnChanges, otherwise: false),
            Filter = HookFilterReader.Read(section.Section, faults),
            IsThin = HookFilterReader.ReadThin(reader, dialect, context.Dialects),
            Roots = context.Files.ReadRoots(reader, HookOptions.CaFile),
            Identity = context.Files.ReadIdentity(reader, HookOptions.ClientCertificateFile, HookOptions.ClientCertificateKeyFile, HookOptions.ClientCertificatePassword),
            Proxy = NetworkReader.ReadProxy(reader, HookOptions.Proxy, out var refusesProxy),
            RefusesProxy = refusesProxy,
            Rules = dialect?.Read(section, faults)!,
        };
        if (label is not null)
            RefuseDuplicate(reader, _labels, "label", label);
        if (hook is { Signing: HookSigning.V1a, Secret: not null })
            reader.Warn("secret", "is not used, since the hook signs with its key pair alone", "Remove it, or write \"signing\": \"both\".");
        var isWhole = hook is { Label.Length: > 0, Url.Length: > 0, Rules: not null };
        return isWhole ? hook with { SecretIsConfigured = hook.Secret is not null } : null;
    }

    // A dialect whose headers have another form reads them itself.
    private static IReadOnlyList<SecretHeader> ReadHeaders(SectionReader reader, IDialect? dialect) =>
        dialect is not null && dialect.Options.Any(option => option.Key == HookOptions.Headers.Key) ? [] : reader.Headers(HookOptions.Headers);

    private static RateLimit? ReadRate(SectionReader reader)
    {
        var perSecond = reader.Decimal(HookOptions.RatePerSecond);
        int? burst = reader.Has(HookOptions.RateBurst) ? reader.Number(HookOptions.RateBurst, otherwise: 1) : null;
        if (burst is not null && !reader.Has(HookOptions.RatePerSecond))
            reader.Refuse("rateBurst", "stands without ratePerSecond", "Add \"ratePerSecond\", or remove rateBurst.");
        return perSecond is { } rate ? RateLimit.Of(rate, burst) : null;
    }

    private IDialect? FindDialect(SectionReader reader)
    {
        var name = reader.Text(HookOptions.Dialect) ?? "standard";
        var dialect = context.Dialects.FirstOrDefault(each => string.Equals(each.Name, name, StringComparison.OrdinalIgnoreCase));
        if (dialect is null)
            reader.Refuse("dialect", $"is \"{name}\", which is not known", $"Write one of: {string.Join(", ", context.Dialects.Select(each => each.Name))}.");
        return dialect;
    }

    private HookSigning ReadSigning(SectionReader reader)
    {
        var signing = reader.Choice(HookOptions.Signing) switch { "v1a" => HookSigning.V1a, "both" => HookSigning.Both, _ => HookSigning.V1 };
        if (signing != HookSigning.V1 && !context.OffersEd25519)
            reader.Refuse("signing", "asks for Ed25519, which this machine does not offer", "Install OpenSSL 3 (libcrypto.so.3, on Linux) and start the host again, or write \"v1\".");
        return signing;
    }

    private string ReadKey(SectionReader reader, string? label)
    {
        var given = reader.Text(HookOptions.Key);
        if (given is not null && !StableKey.IsValid(given))
            reader.Refuse("key", $"is \"{given}\"", "Use letters, digits, hyphens, underscores and full stops only.");
        var key = given ?? (label is null ? null : StableKey.Slug(label, "hook"));
        // Equal labels have been told already.
        if (key is not null && (given is not null || label is null || !_labels.ContainsKey(label)))
            RefuseDuplicate(reader, _keys, given is null ? "label" : "key", key);
        return key ?? "";
    }

    private string? ReadUrl(SectionReader reader, IDialect? dialect)
    {
        if (reader.Text(HookOptions.Url) is not { } text)
            return null;
        var url = BaseAddress.Expand(text, context.BaseUri);
        if ((dialect is null ? AddressRules.Find(url) : dialect.FindObjection(url)) is not { } objection)
            return url;
        reader.Refuse("url", objection.What, objection.Remedy);
        return null;
    }

    private static StartFrom ReadStart(SectionReader reader)
    {
        if (reader.Text(HookOptions.StartFrom) is not { } text)
            return new StartFrom.Now();
        if (StartFrom.Parse(text) is { } start)
            return start;
        reader.Refuse(HookOptions.StartFrom.Key, $"is \"{text}\"", $"Write \"now\", \"beginning\" or {IsoTime.Forms}.");
        return new StartFrom.Now();
    }

    private static void RefuseDuplicate(SectionReader reader, Dictionary<string, string> seen, string option, string value)
    {
        if (seen.TryAdd(value, reader.Path) || seen[value] == reader.Path)
            return;
        reader.Refuse(option, $"\"{value}\" is that of {seen[value]} too", option == "key"
            ? "Give each hook a key of its own."
            : "Give each hook a label of its own, or a \"key\" of its own when only the letters differ.");
    }
}
