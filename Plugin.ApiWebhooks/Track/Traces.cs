using System.Diagnostics;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Track;

/// <summary>
/// The plugin's spans, with the attributes that OpenTelemetry prescribes for a client's HTTP call. Every method gives null while nobody listens, and what is
/// written on null costs nothing.
/// </summary>
internal sealed class Traces(ActivitySource source)
{
    /// <summary>Begins the span of one reading of the change log that gave something to store.</summary>
    public Activity? BeginDetect(IngestBatch batch, int changes)
    {
        var span = source.StartActivity("detect");
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("webhooks.change.count", changes);
            span.SetTag("webhooks.delivery.count", batch.Messages.Sum(message => message.Deliveries.Count));
            span.SetTag("webhooks.position.from", batch.From);
            span.SetTag("webhooks.position.to", batch.To);
        }
        return span;
    }

    /// <summary>
    /// Begins the span of one attempt, in the trace of the save that made the change if that is recorded. Every attempt of a delivery, also after a restart, has a
    /// span of its own.
    /// </summary>
    public Activity? BeginAttempt(ClaimedDelivery delivery, string hookKey, string shownUrl)
    {
        if (!source.HasListeners())
            return null;
        ActivityContext.TryParse(delivery.TraceParent, traceState: null, isRemote: true, out var save);
        var span = source.StartActivity("POST", ActivityKind.Client, save);
        if (span is { IsAllDataRequested: true })
        {
            SetRequest(span, shownUrl, delivery.Body.Length);
            if (delivery.Attempts > 0)
                span.SetTag("http.request.resend_count", delivery.Attempts);
            span.SetTag("webhooks.hook.key", hookKey);
            span.SetTag("webhooks.message.id", delivery.MessageId);
            span.SetTag("webhooks.delivery.id", delivery.Id);
            span.SetTag("webhooks.change.kind", delivery.Kind);
            span.SetTag("webhooks.change.sequence", delivery.ChangeSequence);
        }
        return span;
    }

    /// <summary>Begins the span of a press. It belongs to the trace of the request that pressed.</summary>
    public Activity? BeginPress(string buttonKey, string pressKey, long recordId, string shownUrl, int bytes)
    {
        var span = source.StartActivity("POST", ActivityKind.Client);
        if (span is { IsAllDataRequested: true })
        {
            SetRequest(span, shownUrl, bytes);
            span.SetTag("webhooks.button.key", buttonKey);
            span.SetTag("webhooks.press.key", pressKey);
            span.SetTag("webhooks.record.id", recordId);
        }
        return span;
    }

    /// <summary>Writes into a span how its POST ended.</summary>
    public static void End(Activity? span, AttemptResult result)
    {
        if (span is not { IsAllDataRequested: true })
            return;
        if (result.StatusCode is { } status)
            span.SetTag("http.response.status_code", status);
        span.SetTag("webhooks.outcome", OutcomeNames.Of(result.Outcome));
        if (result.Succeeded)
            return;
        span.SetTag("error.type", result.StatusCode is { } answered and (< 200 or > 299) ? answered.ToString(System.Globalization.CultureInfo.InvariantCulture) : OutcomeNames.Of(result.Outcome));
        span.SetStatus(ActivityStatusCode.Error, result.Detail);
    }

    /// <summary>A POST that tells the receiver of its span, by the headers of W3C Trace Context.</summary>
    public static OutgoingPost Propagate(Activity? span, OutgoingPost post)
    {
        if (span is not { IdFormat: ActivityIdFormat.W3C, Id: { } id } || post.Headers.Any(header => header.Key.Equals("traceparent", StringComparison.OrdinalIgnoreCase)))
            return post;
        var state = span.TraceStateString;
        return post with
        {
            Headers = string.IsNullOrEmpty(state)
                ? [.. post.Headers, new("traceparent", id)]
                : [.. post.Headers, new("traceparent", id), new("tracestate", state)],
            Head = string.IsNullOrEmpty(state)
                ? post.Head?.With(RequestHead.Line("traceparent", id))
                : post.Head?.With(RequestHead.Line("traceparent", id)).With(RequestHead.Line("tracestate", state)),
        };
    }

    private static void SetRequest(Activity span, string shownUrl, int bytes)
    {
        span.SetTag("http.request.method", "POST");
        span.SetTag("url.full", shownUrl);
        if (Uri.TryCreate(shownUrl, UriKind.Absolute, out var uri))
        {
            span.SetTag("server.address", uri.Host);
            span.SetTag("server.port", uri.Port);
        }
        span.SetTag("http.request.body.size", bytes);
    }
}
