using Dam.Hosting;
using Plugin.ApiWebhooks.Templates;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>What a subscription asks for.</summary>
internal sealed record ContensisSubscription
{
    /// <summary>Its id as receivers read it.</summary>
    public required Guid Id { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>Whether it wants nothing for now.</summary>
    public bool IsOff { get; init; }

    public required IReadOnlyList<Topic> Topics { get; init; }

    public required string Method { get; init; }

    /// <summary>The address's template; null when it is faulty.</summary>
    public required UrlTemplate? Url { get; init; }

    public required HeaderSet Headers { get; init; }

    public required TemplateSet Templates { get; init; }
}

/// <summary>One subscription of Contensis.</summary>
internal sealed class ContensisRules(ContensisSubscription subscription, IUserDirectory users) : DialectRules
{
    private const string Json = "application/json; charset=utf-8";

    // The template of the address that was asked for last; it changes with the settings only.
    private Asked? _asked;

    // The subscription's id stands in the body.
    public override string RenderingKey { get; } = $"contensis {subscription.Id:N}";

    public override string Method => subscription.Method;

    public override IReadOnlyList<KeyValuePair<string, string>> Headers => subscription.Headers.Fixed;

    public override bool IsSecret(string header) => subscription.Headers.IsSecret(header);

    /// <summary>The same under another id.</summary>
    public ContensisRules For(Guid id) => new(subscription with { Id = id }, users);

    public override bool Wants(Change change) => !subscription.IsOff && FindWanted(change) is not null;

    public override Rendering Render(Change change, IHostInformation host)
    {
        var what = FindWanted(change) ?? Occurrence.Of(change)!.Value;
        var scene = new Scene(what, subscription.Id, subscription.ProjectId, host, FindUser(change.Actor.UserName));
        var hasTemplate = subscription.Templates.TryFind(what.ResourceType, what.ContentTypeId, out var template);
        var needsValues = subscription.Headers.IsTemplated || subscription.Url is { Expressions.Count: > 0 };
        if (!needsValues && template is null)
            return new Rendering(ContentType(hasTemplate), hasTemplate ? ReadOnlyMemory<byte>.Empty : scene.WriteDefaultBody());

        using var scope = scene.WriteScope();
        Dictionary<string, string>? values = null;
        subscription.Url?.Freeze(scope, ref values);
        subscription.Headers.Freeze(scope, ref values);
        var body = template?.Render(scope) ?? (hasTemplate ? ReadOnlyMemory<byte>.Empty : scene.WriteDefaultBody());
        // Also without any value the places for them must not go out as they are.
        return new Rendering(ContentType(hasTemplate), body) { Values = needsValues ? values ?? [] : null };
    }

    public override string? AddressOf(string url, IReadOnlyDictionary<string, string> values)
    {
        var asked = _asked;
        if (asked is null || asked.Url != url)
            _asked = asked = new Asked(url, UrlTemplate.Parse(url, []));
        try
        {
            return asked.Template?.Expand(values);
        }
        catch (RenderException)
        {
            return null;
        }
    }

    public override IReadOnlyList<KeyValuePair<string, string>> HeadersOf(IReadOnlyDictionary<string, string> values) => subscription.Headers.Expand(values);

    // Two topics that hit are one delivery, and so are two words for one change: the first that is wanted names it.
    private Occurrence? FindWanted(Change change)
    {
        if (Occurrence.Of(change) is { } what && Wants(what))
            return what;
        return Occurrence.SecondOf(change) is { } second && Wants(second) ? second : null;
    }

    private bool Wants(in Occurrence what)
    {
        for (var i = 0; i < subscription.Topics.Count; i++)
        {
            if (subscription.Topics[i].Matches(what))
                return true;
        }
        return false;
    }

    // The default body is JSON, whatever the templates are.
    private string ContentType(bool hasTemplate)
    {
        var own = subscription.Headers.ContentType;
        return own is not null && (hasTemplate || TemplateForms.Of(own) == TemplateForm.Json) ? own : Json;
    }

    // The directory answers from memory. Should another host's not, a message goes without the names rather than wait.
    private HostUser? FindUser(string name)
    {
        var answer = users.FindAsync(name, CancellationToken.None);
        return answer.IsCompletedSuccessfully ? answer.GetAwaiter().GetResult() : null;
    }

    private sealed record Asked(string Url, UrlTemplate? Template);
}
