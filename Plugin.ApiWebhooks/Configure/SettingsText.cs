using System.Globalization;
using System.Text.Json;
using Dam.Hosting;
using Microsoft.Extensions.Configuration;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>What reading a config.json gave.</summary>
/// <param name="Settings">The settings, or null when an error among the faults forbids to use them.</param>
/// <param name="Faults">Everything that is wrong, warnings included, in the order of the file.</param>
internal sealed record SettingsReading(PluginSettings? Settings, IReadOnlyList<PluginFault> Faults);

/// <summary>What the reading of a configuration depends on beside its text.</summary>
/// <param name="Dialects">The dialects there are.</param>
/// <param name="BaseUri">The host's own address.</param>
/// <param name="IsDevelopment">Whether published demo secrets are in place.</param>
internal sealed record ReadingContext(IReadOnlyList<IDialect> Dialects, Uri BaseUri, bool IsDevelopment)
{
    /// <summary>Whether the machine can sign with Ed25519.</summary>
    public bool OffersEd25519 { get; init; } = Ed25519.IsSupported;

    /// <summary>Reads certificates, and remembers which files this reading looked at.</summary>
    public CertificateFiles Files { get; init; } = new("");
}

/// <summary>Reads the text of a config.json. All or nothing: one error, and the whole text is refused, with every fault named.</summary>
internal static class SettingsText
{
    /// <summary>Reads a text.</summary>
    /// <param name="utf8">The text, with or without a byte order mark.</param>
    /// <param name="context">What the reading depends on.</param>
    public static SettingsReading Read(ReadOnlyMemory<byte> utf8, ReadingContext context)
    {
        var text = utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        if (FindWrongText(text.Span) is { } wrong)
            return new SettingsReading(null, [wrong]);
        var scan = JsonText.Scan(text.Span);
        if (scan.Faults.Count > 0)
            return new SettingsReading(null, scan.Faults);
        using var stream = new MemoryStream(text.ToArray(), writable: false);
        var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
        using var disposal = configuration as IDisposable;
        using var json = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var faults = new List<PluginFault>();
        var settings = Read(configuration, json.RootElement, context, faults);
        var refused = faults.Exists(fault => fault.Severity == FaultSeverity.Error);
        return new SettingsReading(refused ? null : settings, scan.InOrder(faults));
    }

    // What the reader of JSON would tell in words that help nobody.
    private static PluginFault? FindWrongText(ReadOnlySpan<byte> text)
    {
        if (text is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return new(FaultSeverity.Error, "config.json", "The file is not JSON: it is encoded as UTF-16.", "Save it as UTF-8.");
        return text.Trim(" \t\r\n"u8).IsEmpty
            ? new(FaultSeverity.Error, "config.json", "The file is not JSON: it is empty.", "Copy config.example.json there and edit it, or write {} for no buttons and no hooks.")
            : null;
    }

    private static PluginSettings Read(IConfiguration root, JsonElement json, ReadingContext context, List<PluginFault> faults)
    {
        var top = new SectionReader(root, faults);
        top.RefuseUnknown(TopOptions.All.Select(option => option.Key));
        var network = NetworkReader.Read(Part(root, TopOptions.Network, NetworkOptions.All, faults), context.BaseUri, faults);
        var buttons = ButtonReader.ReadAll(top.Objects(TopOptions.Buttons), context, faults);
        var hooks = new HookReader(context, faults).ReadAll(Sections(top.Objects(TopOptions.Hooks), json));
        return new PluginSettings(
            [.. buttons.Select(button => button with { Via = NetworkReader.WayOf(button, network) })],
            [.. hooks.Select(hook => hook with { Via = NetworkReader.WayOf(hook, network) })],
            ReadDelivery(Part(root, TopOptions.Delivery, DeliveryOptions.All, faults)),
            network,
            ReadStorage(Part(root, TopOptions.Storage, StorageOptions.All, faults)),
            ReadCkan(Part(root, TopOptions.Ckan, CkanOptions.All, faults)));
    }

    // Configuration knows keys in any case; so does this.
    private static IReadOnlyList<HookSection> Sections(IReadOnlyList<IConfigurationSection> sections, JsonElement json)
    {
        if (sections.Count == 0)
            return [];
        var hooks = json.EnumerateObject().First(property => property.NameEquals(TopOptions.Hooks.Key) || property.Name.Equals(TopOptions.Hooks.Key, StringComparison.OrdinalIgnoreCase)).Value;
        return [.. sections.Select(section => new HookSection(section, hooks[int.Parse(section.Key, CultureInfo.InvariantCulture)].Clone()))];
    }

    private static SectionReader Part(IConfiguration root, Option option, IReadOnlyList<Option> known, List<PluginFault> faults)
    {
        var section = root.GetSection(option.Key);
        var reader = new SectionReader(section, faults);
        if (!string.IsNullOrEmpty(section.Value))
            faults.Add(new(FaultSeverity.Error, option.Key, $"{option.Key} must be an object.", "Write its keys between { and }."));
        reader.RefuseUnknown(known.Select(each => each.Key));
        return reader;
    }

    private static DeliverySettings ReadDelivery(SectionReader reader)
    {
        var defaults = new DeliverySettings();
        return new DeliverySettings
        {
            Schedule = reader.Spans(DeliveryOptions.Schedule) ?? defaults.Schedule,
            JitterPercent = reader.Number(DeliveryOptions.JitterPercent, defaults.JitterPercent),
            Timeout = reader.Seconds(DeliveryOptions.Timeout) ?? defaults.Timeout,
            Concurrency = reader.Number(DeliveryOptions.Concurrency, defaults.Concurrency),
            ConcurrencyPerHook = reader.Number(DeliveryOptions.ConcurrencyPerHook, defaults.ConcurrencyPerHook),
            DisableAfter = TimeSpan.FromDays(reader.Number(DeliveryOptions.DisableAfter, defaults.DisableAfter.Days)),
            SecretOverlap = TimeSpan.FromHours(reader.Number(DeliveryOptions.SecretOverlap, (int)defaults.SecretOverlap.TotalHours)),
            Gather = TimeSpan.FromMilliseconds(reader.Number(DeliveryOptions.Gather, (int)defaults.Gather.TotalMilliseconds)),
            MostMessageBytes = 1024 * reader.Number(DeliveryOptions.MostMessageKilobytes, defaults.MostMessageBytes / 1024),
        };
    }

    private static StorageSettings ReadStorage(SectionReader reader)
    {
        var file = reader.Text(StorageOptions.File);
        if (file is not null && file.IndexOfAny(Path.GetInvalidPathChars()) >= 0)
            reader.Refuse("file", "has a character that no path may have", "Write a file name such as \"webhooks.db\".");
        var defaults = new StorageSettings();
        return new StorageSettings
        {
            Provider = reader.Choice(StorageOptions.Provider) is { } provider ? Enum.Parse<StorageProvider>(provider, ignoreCase: true) : null,
            ConnectionString = ReadConnection(reader),
            File = file ?? defaults.File,
            Retain = TimeSpan.FromDays(reader.Number(StorageOptions.RetainDays, defaults.Retain.Days)),
            MostBytes = 1024L * 1024 * reader.Number(StorageOptions.MostMegabytes, (int)(defaults.MostBytes / (1024 * 1024))),
        };
    }

    private static string? ReadConnection(SectionReader reader)
    {
        if (reader.Text(StorageOptions.ConnectionString) is not { } text)
            return null;
        try
        {
            return new Npgsql.NpgsqlConnectionStringBuilder(text).ConnectionString;
        }
        catch (ArgumentException)
        {
            // What it says may hold the password.
            reader.Refuse(StorageOptions.ConnectionString.Key, "is not a connection string of Npgsql", "Write one such as \"Host=db.example.org;Database=dam;Username=dam;Password=...\".");
            return null;
        }
    }

    private static CkanSettings ReadCkan(SectionReader reader) =>
        reader.Choice(CkanOptions.MinimumAuth) is { } role
            ? new CkanSettings { MinimumAuth = Enum.Parse<CkanMinimumAuth>(role, ignoreCase: true) }
            : new CkanSettings();
}
