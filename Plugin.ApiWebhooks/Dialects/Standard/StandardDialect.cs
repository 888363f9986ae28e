using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects.Standard;

/// <summary>
/// The vocabulary of Standard Webhooks 1.0: <c>{"type","timestamp","data"}</c>. Own key: <c>events[]</c>, types or <c>record.*</c>; all changes when absent.
/// </summary>
internal sealed class StandardDialect : IDialect
{
    public string Name => "standard";

    public string Title => "Standard Webhooks";

    public IReadOnlyList<Option> Options { get; } = [StandardFilter.EventTypes];

    public IReadOnlyList<EventDescription> Events => StandardCatalogue.Events;

    public bool OffersThin => true;

    public DialectRules? Read(HookSection hook, ICollection<PluginFault> faults) =>
        StandardFilter.Read(hook, faults) is { } filter ? new StandardRules(filter.Changes, filter.Notices) : null;
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
