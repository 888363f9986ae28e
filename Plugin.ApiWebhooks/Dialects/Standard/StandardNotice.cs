namespace Plugin.ApiWebhooks.Dialects.Standard;

/// <summary>Writes a notice as <c>{"type","timestamp","data"}</c>, like a change.</summary>
internal static class StandardNotice
{
    /// <summary>The bytes of a notice.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="baseUri">The host's address, for the link to the page where the subscription is seen.</param>
    public static ReadOnlyMemory<byte> Write(DisabledNotice notice, Uri baseUri) => MessageJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type"u8, DisabledNotice.Type);
        json.WriteString("timestamp"u8, StandardPayload.Instant(notice.At));
        json.WriteStartObject("data"u8);
        json.WriteStartObject("subscription"u8);
        json.WriteNumber("id"u8, notice.SubscriptionId);
        json.WriteString("key"u8, notice.Key);
        json.WriteString("label"u8, notice.Label);
        json.WriteEndObject();
        json.WriteString("reason"u8, notice.Reason);
        if (notice.FailingSince is { } since)
            json.WriteString("failing_since"u8, StandardPayload.Instant(since));
        json.WriteString("link"u8, $"{baseUri.AbsoluteUri.TrimEnd('/')}/plugins/ApiWebhooks/");
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
