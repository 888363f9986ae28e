namespace Plugin.ApiWebhooks.Send;

/// <summary>What signs messages after Standard Webhooks: a shared secret (<c>v1</c>) or a key pair (<c>v1a</c>).</summary>
internal interface IMessageKey
{
    /// <summary>One signature as it stands in the header: the version, a comma and base64.</summary>
    /// <param name="content">What is signed: id, timestamp and body, parted by full stops.</param>
    string Sign(ReadOnlySpan<byte> content);
}
