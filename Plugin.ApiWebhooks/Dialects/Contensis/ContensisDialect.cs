using Dam.Hosting;
using Microsoft.Extensions.Configuration;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// The vocabulary of Contensis' webhook subscriptions. Own keys: <c>topics[]</c>, <c>project</c>.
/// </summary>
/// <param name="users">The users, for the names of who did it.</param>
internal sealed class ContensisDialect(IUserDirectory users) : IDialect
{
    private static readonly Option Topics = new("topics", OptionKind.Objects) { Required = true, Max = 100 };
    private static readonly Option Project = new("project", OptionKind.Text) { Default = "\"website\"", Max = 64 };

    public string Name => "contensis";

    public IReadOnlyList<Option> Options { get; } = [Topics, Project];

    public DialectRules? Read(HookSection hook, ICollection<PluginFault> faults)
    {
        var errors = faults.Count(IsError);
        var reader = new SectionReader(hook.Section, faults);
        var topics = new TopicReader(faults).ReadAll(reader.Objects(Topics));
        if (topics.Count == 0 && faults.Count(IsError) == errors)
            reader.Refuse(Topics.Key, "is missing or empty", "Add at least one topic, such as { \"resourceType\": \"entry\" }.");
        var project = reader.Text(Project) ?? "website";
        return faults.Count(IsError) > errors ? null : new ContensisRules(topics, ContensisIds.OfHook(hook.Section["key"] ?? StableKey.Slug(hook.Section["label"] ?? "", "hook")), project, users);
    }

    private static bool IsError(PluginFault fault) => fault.Severity == FaultSeverity.Error;
}

/// <summary>One subscription of Contensis.</summary>
internal sealed class ContensisRules(IReadOnlyList<Topic> topics, Guid subscriptionId, string projectId, IUserDirectory users) : DialectRules
{
    // The subscription's id stands in the body.
    public override string RenderingKey { get; } = $"contensis {subscriptionId:N}";

    public override bool Wants(Change change)
    {
        if (Occurrence.Of(change) is not { } what)
            return false;
        for (var i = 0; i < topics.Count; i++)
        {
            if (topics[i].Matches(what))
                return true;
        }
        return false;
    }

    public override Rendering Render(Change change, IHostInformation host) =>
        new("application/json; charset=utf-8", new Scene(Occurrence.Of(change)!.Value, subscriptionId, projectId, host, FindUser(change.Actor.UserName)).WriteDefaultBody());

    // The directory answers from memory. Should another host's not, a message goes without the names rather than wait.
    private HostUser? FindUser(string name)
    {
        var answer = users.FindAsync(name, CancellationToken.None);
        return answer.IsCompletedSuccessfully ? answer.GetAwaiter().GetResult() : null;
    }
}
