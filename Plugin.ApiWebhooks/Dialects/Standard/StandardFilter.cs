using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects.Standard;

/// <summary>What a hook asked for by <c>events[]</c>.</summary>
/// <param name="Changes">The kinds of changes.</param>
/// <param name="Notices">The types of notices of the plugin itself.</param>
internal sealed record StandardFilter(IReadOnlySet<ChangeKind> Changes, IReadOnlySet<string> Notices)
{
    /// <summary>The key: types, <c>record.*</c> or <c>*</c>; all changes when absent.</summary>
    public static readonly Option EventTypes = new("events", OptionKind.Texts) { Default = "[\"*\"]", Max = 100 };

    /// <summary>Reads <c>events[]</c>.</summary>
    /// <returns>The filter, or null when a fault was found.</returns>
    public static StandardFilter? Read(HookSection hook, ICollection<PluginFault> faults)
    {
        var wanted = new HashSet<ChangeKind>();
        var notices = new HashSet<string>(StringComparer.Ordinal);
        var before = faults.Count;
        foreach (var (path, text) in new SectionReader(hook.Section, faults).Items(EventTypes))
        {
            var kinds = StandardEvents.Matching(text.Trim());
            wanted.UnionWith(kinds);
            var ofPlugin = StandardEvents.MatchingNotices(text.Trim());
            notices.UnionWith(ofPlugin);
            if (kinds.Count + ofPlugin.Count > 0)
                continue;
            var guess = Nearest.To(text, [.. StandardEvents.All, .. StandardEvents.Notices]);
            faults.Add(new(
                FaultSeverity.Error,
                path,
                $"\"{text}\" is no event type.",
                guess is null ? $"Write *, record.*, or one of: {string.Join(", ", StandardEvents.All.Concat(StandardEvents.Notices))}." : $"Did you mean \"{guess}\"?"));
        }
        if (faults.Count > before)
            return null;
        return new StandardFilter(wanted.Count + notices.Count > 0 ? wanted : Enum.GetValues<ChangeKind>().ToHashSet(), notices);
    }
}
