using System.Globalization;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Track;

/// <summary>The request of an attempt as it was sent, secrets starred: what was kept of it, put together with what message and attempt tell.</summary>
/// <param name="Method">The method.</param>
/// <param name="Headers">The header lines in their order.</param>
internal sealed record SentRequest(string Method, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>The request of an attempt; null for one that was made before requests were kept.</summary>
    public static SentRequest? Of(DeliveryStory story, AttemptEntry attempt)
    {
        if (attempt.RequestHead is not { } head)
            return null;
        var lines = head.Split('\n');
        return new SentRequest(lines[0], [.. lines.Skip(1).Select(line => Read(lines[0], line, story, attempt)).OfType<KeyValuePair<string, string>>()]);
    }

    private static KeyValuePair<string, string>? Read(string method, string line, DeliveryStory story, AttemptEntry attempt)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        if (colon >= 0)
            return new(line[..colon], line[(colon + 2)..]);
        var value = line switch
        {
            "Host" => Uri.TryCreate(attempt.Url, UriKind.Absolute, out var uri) ? uri.Authority : null,
            StandardSignature.IdHeader => story.Delivery.MessageId,
            StandardSignature.TimestampHeader => attempt.StartedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            // The sender gives these none where there is no body.
            "Content-Type" or "Content-Length" when story.Body.IsEmpty && method is ("GET" or "DELETE") => null,
            "Content-Type" => story.ContentType,
            "Content-Length" => story.Body.Length.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
        return value is null ? null : new(line, value);
    }
}
