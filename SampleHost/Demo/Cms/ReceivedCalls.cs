namespace SampleHost.Demo.Cms;

/// <summary>One call that reached the demo's system.</summary>
internal sealed record ReceivedCall
{
    /// <summary>Rises with every call since the host started.</summary>
    public required long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Method { get; init; }

    /// <summary>Path and query.</summary>
    public required string Target { get; init; }

    /// <summary>The headers in the order they came; those that carry a token are starred.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public required string Body { get; init; }

    public required SignatureVerdict Signature { get; init; }

    /// <summary>The status answered; null while the answer is being made or when the connection was closed without one.</summary>
    public int? Status { get; init; }

    /// <summary>What was done, in words.</summary>
    public string Done { get; init; } = "";
}

/// <summary>The newest calls, in memory: enough to look at, never more than <see cref="Most"/>.</summary>
internal sealed class ReceivedCalls(TimeProvider time)
{
    public const int Most = 100;

    private readonly Lock _gate = new();
    private readonly LinkedList<ReceivedCall> _newestFirst = new();
    private long _count;

    /// <summary>The calls, newest first.</summary>
    public IReadOnlyList<ReceivedCall> Newest()
    {
        lock (_gate)
            return [.. _newestFirst];
    }

    public ReceivedCall Add(HttpRequest request, string body, SignatureVerdict signature)
    {
        lock (_gate)
        {
            var call = new ReceivedCall
            {
                Number = ++_count,
                At = time.GetUtcNow(),
                Method = request.Method,
                Target = request.Path + request.QueryString,
                Headers = [.. request.Headers.Select(header => KeyValuePair.Create(header.Key, IsSecret(header.Key) ? "***" : header.Value.ToString()))],
                Body = body,
                Signature = signature,
            };
            _newestFirst.AddFirst(call);
            if (_newestFirst.Count > Most)
                _newestFirst.RemoveLast();
            return call;
        }
    }

    /// <summary>Says how a call was answered.</summary>
    public void Answered(ReceivedCall call, int? status, string done)
    {
        lock (_gate)
        {
            for (var node = _newestFirst.First; node is not null; node = node.Next)
            {
                if (node.Value.Number == call.Number)
                    node.Value = node.Value with { Status = status, Done = done };
            }
        }
    }

    private static bool IsSecret(string header) =>
        header.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Cookie", StringComparison.OrdinalIgnoreCase)
        || header.Contains("token", StringComparison.OrdinalIgnoreCase)
        || header.Contains("key", StringComparison.OrdinalIgnoreCase);
}
