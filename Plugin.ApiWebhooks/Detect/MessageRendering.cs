using System.Globalization;
using Dam.Hosting;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Detect;

/// <summary>Makes the message of a change, or says why there is none.</summary>
internal static class MessageRendering
{
    /// <summary>Renders a change. What is too large is sent thin where the dialect can do that, and else refused; so is what the dialect breaks on.</summary>
    /// <param name="change">The change.</param>
    /// <param name="rules">The dialect's rules.</param>
    /// <param name="host">The host's address and title.</param>
    /// <param name="mostBytes">The longest body that is sent.</param>
    /// <param name="isThin">Whether the thin form was asked for.</param>
    public static RenderedMessage Of(Change change, DialectRules rules, IHostInformation host, int mostBytes, bool isThin = false)
    {
        try
        {
            var whole = (isThin ? rules.RenderThin(change, host) : null) ?? rules.Render(change, host);
            if (whole.Body.Length <= mostBytes)
                return new RenderedMessage(whole, null, null);
            if (rules.RenderThin(change, host) is { } thin && thin.Body.Length <= mostBytes)
                return new RenderedMessage(thin, null, null) { ThinInsteadOf = whole.Body.Length };
            var sizes = string.Create(
                CultureInfo.InvariantCulture,
                $"The message is {Kilobytes(whole.Body.Length)} KB long, and delivery.maxMessageKilobytes is {Kilobytes(mostBytes)}. Raise it, then replay what failed.");
            return new RenderedMessage(Empty(whole.ContentType), new Refusal(Refusal.TooLarge, sizes), null);
        }
        catch (RenderException exception)
        {
            return new RenderedMessage(Empty("application/json"), new Refusal(Refusal.NotRendered, exception.Message), null);
        }
        catch (Exception exception)
        {
            // One dialect's fault must neither stop the changes of all nor lose this one.
            var detail = $"The dialect failed on this change: {exception.GetType().Name}. The log has the whole error. Replay what failed when it is mended.";
            return new RenderedMessage(Empty("application/json"), new Refusal(Refusal.NotRendered, detail), exception);
        }
    }

    /// <summary>The message to be stored.</summary>
    /// <param name="change">The change.</param>
    /// <param name="rendered">What <see cref="Of"/> made of it.</param>
    /// <param name="deliveries">Who is owed it.</param>
    public static NewMessage ToMessage(Change change, RenderedMessage rendered, IReadOnlyList<NewDelivery> deliveries) => new()
    {
        ChangeSequence = change.Sequence,
        ChangeId = change.Id,
        Kind = StandardEvents.Of(change.Kind),
        RecordId = change.Record?.Id,
        OccurredAt = change.OccurredAt,
        TraceParent = change.TraceParent,
        ContentType = rendered.Rendering.ContentType,
        Body = rendered.Rendering.Body,
        Values = rendered.Rendering.Values,
        Refusal = rendered.Refusal,
        Deliveries = deliveries,
    };

    private static Rendering Empty(string contentType) => new(contentType, ReadOnlyMemory<byte>.Empty);

    private static long Kilobytes(long bytes) => (bytes + 1023) / 1024;
}

/// <summary>What came of rendering a change.</summary>
/// <param name="Rendering">The bytes; none when it was refused.</param>
/// <param name="Refusal">Why there are none, or null.</param>
/// <param name="Fault">The dialect's exception, or null.</param>
internal sealed record RenderedMessage(Rendering Rendering, Refusal? Refusal, Exception? Fault)
{
    /// <summary>The length of the whole message in whose place the thin one goes; 0 for a whole one.</summary>
    public int ThinInsteadOf { get; init; }
}
