using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Templates;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// The vocabulary of Contensis' webhook subscriptions. Own keys: <c>topics[]</c>, <c>method</c>, <c>headers{}</c>, <c>templates{}</c>, <c>project</c> and
/// <c>description</c>; the address, too, may have expressions in it.
/// </summary>
/// <param name="users">The users, for the names of who did it.</param>
internal sealed class ContensisDialect(IUserDirectory users) : IDialect
{
    /// <summary>The project of a hook that names none: the one every Contensis has.</summary>
    public const string DefaultProject = "website";

    private static readonly Option Topics = new("topics", OptionKind.Objects) { Required = true, Max = 100 };
    private static readonly Option Method = new("method", OptionKind.Choice) { Default = "\"POST\"", Choices = ["POST", "PUT", "PATCH", "DELETE", "GET"] };
    private static readonly Option Headers = new("headers", OptionKind.Object) { Default = "{}", Max = 50 };
    private static readonly Option Templates = new("templates", OptionKind.Object) { Default = "{}" };
    private static readonly Option Project = new("project", OptionKind.Text) { Default = $"\"{DefaultProject}\"", Max = 64 };
    private static readonly Option Description = new("description", OptionKind.Text) { Max = 2000 };

    public string Name => "contensis";

    public string Title => "Contensis";

    public IReadOnlyList<Option> Options { get; } = [Topics, Method, Headers, Templates, Project, Description];

    public IReadOnlyList<EventDescription> Events => ContensisCatalogue.Events;

    public DialectRules? Read(HookSection hook, ICollection<PluginFault> faults)
    {
        var errors = faults.Count(IsError);
        var reader = new SectionReader(hook.Section, faults);
        reader.Text(Description);
        var topics = ReadTopics(reader, faults);
        var headers = HeaderSet.Read(Member(hook.Json, Headers), reader.PathOf(Headers.Key), faults);
        var templates = TemplateSet.Read(Member(hook.Json, Templates), TemplateForms.Of(headers.ContentType), reader.PathOf(Templates.Key), faults);
        var subscription = new ContensisSubscription
        {
            Id = hook.Id ?? ContensisIds.OfHook(hook.Section[HookOptions.Key.Key] ?? StableKey.Slug(hook.Section[HookOptions.Label.Key] ?? "", "hook")),
            // In Contensis nothing is queued for a subscription while it is disabled. A hook of config.json is held like any other.
            IsOff = hook.Id is not null && !reader.Flag(HookOptions.Enabled, otherwise: true),
            ProjectId = reader.Text(Project) ?? DefaultProject,
            Topics = topics,
            Method = ReadMethod(reader, topics, templates),
            // What is wrong with it is told by whoever asks FindObjection.
            Url = UrlTemplate.Parse(hook.Section[HookOptions.Url.Key] ?? "", []),
            Headers = headers,
            Templates = templates,
        };
        return faults.Count(IsError) > errors ? null : new ContensisRules(subscription, users);
    }

    public (string What, string Remedy)? FindObjection(string url) => UrlTemplate.Check(url);

    private static IReadOnlyList<Topic> ReadTopics(SectionReader reader, ICollection<PluginFault> faults)
    {
        var before = faults.Count;
        var sections = reader.Objects(Topics);
        if (sections.Count > Topics.Max)
            reader.Refuse(Topics.Key, $"has {sections.Count} entries", "At most 100 are allowed.");
        var topics = new TopicReader(faults).ReadAll(sections);
        if (topics.Count == 0 && faults.Count == before)
            reader.Refuse(Topics.Key, "is missing or empty", "Add at least one topic, such as { \"resourceType\": \"entry\" }.");
        return topics;
    }

    private static string ReadMethod(SectionReader reader, IReadOnlyList<Topic> topics, TemplateSet templates)
    {
        var method = reader.Choice(Method) ?? "POST";
        if (method == "GET" && topics.FirstOrDefault(topic => !templates.IsEmptyFor(topic.ResourceType)) is { } topic)
        {
            reader.Refuse(
                Method.Key,
                "is GET, which carries no body, and topics have one",
                $"Write the empty template \"{topic.ResourceType}\": \"\" beside it, or another method.");
        }
        return method;
    }

    private static JsonElement Member(JsonElement hook, Option option)
    {
        if (hook.ValueKind != JsonValueKind.Object)
            return default;
        foreach (var member in hook.EnumerateObject())
        {
            if (string.Equals(member.Name, option.Key, StringComparison.OrdinalIgnoreCase))
                return member.Value;
        }
        return default;
    }

    private static bool IsError(PluginFault fault) => fault.Severity == FaultSeverity.Error;
}
