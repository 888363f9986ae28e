using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>
/// Where and how a subscription's messages go, as its settings say at the moment. The bytes of a message are frozen; its way is not: a corrected
/// address or a renewed token helps what already waits.
/// </summary>
internal sealed class Route
{
    /// <summary>How much of an answer is kept in the history.</summary>
    private const int AnswerCap = 4096;

    private const string UserAgent = "User-Agent";

    private readonly HookSettings _hook;
    private readonly IMessageKey[] _keys;
    private readonly KeyValuePair<string, string>[] _headers;
    private readonly KnownSecrets? _secrets;
    private readonly TimeSpan _timeout;
    private readonly Uri? _address;
    private readonly RequestHead _head;

    /// <summary>Prepares a hook's settings.</summary>
    public Route(HookSettings hook, DeliverySettings delivery)
    {
        _hook = hook;
        _keys = hook.Keys;
        _headers = [.. HeadersOf(hook, hook.Rules.Headers)];
        _secrets = KnownSecrets.Of(hook.Url, _headers, hook.Via);
        _address = Uri.TryCreate(hook.Url, UriKind.Absolute, out var address) ? address : null;
        _head = RequestHead.Shared(hook.Rules.Method, LinesOf(_headers));
        _timeout = hook.Timeout ?? delivery.Timeout;
        Schedule = hook.Schedule ?? delivery.Schedule;
        JitterPercent = delivery.JitterPercent;
        LongestWait = Schedule.Append(RetrySchedule.LongestRetryAfter).Max() * (1 + (JitterPercent / 100.0)) + TimeSpan.FromSeconds(1);
        ShownUrl = Send.ShownUrl.Of(hook.Url);
    }

    /// <summary>The hook's key, for logs.</summary>
    public string HookKey => _hook.Key;

    /// <summary>The address without what may be secret.</summary>
    public string ShownUrl { get; }

    /// <summary>The waits before each attempt.</summary>
    public IReadOnlyList<TimeSpan> Schedule { get; }

    /// <summary>By how much a retry's wait is stretched at most.</summary>
    public int JitterPercent { get; }

    /// <summary>No wait is longer. What seems to wait longer was stored by a clock that has been set back since.</summary>
    public TimeSpan LongestWait { get; }

    /// <summary>How fast they may go; null for no limit.</summary>
    public RateLimit? Rate => _hook.Rate;

    /// <summary>In which order they go.</summary>
    public DeliveryOrder Order => _hook.Order;

    /// <summary>The address as it stands in the hook; it may be secret.</summary>
    public string Url => _hook.Url;

    /// <summary>What the receiver is asked first, or null.</summary>
    public Handshake? Handshake => _hook.Rules.Handshake;

    /// <summary>The question, with the credentials of the hook's headers and without a message.</summary>
    public OutgoingPost Ask(Handshake handshake) => new()
    {
        Url = _hook.Url,
        Address = _address,
        Method = handshake.Method,
        ContentType = "",
        Body = ReadOnlyMemory<byte>.Empty,
        Headers = [.. handshake.Headers, .. _headers],
        AnswerHeaders = handshake.AnswerHeaders,
        Head = RequestHead.Shared(handshake.Method, ["Host", .. handshake.Headers.Select(header => RequestHead.Line(header.Key, header.Value)), .. _headers.Select(ShownLine), "Content-Length: 0"]),
        Timeout = _timeout,
        Via = _hook.Via,
        Secrets = _secrets,
        AnswerCap = AnswerCap,
    };

    /// <summary>The POST of one attempt, signed for this moment.</summary>
    public OutgoingPost Post(ClaimedDelivery delivery, DateTimeOffset now)
    {
        var post = PostAlike(delivery, now);
        if (delivery.Values is not { } values)
            return post;
        // What differs from change to change is put in here: the values are frozen, the words around them are the hook's of this moment.
        var url = _hook.Rules.AddressOf(_hook.Url, values);
        var headers = HeadersOf(_hook, _hook.Rules.HeadersOf(values)).ToArray();
        return post with
        {
            Url = url ?? _hook.Url,
            Address = null,
            AddressFault = url is null ? "The address asks for a value that this message does not have. Replay the change." : null,
            Headers =
            [
                .. StandardSignature.Headers(delivery.MessageId, now, delivery.Body.Span, _keys),
                .. headers,
            ],
            Head = RequestHead.Own(_hook.Rules.Method, LinesOf(headers)),
        };
    }

    // In the order in which .NET writes them.
    private IEnumerable<string> LinesOf(IEnumerable<KeyValuePair<string, string>> headers)
    {
        return
        [
            "Host",
            .. _address is { UserInfo.Length: > 0 } ? new[] { RequestHead.Line("Authorization", RequestHead.Stars) } : [],
            StandardSignature.IdHeader,
            StandardSignature.TimestampHeader,
            RequestHead.Line(StandardSignature.SignatureHeader, RequestHead.Stars),
            .. headers.Select(ShownLine),
            "Content-Type",
            "Content-Length",
        ];
    }

    // What the settings add may be secret whatever its name; of what the dialect adds, the dialect knows.
    private string ShownLine(KeyValuePair<string, string> header)
    {
        var (name, value) = header;
        var isSecret = name != UserAgent && (_hook.Headers.Any(each => each.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) || _hook.Rules.IsSecret(name));
        return RequestHead.Line(name, isSecret ? RequestHead.Stars : _secrets?.Star(value) ?? value);
    }

    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(HookSettings hook, IReadOnlyList<KeyValuePair<string, string>> ofDialect) =>
        [new(UserAgent, "ApiWebhooks"), .. ofDialect, .. hook.Headers.Select(header => KeyValuePair.Create(header.Name, header.Value))];

    private OutgoingPost PostAlike(ClaimedDelivery delivery, DateTimeOffset now) => new()
    {
        Url = _hook.Url,
        Address = _address,
        Method = _hook.Rules.Method,
        ContentType = delivery.ContentType,
        Body = delivery.Body,
        Headers = [.. StandardSignature.Headers(delivery.MessageId, now, delivery.Body.Span, _keys), .. _headers],
        SignedAt = now,
        Head = _head,
        Timeout = _timeout,
        Via = _hook.Via,
        Secrets = _secrets,
        AnswerCap = AnswerCap,
    };
}
