using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Catalogue;

/// <summary>
/// All events of all dialects, each with a schema and an example. The examples are made by the code that makes the real messages, of the changes of
/// <see cref="ExampleChanges"/>.
/// </summary>
internal sealed class EventCatalogue
{
    /// <summary>What the examples are signed with: published, so that receivers can try their verification on them.</summary>
    public const string ExampleSecret = "whsec_ZXhhbXBsZS1vbmx5LXNlY3JldC1kby1ub3QtdXNlIQ==";

    private readonly Lazy<IReadOnlyList<CatalogueEntry>> _all;

    /// <summary>Makes the catalogue; its entries when they are first asked for.</summary>
    public EventCatalogue(IEnumerable<IDialect> dialects, IHostInformation host) =>
        _all = new Lazy<IReadOnlyList<CatalogueEntry>>(() => [.. dialects.SelectMany(dialect => dialect.Events.Select(each => Describe(dialect, each, host)))]);

    /// <summary>All entries, by dialect in the order of their registration.</summary>
    public IReadOnlyList<CatalogueEntry> All => _all.Value;

    /// <summary>The entry of a name, or null.</summary>
    /// <param name="dialect">The dialect's name.</param>
    /// <param name="name">The event's name; letter case counts.</param>
    /// <param name="form">The form, or null for the usual one.</param>
    public CatalogueEntry? Find(string dialect, string name, string? form = null) => All.FirstOrDefault(each =>
        string.Equals(each.Dialect, dialect, StringComparison.OrdinalIgnoreCase) && each.Event.Name == name && (each.Event.Form ?? "") == (form ?? ""));

    private static CatalogueEntry Describe(IDialect dialect, EventDescription description, IHostInformation host)
    {
        var faults = new List<PluginFault>();
        var rules = dialect.Read(HookSection.Parse(description.Hook), faults)
            ?? throw new InvalidOperationException($"The example hook of {dialect.Name} {description.Name} is refused: {string.Join(" ", faults.Select(fault => fault.Message))}");
        return new CatalogueEntry(dialect.Name, description, PayloadSchema.Of(description), Render(rules, description, host));
    }

    private static ExampleRequest Render(DialectRules rules, EventDescription description, IHostInformation host)
    {
        Rendering rendering;
        Guid id;
        DateTimeOffset at;
        if (description.Kind is { } kind)
        {
            var change = ExampleChanges.Of(kind);
            change = description.Shape?.Invoke(change) ?? change;
            if (!rules.Wants(change))
                throw new InvalidOperationException($"The example hook of {description.Name} does not want its own example.");
            (rendering, id, at) = (rules.Render(change, host), change.Id, change.OccurredAt);
        }
        else
        {
            (rendering, id, at) = (rules.RenderNotice(ExampleChanges.Notice, host), ExampleChanges.Notice.Id, ExampleChanges.Notice.At);
        }
        var key = WebhookSecret.TryParse(ExampleSecret, out var secret) ? secret : throw new InvalidOperationException("The example secret is no secret.");
        return new ExampleRequest(
            "POST",
            [
                KeyValuePair.Create("Content-Type", rendering.ContentType),
                .. StandardSignature.Headers(MessageId.Of(id, 1), at, rendering.Body.Span, key),
                KeyValuePair.Create("User-Agent", "ApiWebhooks"),
                .. rendering.Values is { } values ? rules.HeadersOf(values) : rules.Headers,
            ],
            Encoding.UTF8.GetString(rendering.Body.Span));
    }
}

/// <summary>One event of one dialect.</summary>
/// <param name="Dialect">The dialect's name.</param>
/// <param name="Event">What it is.</param>
/// <param name="Schema">The JSON Schema of its body.</param>
/// <param name="Example">What is sent of an example change.</param>
internal sealed record CatalogueEntry(string Dialect, EventDescription Event, JsonObject Schema, ExampleRequest Example);

/// <summary>A request as it is sent.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Headers">The headers in order, content type included.</param>
/// <param name="Body">The exact body.</param>
internal sealed record ExampleRequest(string Method, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body);
