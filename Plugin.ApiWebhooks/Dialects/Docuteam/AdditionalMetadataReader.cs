using System.Text.RegularExpressions;
using Dam.Hosting;
using Microsoft.Extensions.Configuration;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects.Docuteam;

/// <summary>Reads <c>additionalMetadata[]</c> of a docuteam hook.</summary>
/// <param name="faults">Where faults are added.</param>
internal sealed partial class AdditionalMetadataReader(ICollection<PluginFault> faults)
{
    private static readonly Option FieldLabel = new("fieldLabel", OptionKind.Text) { Required = true, Max = 100, Aliases = ["Field label"] };
    private static readonly Option Predicate = new("predicate", OptionKind.Text) { Required = true, Max = 2000, Suggestions = Offer(DocuteamPredicates.Predicates) };
    private static readonly Option Category = new("category", OptionKind.Text) { Max = 2000, Suggestions = Offer(DocuteamPredicates.Categories) };
    private static readonly Option IncludePrevious = new("includePreviousValues", OptionKind.Flag) { Default = "false", Aliases = ["Include previous values"] };
    private static readonly Option InsertMultiple = new("insertMultipleValues", OptionKind.Flag) { Default = "false", Aliases = ["Insert multiple values"] };

    /// <summary>The keys of a row.</summary>
    public static IReadOnlyList<Option> Options { get; } = [FieldLabel, Predicate, Category, IncludePrevious, InsertMultiple];

    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);

    /// <summary>Reads all rows, in their order; a faulty one is left out.</summary>
    public IReadOnlyList<AdditionalMetadata> ReadAll(IReadOnlyList<IConfigurationSection> sections) =>
        [.. sections.Select(Read).OfType<AdditionalMetadata>()];

    private static IReadOnlyList<(string, string)> Offer(IReadOnlyList<OfferedTerm> terms) => [.. terms.Select(term => (term.PrefixedName, term.Meaning))];

    private AdditionalMetadata? Read(IConfigurationSection section)
    {
        var reader = new SectionReader(section, faults);
        reader.RefuseUnknown(Options);
        var label = reader.Text(FieldLabel);
        if (label is not null)
            CheckLabel(reader, label);
        var predicate = ReadIri(reader, Predicate, DocuteamPredicates.Predicates);
        var category = ReadIri(reader, Category, DocuteamPredicates.Categories);
        if (label is null || predicate is null)
            return null;
        return new AdditionalMetadata
        {
            FieldLabel = label,
            Predicate = predicate,
            Category = category,
            IncludePreviousValues = reader.Flag(IncludePrevious, otherwise: false),
            InsertMultipleValues = reader.Flag(InsertMultiple, otherwise: false),
        };
    }

    private void CheckLabel(SectionReader reader, string label)
    {
        if (!SafeLabel().IsMatch(label))
            reader.Refuse(FieldLabel.Key, $"is \"{label}\"", "Use letters, digits, hyphens, underscores, full stops and inner spaces only.");
        else if (DocuteamPayload.ReservedKeys.Contains(label))
            reader.Refuse(FieldLabel.Key, $"is \"{label}\", which the event has a key for already", "Choose another label.");
        else if (!_labels.TryAdd(label, reader.Path))
            reader.Refuse(FieldLabel.Key, $"\"{label}\" is that of {_labels[label]} too", "Give each row a label of its own.");
    }

    private static string? ReadIri(SectionReader reader, Option option, IReadOnlyList<OfferedTerm> offered)
    {
        if (reader.Text(option)?.Trim() is not { } text)
            return null;
        if (DocuteamPredicates.Resolve(text, offered) is { } iri)
            return iri;
        reader.Refuse(option.Key, $"is \"{text}\"", DocuteamPredicates.Remedy(text, offered));
        return null;
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}_](?:[\p{L}\p{Nd}_. -]*[\p{L}\p{Nd}_])?$")]
    private static partial Regex SafeLabel();
}
