using Dam.Hosting;
using Microsoft.Extensions.Configuration;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>Reads <c>filter{}</c> and <c>payload</c> of a hook.</summary>
internal static class HookFilterReader
{
    /// <summary>Reads the filter; null when there is none, and when it has nothing to filter by.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="faults">Where faults are added.</param>
    public static HookFilter? Read(IConfigurationSection hook, ICollection<PluginFault> faults)
    {
        var section = hook.GetSection(HookOptions.Filter.Key);
        if (!string.IsNullOrEmpty(section.Value))
        {
            new SectionReader(hook, faults).Refuse(HookOptions.Filter.Key, "must be an object", "Write its keys between { and }.");
            return null;
        }
        var reader = new SectionReader(section, faults);
        reader.RefuseUnknown(FilterOptions.All.Select(option => option.Key));
        var filter = new HookFilter
        {
            Types = reader.Texts(FilterOptions.Types),
            Collections = reader.Texts(FilterOptions.Collections),
            Fields = [.. reader.Objects(FilterOptions.Fields).Select(field => ReadField(field, faults)).OfType<FieldFilter>()],
        };
        return filter.Types.Count + filter.Collections.Count + filter.Fields.Count > 0 ? filter : null;
    }

    /// <summary>Reads whether the hook is sent the thin form; a fault where its dialect has none.</summary>
    /// <param name="reader">Reads the hook.</param>
    /// <param name="dialect">Its dialect; null when it is not known.</param>
    /// <param name="dialects">All dialects, to name those that have it.</param>
    public static bool ReadThin(SectionReader reader, IDialect? dialect, IEnumerable<IDialect> dialects)
    {
        if (reader.Choice(HookOptions.Payload) != "thin")
            return false;
        if (dialect is { OffersThin: false })
        {
            reader.Refuse(
                HookOptions.Payload.Key,
                $"is \"thin\", and the receivers of the dialect {dialect.Name} know no thin form",
                $"Remove it, or choose one of these dialects: {string.Join(", ", dialects.Where(each => each.OffersThin).Select(each => each.Name))}.");
        }
        return true;
    }

    private static FieldFilter? ReadField(IConfigurationSection section, ICollection<PluginFault> faults)
    {
        var reader = new SectionReader(section, faults);
        reader.RefuseUnknown(FieldFilterOptions.All.Select(option => option.Key));
        var (from, to) = (ReadValues(section, FieldFilterOptions.From, faults), ReadValues(section, FieldFilterOptions.To, faults));
        return reader.Text(FieldFilterOptions.Name) is { } name ? new FieldFilter(name, from, to) : null;
    }

    // Unlike other lists, the empty text means something here: no value.
    private static IReadOnlyList<string> ReadValues(IConfigurationSection section, Option option, ICollection<PluginFault> faults)
    {
        var child = section.GetSection(option.Key);
        var items = child.GetChildren().ToArray();
        if (!string.IsNullOrEmpty(child.Value) || items.Any(item => !item.Key.All(char.IsAsciiDigit) || item.GetChildren().Any()))
            new SectionReader(section, faults).Refuse(option.Key, "must be a list of texts", "Write the values between [ and ], separated by commas; \"\" for no value.");
        else if (items.Length > option.Max)
            new SectionReader(section, faults).Refuse(option.Key, $"has {items.Length} entries", $"At most {option.Max} are allowed.");
        return [.. items.Select(item => item.Value ?? "")];
    }
}
