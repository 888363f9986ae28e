namespace Plugin.ApiWebhooks.Send;

/// <summary>One POST that is ready to leave: the bytes are final, whoever signed them signed exactly these.</summary>
internal sealed record OutgoingPost
{
    /// <summary>The absolute http or https address, posted to as it stands.</summary>
    public required string Url { get; init; }

    /// <summary>The same address read before, to spare reading it again for every attempt; null reads <see cref="Url"/>.</summary>
    public Uri? Address { get; init; }

    /// <summary>What is wrong with the address, when that is known before; null tries it.</summary>
    public string? AddressFault { get; init; }

    /// <summary>The method, almost always POST.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>The media type, sent as it stands; not sent without a body.</summary>
    public required string ContentType { get; init; }

    /// <summary>The body, sent byte for byte.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Further headers, in this order. Values may be secret; they are never logged.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The longest the whole exchange may take: name look-up, connect, TLS, request, headers and body of the answer.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How many bytes of the answer are kept. Reading stops there. Default 64 KiB.</summary>
    public int AnswerCap { get; init; } = 64 * 1024;

    /// <summary>The names of headers of the answer that are wanted.</summary>
    public IReadOnlyList<string> AnswerHeaders { get; init; } = [];

    /// <summary>What is starred in the answer, or null.</summary>
    public KnownSecrets? Secrets { get; init; }

    /// <summary>How the receiver is reached, or null for the usual way: no proxy, the system's authorities, no client certificate.</summary>
    public Via? Via { get; init; }

    /// <summary>When it was signed, which is when the attempt begins; null begins it at the moment of posting.</summary>
    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>Method and header lines as they are kept, or null.</summary>
    public RequestHead? Head { get; init; }

    /// <summary>How the request is written on the wire.</summary>
    public PostForm Form { get; init; } = PostForm.Usual;

    /// <summary>The address without what may be secret: so are the headers.</summary>
    public override string ToString() => $"{Method} {ShownUrl.Of(Url)}";
}

/// <summary>How a request is written on the wire.</summary>
internal enum PostForm
{
    /// <summary>As .NET writes it, on a connection that is kept for the next one.</summary>
    Usual,

    /// <summary>
    /// As the ResourceSpace plugin wrote it: <c>Host</c>, <c>Connection: close</c>, <c>Content-type</c> (so spelt), <c>Content-Length</c>, in this
    /// order and nothing else but <see cref="OutgoingPost.Headers"/>; one connection for each call.
    /// </summary>
    Legacy,
}
