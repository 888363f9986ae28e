using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests.Kill;

/// <summary>
/// A web server that takes events and keeps the books: what it took, what came again although it was taken, and what contradicts the promise of one id
/// and the same bytes.
/// </summary>
internal sealed class EventReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, byte> _titles = new();
    private readonly ConcurrentDictionary<string, Message> _messages = new();
    private readonly ConcurrentDictionary<string, string> _idByChange = new();
    private int _requests;
    private int _repeats;

    private EventReceiver(WebApplication app) => _app = app;

    private event Action? Progressed;

    public Uri Address => new(_app.Urls.First());

    /// <summary>What happens before an answer is sent; a success follows unless it sets another status. Null answers at once.</summary>
    public Func<Arrival, Task>? BeforeAnswer { get; set; }

    /// <summary>How many requests came whole, answered or not.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>How many different messages came.</summary>
    public int Ids => _messages.Count;

    /// <summary>How often a message came again although this receiver had not answered it with a failure.</summary>
    public int Repeats => Volatile.Read(ref _repeats);

    /// <summary>Changes that came under two ids, ids that came with two bodies, messages without an id.</summary>
    public ConcurrentQueue<string> Contradictions { get; } = new();

    /// <summary>What was answered with a success, each message once, in the order in which that first happened.</summary>
    public ConcurrentQueue<Taken> InOrder { get; } = new();

    public static async Task<EventReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new EventReceiver(builder.Build());
        receiver._app.MapPost("/", receiver.ReceiveAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Whether an event of a title was answered with a success.</summary>
    public bool HasTaken(string title) => _titles.ContainsKey(title);

    /// <summary>Waits until an event of each of the titles was answered with a success.</summary>
    /// <returns>The titles whose events did not come within the time.</returns>
    public async Task<IReadOnlyList<string>> WaitForAsync(ICollection<string> titles, TimeSpan patience)
    {
        await WaitUntilAsync(() => titles.All(HasTaken), patience);
        return titles.Where(title => !HasTaken(title)).ToList();
    }

    /// <summary>Waits until requests have come, answered or not.</summary>
    /// <exception cref="TimeoutException">They did not come.</exception>
    public async Task WaitForRequestsAsync(int count, TimeSpan patience)
    {
        if (!await WaitUntilAsync(() => Requests >= count, patience))
            throw new TimeoutException($"Waited for {count} requests, {Requests} came.");
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever still holds an answer back is cut off.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task<bool> WaitUntilAsync(Func<bool> isSo, TimeSpan patience)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Progressed += Look;
        try
        {
            Look();
            await done.Task.WaitAsync(patience, TimeProvider.System);
            return true;
        }
        catch (TimeoutException)
        {
            return isSo();
        }
        finally
        {
            Progressed -= Look;
        }

        void Look()
        {
            if (isSo())
                done.TrySetResult();
        }
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        }
        catch (Exception ex) when (ex is IOException or BadHttpRequestException or OperationCanceledException)
        {
            // The sender was killed in the middle: nothing was received.
            return;
        }

        var id = context.Request.Headers["webhook-id"].ToString();
        var body = buffer.ToArray();
        var message = Register(id, body);
        var arrival = new Arrival(context, id, Interlocked.Increment(ref _requests));
        Progressed?.Invoke();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        try
        {
            if (BeforeAnswer is { } before)
                await before(arrival);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (context.Response.StatusCode is >= 200 and <= 299)
            Take(message);
        else
            message.Refuse();
        Progressed?.Invoke();
    }

    private Message Register(string id, byte[] body)
    {
        using var json = JsonDocument.Parse(body);
        var data = json.RootElement.GetProperty("data");
        var change = data.GetProperty("change_id").GetString()!;
        var fresh = new Message(
            Convert.ToHexString(SHA256.HashData(body)),
            new Taken(data.GetProperty("id").GetInt64(), data.GetProperty("sequence").GetInt64(), data.GetProperty("title").GetString()!));
        var message = _messages.GetOrAdd(id, fresh);
        if (id.Length == 0)
            Contradictions.Enqueue($"no webhook-id: {Encoding.UTF8.GetString(body)}");
        if (message.Hash != fresh.Hash)
            Contradictions.Enqueue($"{id} came with two bodies, the second one is {Encoding.UTF8.GetString(body)}");
        if (_idByChange.GetOrAdd(change, id) is var first && first != id)
            Contradictions.Enqueue($"change {change} came as {first} and as {id}");
        if (message.ComesAgain())
            Interlocked.Increment(ref _repeats);
        return message;
    }

    private void Take(Message message)
    {
        if (message.TakeFirst())
            InOrder.Enqueue(message.Event);
        _titles[message.Event.Title] = 0;
    }

    /// <summary>A request that came whole.</summary>
    /// <param name="Context">The request.</param>
    /// <param name="MessageId">Its <c>webhook-id</c>.</param>
    /// <param name="Number">1 for the first request, and so on.</param>
    internal sealed record Arrival(HttpContext Context, string MessageId, int Number)
    {
        /// <summary>Fires when the sender is gone.</summary>
        public CancellationToken Gone => Context.RequestAborted;

        public void AnswerWith(int status) => Context.Response.StatusCode = status;
    }

    /// <summary>What an event tells of.</summary>
    internal sealed record Taken(long RecordId, long Sequence, string Title);

    // How far a message came: the sender may send again what was refused, and nothing else without need.
    private sealed class Message(string hash, Taken taken)
    {
        private int _isOpen;
        private int _isTaken;

        public string Hash { get; } = hash;

        public Taken Event { get; } = taken;

        public bool ComesAgain() => Interlocked.Exchange(ref _isOpen, 1) == 1;

        public void Refuse() => Volatile.Write(ref _isOpen, 0);

        public bool TakeFirst() => Interlocked.Exchange(ref _isTaken, 1) == 0;
    }
}
