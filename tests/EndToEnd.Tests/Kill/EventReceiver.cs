using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests.Kill;

/// <summary>A web server that takes events and checks what it is told under which <c>webhook-id</c>.</summary>
internal sealed class EventReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, byte> _titles = new();
    private readonly ConcurrentDictionary<string, string> _bodyById = new();
    private readonly ConcurrentDictionary<string, string> _idByChange = new();
    private int _repeats;

    private EventReceiver(WebApplication app) => _app = app;

    private event Action? Received;

    public Uri Address => new(_app.Urls.First());

    /// <summary>How many different messages came.</summary>
    public int Ids => _bodyById.Count;

    /// <summary>How often a message came again.</summary>
    public int Repeats => Volatile.Read(ref _repeats);

    /// <summary>Changes that came under two ids, ids that came with two bodies, messages without an id.</summary>
    public ConcurrentQueue<string> Contradictions { get; } = new();

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

    /// <summary>Waits until an event of each of the titles has come.</summary>
    /// <returns>The titles whose events did not come within the time.</returns>
    public async Task<IReadOnlyList<string>> WaitForAsync(ICollection<string> titles, TimeSpan patience)
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Received += Look;
        try
        {
            Look();
            await all.Task.WaitAsync(patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            // The caller is told which are missing.
        }
        finally
        {
            Received -= Look;
        }

        return Missing();

        List<string> Missing() => titles.Where(title => !_titles.ContainsKey(title)).ToList();

        void Look()
        {
            if (titles.All(_titles.ContainsKey))
                all.TrySetResult();
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        string body;
        try
        {
            body = await reader.ReadToEndAsync(context.RequestAborted);
        }
        catch (Exception ex) when (ex is IOException or BadHttpRequestException or OperationCanceledException)
        {
            // The sender was killed in the middle: nothing was received.
            return;
        }

        var id = context.Request.Headers["webhook-id"].ToString();
        if (id.Length == 0)
            Contradictions.Enqueue($"no webhook-id: {body}");
        if (!_bodyById.TryAdd(id, body))
        {
            Interlocked.Increment(ref _repeats);
            if (_bodyById[id] != body)
                Contradictions.Enqueue($"{id} came with {_bodyById[id]} and with {body}");
        }

        using var json = JsonDocument.Parse(body);
        var data = json.RootElement.GetProperty("data");
        var change = data.GetProperty("change_id").GetString()!;
        if (_idByChange.GetOrAdd(change, id) is var first && first != id)
            Contradictions.Enqueue($"change {change} came as {first} and as {id}");
        _titles[data.GetProperty("title").GetString()!] = 0;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        Received?.Invoke();
    }
}
