using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects.Standard;

/// <summary>
/// The vocabulary of Standard Webhooks 1.0: <c>{"type","timestamp","data"}</c>. Own key: <c>events[]</c>, types or <c>record.*</c>; all changes when absent.
/// </summary>
internal sealed class StandardDialect : IDialect
{
    private static readonly Option EventTypes = new("events", OptionKind.Texts) { Default = "[\"*\"]", Max = 100 };

    public string Name => "standard";

    public IReadOnlyList<Option> Options { get; } = [EventTypes];

    public IReadOnlyList<EventDescription> Events => StandardCatalogue.Events;

    public bool OffersThin => true;

    public DialectRules? Read(HookSection hook, ICollection<PluginFault> faults)
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
        return new StandardRules(wanted.Count + notices.Count > 0 ? wanted : [.. Enum.GetValues<ChangeKind>()], notices);
    }
}

/// <summary>The changes and notices one hook wants in the standard vocabulary.</summary>
internal sealed class StandardRules(IReadOnlySet<ChangeKind> wanted, IReadOnlySet<string>? notices = null) : DialectRules
{
    /// <summary>The bytes do not depend on the hook.</summary>
    public override string RenderingKey => "standard";

    public override bool Wants(Change change) => wanted.Contains(change.Kind);

    public override bool WantsNotice(string type) => notices?.Contains(type) == true;

    public override Rendering RenderNotice(DisabledNotice notice, IHostInformation host) => new("application/json", StandardPayload.Write(notice, host.BaseUri));

    public override Rendering Render(Change change, IHostInformation host) => new("application/json", StandardPayload.Write(change, host.BaseUri));

    public override Rendering RenderThin(Change change, IHostInformation host) => new("application/json", StandardPayload.WriteThin(change, host.BaseUri));
}
