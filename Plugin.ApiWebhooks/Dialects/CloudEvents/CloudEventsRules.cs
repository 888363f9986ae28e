using System.Globalization;
using Dam.Hosting;
using Plugin.ApiWebhooks.Dialects.Standard;

namespace Plugin.ApiWebhooks.Dialects.CloudEvents;

/// <summary>One hook that is sent CloudEvents.</summary>
/// <param name="filter">What it wants.</param>
/// <param name="isBinary">Whether attributes go into headers and data is the whole body.</param>
/// <param name="prefix">What stands before each type.</param>
/// <param name="handshake">What its receiver is asked first, or null.</param>
internal sealed class CloudEventsRules(StandardFilter filter, bool isBinary, string prefix, Handshake? handshake) : DialectRules
{
    private const string Version = "1.0";
    private const string Structured = "application/cloudevents+json";
    private const string Json = "application/json";

    public override string RenderingKey { get; } = $"cloudevents {isBinary} {prefix}";

    public override Handshake? Handshake { get; } = handshake;

    public override bool Wants(Change change) => filter.Changes.Contains(change.Kind);

    public override bool WantsNotice(string type) => filter.Notices.Contains(type);

    public override Rendering Render(Change change, IHostInformation host) => Render(change, host, StandardPayload.Data(change, host.BaseUri));

    public override Rendering RenderThin(Change change, IHostInformation host) => Render(change, host, StandardPayload.ThinData(change, host.BaseUri));

    public override Rendering RenderNotice(DisabledNotice notice, IHostInformation host)
    {
        var data = StandardPayload.Data(notice, host.BaseUri);
        var (id, type, time) = (notice.Id.ToString(), prefix + DisabledNotice.Type, StandardPayload.Instant(notice.At));
        var subject = $"subscriptions/{notice.Key}";
        return isBinary
            ? new Rendering(Json, MessageJson.Write(data, StandardJson.Default.StandardNoticeData)) { Values = Values(id, SourceOf(host), type, subject, time) }
            : new Rendering(Structured, MessageJson.Write(
                new CloudNotice
                {
                    Specversion = Version,
                    Id = id,
                    Source = SourceOf(host),
                    Type = type,
                    Subject = subject,
                    Time = time,
                    Datacontenttype = Json,
                    Data = data,
                },
                CloudEventsJson.Default.CloudNotice));
    }

    /// <summary>The attributes as headers, their values escaped as the HTTP binding says (section 3.1.3.2).</summary>
    public override IReadOnlyList<KeyValuePair<string, string>> HeadersOf(IReadOnlyDictionary<string, string> values) =>
        [.. values.Select(value => KeyValuePair.Create($"ce-{value.Key}", HeaderValue.Encode(value.Value)))];

    /// <summary>The attributes are no secrets.</summary>
    public override bool IsSecret(string header) => false;

    private Rendering Render(Change change, IHostInformation host, StandardData data)
    {
        var (id, type, time) = (change.Id.ToString(), prefix + StandardEvents.Of(change.Kind), StandardPayload.Instant(change.OccurredAt));
        var subject = SubjectOf(change);
        return isBinary
            ? new Rendering(Json, MessageJson.Write(data, StandardJson.Default.StandardData)) { Values = Values(id, SourceOf(host), type, subject, time) }
            : new Rendering(Structured, MessageJson.Write(
                new CloudEvent
                {
                    Specversion = Version,
                    Id = id,
                    Source = SourceOf(host),
                    Type = type,
                    Subject = subject,
                    Time = time,
                    Datacontenttype = Json,
                    Data = data,
                },
                CloudEventsJson.Default.CloudEvent));
    }

    private static Dictionary<string, string> Values(string id, string source, string type, string? subject, string time)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["specversion"] = Version, ["id"] = id, ["source"] = source, ["type"] = type, ["time"] = time };
        if (subject is not null)
            values["subject"] = subject;
        return values;
    }

    private static string SourceOf(IHostInformation host) => host.BaseUri.AbsoluteUri.TrimEnd('/');

    private static string? SubjectOf(Change change) => change switch
    {
        { Record: { } record } => record.Pid,
        { Order: { } order } => string.Create(CultureInfo.InvariantCulture, $"orders/{order.Id}"),
        { Registration: { } registration } => string.Create(CultureInfo.InvariantCulture, $"registrations/{registration.Id}"),
        { FeedEntry: { } entry } => string.Create(CultureInfo.InvariantCulture, $"feeds/{entry.FeedId}/entries/{entry.EntryId}"),
        { User: { } user } => string.Create(CultureInfo.InvariantCulture, $"users/{user.Id}"),
        _ => null,
    };
}
