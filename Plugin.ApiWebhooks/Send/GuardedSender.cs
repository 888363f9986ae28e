using System.Buffers;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using Flurl.Http;

namespace Plugin.ApiWebhooks.Send;

/// <summary>The one way out of the plugin: every POST of a press or a delivery leaves here, and nothing else does.</summary>
/// <remarks>
/// Steps of an attempt:
/// <list type="number">
/// <item>Check the address and make the request. Only http and https.</item>
/// <item>Post. The dial checks the address that is really dialled (<see cref="GuardedDial"/>). No redirects, cookies, decompression or
/// tracing headers of its own, a proxy only where the settings name one; TLS is verified. One deadline covers everything from here to the end of
/// step 3.</item>
/// <item>Read the answer's body up to the cap.</item>
/// <item>Class the outcome.</item>
/// </list>
/// Presses, in the legacy form, go through Flurl.Http. Deliveries post with <see cref="HttpMessageInvoker"/> on the same handler settings: Flurl
/// costs 1.28 times the wall time and twice the allocation for the same ready bytes, more than the tenth it was allowed.
/// </remarks>
internal sealed class GuardedSender : IDisposable
{
    private readonly TimeProvider _time;
    private readonly GuardedDial _dial;
    private readonly Line _usual;
    private readonly Lines _others;

    /// <summary>Makes the sender.</summary>
    /// <param name="allowed">The allow-list as it is now; asked at every connect.</param>
    /// <param name="time">The clock of deadlines and durations.</param>
    /// <param name="resolve">Resolves names; the system's resolver when null.</param>
    public GuardedSender(AddressAllowed allowed, TimeProvider time, ResolveHost? resolve = null)
    {
        _time = time;
        _dial = new GuardedDial(allowed, resolve ?? Dns.GetHostAddressesAsync, time);
        _usual = new Line(_dial, null);
        _others = new Lines(_dial);
    }

    /// <summary>How many lines there are beside the usual one.</summary>
    public int OtherLines => _others.Count;

    /// <summary>Drops the connections of ways that the settings do not name any more.</summary>
    public void Keep(IReadOnlySet<Via> wanted) => _others.Keep(wanted);

    /// <summary>Posts, and tells how it went. Network faults are outcomes, never exceptions.</summary>
    /// <param name="post">What to send.</param>
    /// <param name="cancellationToken">Ends the attempt as <see cref="AttemptOutcome.Interrupted"/>.</param>
    public async Task<AttemptResult> PostAsync(OutgoingPost post, CancellationToken cancellationToken)
    {
        var (startedAt, started) = (post.SignedAt ?? _time.GetUtcNow(), _time.GetTimestamp());
        var answer = new Answer();
        using var deadline = new CancellationTokenSource(post.Timeout, _time);
        await using var interruption = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        AttemptOutcome outcome;
        string? detail = null;
        try
        {
            // :: Step 1
            if (TryMakeRequest(post, _time, out var problem) is { } request)
            {
                using (request)
                {
                    answer.Progress = request.Progress;
                    await (post.Via is null
                        ? ExchangeAsync(_usual, post, request, answer, deadline.Token)
                        : ExchangeAsync(post.Via, post, request, answer, deadline.Token));
                }
                // :: Step 4
                outcome = FaultOutcome.OfStatus(answer.StatusCode!.Value);
                detail = outcome == AttemptOutcome.Succeeded ? null : DetailOf(answer);
            }
            else
            {
                (outcome, detail) = (AttemptOutcome.BadUrl, problem);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            (outcome, detail) = (AttemptOutcome.Interrupted, "The attempt was stopped from this side.");
        }
        catch (Exception) when (deadline.IsCancellationRequested)
        {
            (outcome, detail) = (AttemptOutcome.TimedOut, $"No complete answer within {post.Timeout.TotalSeconds:0.###} s; the time ran out {answer.Progress?.Words}.");
        }
        catch (Exception exception) when (FaultOutcome.Of(exception).Outcome is not null)
        {
            (var fault, detail) = FaultOutcome.Of(exception);
            outcome = fault!.Value;
        }
        var times = answer.Progress?.End() ?? default;
        var result = answer.ToResult(outcome, detail, startedAt, _time.GetElapsedTime(started)) with { RequestHead = post.Head, Times = times };
        return post.Secrets is null ? result : post.Secrets.Star(result);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _usual.Dispose();
        _others.Dispose();
    }

    private async Task ExchangeAsync(Via via, OutgoingPost post, AttemptRequest request, Answer answer, CancellationToken cancellationToken)
    {
        if (via.Proxy is not null)
            await _dial.CheckTargetAsync(request.RequestUri!, request.Progress, cancellationToken);
        using var use = _others.Take(via);
        await ExchangeAsync(use.Line, post, request, answer, cancellationToken);
    }

    // :: Steps 2 and 3
    private async Task ExchangeAsync(Line line, OutgoingPost post, AttemptRequest request, Answer answer, CancellationToken cancellationToken)
    {
        using var response = post.Form == PostForm.Usual
            ? await line.Usual.SendAsync(request, cancellationToken)
            : await SendLegacyAsync(line, post, request, cancellationToken);
        request.Progress.Enter(AttemptPhase.Reading);
        answer.TakeHead(response, post.AnswerHeaders, _time.GetUtcNow());
        await answer.ReadBodyAsync(response, post.AnswerCap, cancellationToken);
    }

    private static async Task<HttpResponseMessage> SendLegacyAsync(Line line, OutgoingPost post, AttemptRequest request, CancellationToken cancellationToken)
    {
        // Flurl makes its own message; ours lends it headers, content and progress.
        var flurl = new FlurlRequest(post.Url) { Client = line.Legacy };
        flurl.Settings.BeforeCall = call => GuardedDial.Mark(call.Request, request.Progress);
        foreach (var header in request.Headers)
            flurl.WithHeader(header.Key, string.Join(", ", header.Value));
        return await flurl.SendAsync(HttpMethod.Post, request.Content, cancellationToken, HttpCompletionOption.ResponseHeadersRead);
    }

    private static AttemptRequest? TryMakeRequest(OutgoingPost post, TimeProvider time, out string? problem)
    {
        problem = null;
        var uri = post.Address;
        if (post.AddressFault is not null || (uri is null && !Uri.TryCreate(post.Url, UriKind.Absolute, out uri)) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            problem = post.AddressFault ?? "The address is not a complete http or https address.";
            return null;
        }
        var request = new AttemptRequest(MethodOf(post), uri, time) { Content = ContentOf(post), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (post.Form == PostForm.Legacy)
            request.Headers.ConnectionClose = true;
        if (uri.UserInfo.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo))));
        foreach (var (name, value) in post.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static HttpMethod MethodOf(OutgoingPost post) => post.Method == "POST" ? HttpMethod.Post : HttpMethod.Parse(post.Method);

    // A POST without a body says so, with a length of 0; a GET has none.
    private static ReadOnlyMemoryContent? ContentOf(OutgoingPost post)
    {
        if (post.Body.IsEmpty && (post.Method is "GET" or "DELETE"))
            return null;
        var content = new ReadOnlyMemoryContent(post.Body);
        content.Headers.TryAddWithoutValidation("Content-Type", post.ContentType);
        return content;
    }

    private static string DetailOf(Answer answer) => answer.Location is null
        ? $"The receiver answered {answer.StatusCode} {answer.ReasonPhrase}".TrimEnd() + "."
        : $"The receiver answered {answer.StatusCode} and names another address; redirects are not followed.";

    /// <summary>What is known of the answer so far: a time-out in the body keeps the status.</summary>
    private sealed class Answer
    {
        private string? _contentType;
        private string? _head;
        private Dictionary<string, string>? _headers;
        private DateTimeOffset? _retryAt;
        private ReadOnlyMemory<byte> _body;
        private bool _truncated;

        public AttemptProgress? Progress { get; set; }

        public int? StatusCode { get; private set; }

        public string? ReasonPhrase { get; private set; }

        public string? Location { get; private set; }

        public void TakeHead(HttpResponseMessage response, IReadOnlyList<string> wanted, DateTimeOffset now)
        {
            foreach (var name in wanted)
            {
                if (response.Headers.NonValidated.TryGetValues(name, out var values))
                    (_headers ??= new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase))[name] = string.Join(", ", values);
            }
            StatusCode = (int)response.StatusCode;
            _head = AnswerHead.Of(response);
            ReasonPhrase = response.ReasonPhrase;
            _contentType = First(response.Content.Headers, "Content-Type");
            if (StatusCode is >= 300 and <= 399)
                Location = First(response.Headers, "Location");
            if (StatusCode is < 200 or > 299)
                _retryAt = RetryAfter.Parse(First(response.Headers, "Retry-After"), now);
        }

        public async Task ReadBodyAsync(HttpResponseMessage response, int cap, CancellationToken cancellationToken)
        {
            if (response.Content.Headers.ContentLength == 0)
                return;
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(cap, 4096) + 1);
            var length = 0;
            try
            {
                // One byte beyond the cap tells whether the answer went on.
                while (length <= cap)
                {
                    if (length == buffer.Length)
                        buffer = Grown(buffer, Math.Min(cap + 1, buffer.Length * 2));
                    var read = await stream.ReadAsync(buffer.AsMemory(length, Math.Min(buffer.Length, cap + 1) - length), cancellationToken);
                    if (read == 0)
                        break;
                    length += read;
                }
            }
            finally
            {
                _truncated = length > cap;
                _body = buffer.AsSpan(0, Math.Min(length, cap)).ToArray();
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        public AttemptResult ToResult(AttemptOutcome outcome, string? detail, DateTimeOffset startedAt, TimeSpan duration) => new()
        {
            Outcome = outcome,
            StartedAt = startedAt,
            Duration = duration,
            StatusCode = StatusCode,
            ReasonPhrase = ReasonPhrase,
            AnswerContentType = _contentType,
            Headers = _headers ?? AttemptResult.NoHeaders,
            Answer = _body,
            AnswerTruncated = _truncated,
            Location = Location,
            RetryAt = _retryAt,
            Detail = detail,
            AnswerHead = _head,
        };

        private static byte[] Grown(byte[] buffer, int length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(length);
            buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(buffer);
            return larger;
        }

        private static string? First(HttpHeaders headers, string name) =>
            headers.NonValidated.TryGetValues(name, out var values) && values.Count > 0 ? values.First() : null;
    }
}
