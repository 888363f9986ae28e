using System.Text;

namespace SampleHost.Demo.Receiver;

/// <summary>The last calls received, in memory: what a newcomer looks at, not a record for ever.</summary>
internal sealed class CallLog(TimeProvider time)
{
    public const int KeptCalls = 100;
    public const int KeptBody = 64 * 1024;

    private static readonly HashSet<string> Secret = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "X-Auth-Token", "X-Api-Key", "X-CKAN-API-Key", "Cookie",
    };

    private readonly Lock _gate = new();
    private readonly LinkedList<ReceivedCall> _calls = [];
    private long _lastNumber;
    private long _revision;

    /// <summary>Rises whenever there is something new to see.</summary>
    public long Revision => Interlocked.Read(ref _revision);

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ReceivedCall> List()
    {
        lock (_gate)
            return [.. _calls];
    }

    /// <summary>Writes a call down as it came in.</summary>
    public ReceivedCall Add(HttpRequest request, ReadOnlySpan<byte> body, SignatureVerdict signature)
    {
        var headers = request.Headers
            .Select(header => KeyValuePair.Create(header.Key, Secret.Contains(header.Key) ? "***" : header.Value.ToString()))
            .ToList();
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, KeptBody)]);
        lock (_gate)
        {
            var call = new ReceivedCall(++_lastNumber)
            {
                ReceivedAt = time.GetUtcNow(),
                Method = request.Method,
                Path = request.Path + request.QueryString,
                Headers = headers,
                Body = text,
                BodyLength = body.Length,
                Signature = signature,
            };
            _calls.AddFirst(call);
            if (_calls.Count > KeptCalls)
                _calls.RemoveLast();
            Touch();
            return call;
        }
    }

    /// <summary>Adds how a call was answered, unless it was forgotten meanwhile.</summary>
    public void Settle(ReceivedCall call, string answer)
    {
        lock (_gate)
        {
            for (var node = _calls.First; node is not null; node = node.Next)
            {
                if (node.Value.Number == call.Number)
                    node.Value = node.Value with { Answer = answer };
            }

            Touch();
        }
    }

    /// <summary>Something else that the page shows has changed.</summary>
    public void Touch() => Interlocked.Increment(ref _revision);
}
