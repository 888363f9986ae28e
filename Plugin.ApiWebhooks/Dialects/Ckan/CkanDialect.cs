using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects.Ckan;

/// <summary>The vocabulary of ckanext-webhooks 0.8. Own key: <c>topic</c>, one of <see cref="CkanTopics"/>; all six when absent.</summary>
internal sealed class CkanDialect : IDialect
{
    /// <summary>The dialect's name.</summary>
    public const string DialectName = "ckan";

    /// <summary>The key that names the topic.</summary>
    public static readonly Option Topic = new("topic", OptionKind.Choice) { Choices = CkanTopics.All };

    public string Name => DialectName;

    public string Title => "CKAN (ckanext-webhooks)";

    public IReadOnlyList<Option> Options { get; } = [Topic];

    public IReadOnlyList<EventDescription> Events => CkanCatalogue.Events;

    public DialectRules? Read(HookSection hook, ICollection<PluginFault> faults)
    {
        var reader = new SectionReader(hook.Section, faults);
        var topic = reader.Choice(Topic);
        if (topic is null && reader.Has(Topic))
            return null;
        return new CkanRules
        {
            Topic = topic,
            Address = hook.Section[HookOptions.Url.Key] ?? "",
            WebhookId = hook.Id?.ToString("D") ?? hook.Section[HookOptions.Key.Key] ?? StableKey.Slug(hook.Section[HookOptions.Label.Key] ?? "", "hook"),
            Owner = hook.Owner ?? "",
        };
    }
}
