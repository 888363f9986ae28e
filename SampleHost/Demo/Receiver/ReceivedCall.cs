namespace SampleHost.Demo.Receiver;

/// <summary>A call that the demo received.</summary>
/// <param name="Number">Counts from 1 since the start.</param>
internal sealed record ReceivedCall(long Number)
{
    public required DateTimeOffset ReceivedAt { get; init; }

    public required string Method { get; init; }

    /// <summary>Path and query.</summary>
    public required string Path { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The body as text, at most <see cref="CallLog.KeptBody"/> bytes of it.</summary>
    public required string Body { get; init; }

    /// <summary>The length of the whole body in bytes.</summary>
    public required int BodyLength { get; init; }

    public required SignatureVerdict Signature { get; init; }

    /// <summary>What was answered, such as <c>200</c>; null while the call is under way.</summary>
    public string? Answer { get; init; }
}
