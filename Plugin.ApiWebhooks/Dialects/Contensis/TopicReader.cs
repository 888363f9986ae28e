using Dam.Hosting;
using Microsoft.Extensions.Configuration;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>Reads <c>topics[]</c>. Every field but <c>resourceType</c> may be one text or a list of texts, null or empty.</summary>
/// <param name="faults">Where faults are added.</param>
internal sealed class TopicReader(ICollection<PluginFault> faults)
{
    private const int MostValues = 1000;

    private static readonly Option ResourceType = new("resourceType", OptionKind.Text) { Required = true, Max = 100 };
    private static readonly Option Event = new("event", OptionKind.Texts) { Default = "[]", Max = MostValues };
    private static readonly Option ContentTypeId = new("contentTypeId", OptionKind.Texts) { Default = "[]", Max = MostValues };
    private static readonly Option Language = new("language", OptionKind.Texts) { Default = "[]", Max = MostValues };
    private static readonly Option Owner = new("owner", OptionKind.Texts) { Default = "[]", Max = MostValues };
    private static readonly Option Id = new("id", OptionKind.Texts) { Default = "[]", Max = MostValues };
    private static readonly Option DataFormat = new("dataFormat", OptionKind.Texts) { Default = "[]", Max = MostValues };
    private static readonly Option WorkflowEvent = new("workflowEvent", OptionKind.Texts) { Default = "[]", Max = MostValues };
    private static readonly Option WorkflowState = new("workflowState", OptionKind.Texts) { Default = "[]", Max = MostValues };

    /// <summary>The keys of a topic.</summary>
    public static IReadOnlyList<Option> Options { get; } =
        [ResourceType, Event, ContentTypeId, Language, Owner, Id, DataFormat, WorkflowEvent, WorkflowState];

    /// <summary>The keys whose single value Contensis gives back as a list.</summary>
    public static IReadOnlyList<string> Lists { get; } = [Event.Key, ContentTypeId.Key, Language.Key, WorkflowEvent.Key, WorkflowState.Key];

    /// <summary>Reads all topics, in their order; a faulty one is left out.</summary>
    public IReadOnlyList<Topic> ReadAll(IReadOnlyList<IConfigurationSection> sections) => [.. sections.Select(Read).OfType<Topic>()];

    private Topic? Read(IConfigurationSection section)
    {
        var reader = new SectionReader(section, faults);
        reader.RefuseUnknown(Options.Select(option => option.Key));
        var type = ReadType(reader);
        var events = Values(section, Event);
        if (type is not null)
            CheckEvents(type, events);
        var topic = new Topic
        {
            ResourceType = type ?? "",
            Events = Texts(events),
            ContentTypeIds = Texts(Values(section, ContentTypeId)),
            Languages = Texts(Values(section, Language)),
            Owners = Texts(Values(section, Owner)),
            Ids = Texts(Values(section, Id)),
            DataFormats = Texts(Values(section, DataFormat)),
            WorkflowEvents = Texts(Values(section, WorkflowEvent)),
            WorkflowStates = Texts(Values(section, WorkflowState)),
        };
        return type is null ? null : topic;
    }

    private static string? ReadType(SectionReader reader)
    {
        if (reader.Text(ResourceType) is not { } text)
            return null;
        if (ContensisEvents.Of(text) is not null)
            return text;
        var guess = Nearest.To(text, [.. ContensisEvents.ResourceTypes]);
        reader.Refuse(
            ResourceType.Key,
            $"is \"{text}\", which is not known",
            guess is null ? $"Write one of: {string.Join(", ", ContensisEvents.ResourceTypes)}." : $"Did you mean \"{guess}\"?");
        return null;
    }

    private void CheckEvents(string type, List<(string Path, string Text)> events)
    {
        var known = ContensisEvents.Of(type)!;
        foreach (var (path, text) in events)
        {
            if (known.Contains(text, StringComparer.OrdinalIgnoreCase))
                continue;
            var guess = Nearest.To(text, [.. known]);
            faults.Add(new(
                FaultSeverity.Error,
                path,
                $"\"{text}\" is no event of the resource type {type}.",
                guess is null ? $"Write one of: {string.Join(", ", known)}." : $"Did you mean \"{guess}\"?"));
        }
    }

    private List<(string Path, string Text)> Values(IConfigurationSection topic, Option option)
    {
        var section = topic.GetSection(option.Key);
        if (!string.IsNullOrWhiteSpace(section.Value))
            return [(KeyPath.Of(section), section.Value)];
        var values = new List<(string, string)>();
        foreach (var item in section.GetChildren())
        {
            if (item.GetChildren().Any() || !item.Key.All(char.IsAsciiDigit))
                faults.Add(new(FaultSeverity.Error, KeyPath.Of(item), "A value is no text.", "Write a text, or texts between [ and ]."));
            else if (!string.IsNullOrWhiteSpace(item.Value))
                values.Add((KeyPath.Of(item), item.Value));
        }
        if (values.Count > option.Max)
            faults.Add(new(FaultSeverity.Error, KeyPath.Of(section), $"{option.Key} has {values.Count} values.", $"At most {MostValues} are allowed."));
        return values;
    }

    private static string[] Texts(List<(string Path, string Text)> values) => [.. values.Select(value => value.Text)];
}
