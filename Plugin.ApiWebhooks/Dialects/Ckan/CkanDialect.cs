using Dam.Hosting;
using Microsoft.Extensions.Configuration;
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

    public IReadOnlyList<Option> Options { get; } = [Topic];

    public DialectRules? Read(IConfigurationSection hook, ICollection<PluginFault> faults)
    {
        var reader = new SectionReader(hook, faults);
        var topic = reader.Choice(Topic);
        if (topic is null && reader.Has(Topic))
            return null;
        return new CkanRules
        {
            Topic = topic,
            Address = hook[HookOptions.Url.Key] ?? "",
            WebhookId = hook[HookOptions.Key.Key] ?? StableKey.Slug(hook[HookOptions.Label.Key] ?? "", "hook"),
            Owner = "",
        };
    }
}
