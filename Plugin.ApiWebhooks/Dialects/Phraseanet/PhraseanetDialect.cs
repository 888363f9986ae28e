using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects.Phraseanet;

/// <summary>
/// The vocabulary of Phraseanet 4.1. Own keys: <c>listened_events[]</c>, everything when empty, and <c>format</c>: <c>legacy</c> for the shape of
/// <c>new_feed_entry</c> that its documentation shows.
/// </summary>
internal sealed class PhraseanetDialect : IDialect
{
    /// <summary>Its name.</summary>
    public const string DialectName = "phraseanet";

    private const string Legacy = "legacy";

    /// <summary>The events that are sent.</summary>
    public static readonly Option ListenedEvents = new("listened_events", OptionKind.Texts) { Default = "[]", Max = 50 };

    private static readonly Option Format = new("format", OptionKind.Choice) { Default = "\"current\"", Choices = ["current", Legacy] };

    public string Name => DialectName;

    public string Title => "Phraseanet";

    public IReadOnlyList<Option> Options { get; } = [ListenedEvents, Format];

    public IReadOnlyList<EventDescription> Events { get; } =
    [
        .. PhraseanetEvents.All.Where(each => each.Kind is not null).Select(Describe),
        new(PhraseanetEvents.NewFeedEntry, "An entry was published in a feed, in the shape of the documentation of Phraseanet 3.8 to 4.1.", ChangeKind.FeedEntryPublished, PhraseanetJson.Default.LegacyFeedEvent)
        {
            Form = Legacy,
            Hook = """{"format":"legacy"}""",
            CompleteSchema = schema => PayloadSchema.SetConstant(schema, "name", PhraseanetEvents.NewFeedEntry),
        },
    ];

    public DialectRules? Read(HookSection hook, ICollection<PluginFault> faults)
    {
        var reader = new SectionReader(hook.Section, faults);
        var before = faults.Count;
        var isLegacy = reader.Choice(Format) == Legacy;
        var listened = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, text) in reader.Items(ListenedEvents))
        {
            var name = text.Trim();
            if (!PhraseanetEvents.IsKnown(name))
                RefuseUnknown(path, name, faults);
            else if (isLegacy && name != PhraseanetEvents.NewFeedEntry)
                faults.Add(new(FaultSeverity.Error, path, $"\"{name}\" has no legacy shape.", $"Leave only {PhraseanetEvents.NewFeedEntry}, or remove format."));
            else
                listened.Add(name);
        }
        if (faults.Count > before)
            return null;
        if (isLegacy)
            listened.Add(PhraseanetEvents.NewFeedEntry);
        // A switched-off application is owed nothing, as in Phraseanet; a hook of config.json that is not enabled is owed what it misses, like those of other dialects.
        var isOff = hook.Owner is not null && !reader.Flag(HookOptions.Enabled, otherwise: true);
        return new PhraseanetRules(listened.Count > 0 ? listened : null, isLegacy, isOff);
    }

    private static void RefuseUnknown(string path, string name, ICollection<PluginFault> faults)
    {
        var names = PhraseanetEvents.All.Select(each => each.Name).ToArray();
        var guess = Nearest.To(name, names);
        faults.Add(new(
            FaultSeverity.Error, path, $"\"{name}\" is no event of Phraseanet.", guess is null ? $"Write one of: {string.Join(", ", names)}." : $"Did you mean \"{guess}\"?"));
    }

    private static EventDescription Describe(PhraseanetEvent each) => new(each.Name, each.Description, each.Kind, TypeOf(each.Name))
    {
        Hook = $$"""{"listened_events":["{{each.Name}}"]}""",
        CompleteSchema = schema =>
        {
            PayloadSchema.SetConstant(schema, "event", each.Name);
            if (each.Name == PhraseanetEvents.RecordEdited)
                DescribeMaps(schema["properties"]!["data"]!["properties"]!["description"]!["properties"]!.AsObject(), "before", "after");
            if (TypeOf(each.Name) == PhraseanetJson.Default.RegistrationEvent)
                DescribeMaps(schema["properties"]!.AsObject(), "granted", "rejected");
        },
    };

    // PHP's empty map is a list.
    private static void DescribeMaps(JsonObject properties, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            properties[name] = new JsonObject { ["type"] = new JsonArray("object", "array"), ["additionalProperties"] = new JsonObject { ["type"] = "string" } };
    }

    private static JsonTypeInfo TypeOf(string name) => name switch
    {
        PhraseanetEvents.RecordCreated => PhraseanetJson.Default.CreatedEvent,
        PhraseanetEvents.RecordEdited => PhraseanetJson.Default.EditedEvent,
        PhraseanetEvents.RecordCollectionChanged => PhraseanetJson.Default.MovedEvent,
        PhraseanetEvents.RecordStatusChanged => PhraseanetJson.Default.StatusEvent,
        PhraseanetEvents.RecordDeleted or PhraseanetEvents.RecordMediaSubstituted => PhraseanetJson.Default.RecordEvent,
        PhraseanetEvents.UserCreated or PhraseanetEvents.UserDeleted => PhraseanetJson.Default.UserEvent,
        PhraseanetEvents.RegistrationGranted or PhraseanetEvents.RegistrationRejected => PhraseanetJson.Default.RegistrationEvent,
        PhraseanetEvents.NewFeedEntry => PhraseanetJson.Default.FeedEvent,
        _ => PhraseanetJson.Default.OrderEvent,
    };
}

/// <summary>What one application listens to.</summary>
/// <param name="listened">The events; null for everything.</param>
/// <param name="isLegacy">Whether entries of feeds are told in the documented shape.</param>
/// <param name="isOff">Whether it is switched off and wants nothing.</param>
internal sealed class PhraseanetRules(IReadOnlySet<string>? listened, bool isLegacy, bool isOff) : DialectRules
{
    // The only thing in which the bytes of one change depend on the list: whether an edit that also changes the status is told as the edit.
    public override string RenderingKey { get; } =
        isLegacy ? "phraseanet legacy" : listened is null || listened.Contains(PhraseanetEvents.RecordEdited) ? "phraseanet" : "phraseanet without edits";

    public override bool Wants(Change change) => !isOff && PhraseanetEvents.Of(change, listened) is not null;

    public override bool MayReceive(Change change, HostUser owner, IRecordReader records) =>
        PhraseanetEvents.Of(change, listened) is { } name && PhraseanetRights.MayReceive(name, change, owner, records);

    public override Rendering Render(Change change, IHostInformation host) => new(
        "application/json",
        isLegacy ? PhraseanetBodies.WriteLegacy(change.FeedEntry!) : PhraseanetBodies.Write(PhraseanetEvents.Of(change, listened)!, change, host));
}
