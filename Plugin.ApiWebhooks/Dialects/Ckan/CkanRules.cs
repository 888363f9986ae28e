using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects.Ckan;

/// <summary>One webhook of CKAN: its topic, and what its receiver is told of it in each message.</summary>
internal sealed class CkanRules : DialectRules
{
    /// <summary>The topic, or null for all.</summary>
    public required string? Topic { get; init; }

    /// <summary>The address as it stands in the hook.</summary>
    public required string Address { get; init; }

    /// <summary>The webhook's id.</summary>
    public required string WebhookId { get; init; }

    /// <summary>Who owns it; empty for one of the configuration file.</summary>
    public required string Owner { get; init; }

    /// <summary>Address and id stand in the body: no two hooks have the same bytes.</summary>
    public override string RenderingKey => field ??= $"ckan {WebhookId} {Owner} {Address}";

    public override bool Wants(Change change) => CkanTopics.Of(change) is { } topic && (Topic is null || topic == Topic);

    public override Rendering Render(Change change, IHostInformation host)
    {
        var site = host.BaseUri.AbsoluteUri.TrimEnd('/');
        var topic = CkanTopics.Of(change)!;
        var record = change.Record!;
        var address = WithoutUserInfo(BaseAddress.Expand(Address, host.BaseUri));
        var body = change.File is { } file
            ? PythonJson.Write(
                new CkanResourceEvent
                {
                    Entity = CkanRows.Resource(change, record, file, site),
                    Address = address,
                    WebhookId = WebhookId,
                    Ckan = site,
                    Topic = topic,
                    UserRef = Owner,
                },
                CkanJson.Default.CkanResourceEvent)
            : PythonJson.Write(
                new CkanDatasetEvent
                {
                    Entity = CkanRows.Dataset(change, record),
                    Address = address,
                    WebhookId = WebhookId,
                    Ckan = site,
                    Topic = topic,
                    UserRef = Owner,
                },
                CkanJson.Default.CkanDatasetEvent);
        return new Rendering("application/json", body);
    }

    // A password is sent as a header; a message is kept, and shown to administrators.
    private static string WithoutUserInfo(string address)
    {
        var authority = address.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = address.AsSpan(authority).IndexOfAny('/', '?');
        var at = address.AsSpan(authority, end < 0 ? address.Length - authority : end).LastIndexOf('@');
        return at < 0 ? address : address.Remove(authority, at + 1);
    }
}
