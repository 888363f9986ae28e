using Plugin.ApiWebhooks.Configure;
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

    private readonly HookSettings _hook;
    private readonly IMessageKey[] _keys;
    private readonly KeyValuePair<string, string>[] _headers;
    private readonly KnownSecrets? _secrets;
    private readonly TimeSpan _timeout;
    private readonly Uri? _address;

    /// <summary>Prepares a hook's settings.</summary>
    public Route(HookSettings hook, DeliverySettings delivery)
    {
        _hook = hook;
        _keys = hook.Keys;
        _headers = [new("User-Agent", "ApiWebhooks"), .. hook.Rules.Headers, .. hook.Headers.Select(h => KeyValuePair.Create(h.Name, h.Value))];
        _secrets = KnownSecrets.Of(hook.Url, _headers, hook.Via);
        _address = Uri.TryCreate(hook.Url, UriKind.Absolute, out var address) ? address : null;
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

    /// <summary>The POST of one attempt, signed for this moment.</summary>
    public OutgoingPost Post(ClaimedDelivery delivery, DateTimeOffset now) => new()
    {
        Url = _hook.Url,
        Address = _address,
        ContentType = delivery.ContentType,
        Body = delivery.Body,
        Headers = [.. StandardSignature.Headers(delivery.MessageId, now, delivery.Body.Span, _keys), .. _headers],
        Timeout = _timeout,
        Via = _hook.Via,
        Secrets = _secrets,
        AnswerCap = AnswerCap,
    };
}
