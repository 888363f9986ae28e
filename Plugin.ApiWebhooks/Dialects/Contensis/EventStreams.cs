using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure.Stored;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// Contensis' server-sent events: POST <c>/api/management/projects/{project}/events/sse/stream</c> with <c>{topics, templates?}</c>, the topics of webhooks. Each caller
/// is told what he may see, from the host's change log and as it happens; no queue and no database of the plugin is involved.
/// </summary>
internal sealed class EventStreams : IDoor, IDisposable
{
    /// <summary>How many streams may be open at a time.</summary>
    public const int MostStreams = 100;

    /// <summary>How many of one user.</summary>
    public const int MostOfUser = 10;

    private readonly ContensisGate _gate;
    private readonly StoredHooks _hooks;
    private readonly EventStreamParts _parts;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly List<string> _open = [];

    /// <summary>Makes the door.</summary>
    /// <param name="gate">Who is let in.</param>
    /// <param name="hooks">Reads what a stream asks for as a subscription is read.</param>
    /// <param name="parts">What a stream is made of.</param>
    public EventStreams(ContensisGate gate, StoredHooks hooks, EventStreamParts parts) => (_gate, _hooks, _parts) = (gate, hooks, parts);

    /// <summary>How many streams are open.</summary>
    public int Open
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(SubscriptionDoor.Root + "/events/sse/stream", _gate.For(StreamAsync)).Unaudited("It only reads.");

    /// <summary>Ends all streams, and lets no new one begin.</summary>
    public void Stop() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task<ContensisError?> StreamAsync(ContensisCall call)
    {
        var (body, fault) = await RequestJson.ReadAsync(call.Context.Request).ConfigureAwait(false);
        if (fault is not null)
            return new ContensisError(400, fault);
        // It is read as a subscription that is sent nowhere.
        var request = SubscriptionRequest.Read(body, call.Project, current: null);
        request.Settings["url"] = "https://stream.invalid/";
        request.Settings.Remove("headers");
        request.Settings.Remove("method");
        var faults = request.Faults.Where(each => each.Field is "topics" or "templates" || each.Field.StartsWith("topics[", StringComparison.Ordinal)).ToList();
        if (faults.Count > 0)
            return ContensisError.Invalid(faults);
        var check = _hooks.Check(new NewStoredHook(request.Settings, call.User.Name));
        if (check.Settings?.Rules is not ContensisRules rules)
            return ContensisError.Invalid([.. check.Faults.Where(each => each.Severity == FaultSeverity.Error).Select(each => new FieldError(each.Place, $"{each.Message} {each.Remedy}"))]);
        if (_stopping.IsCancellationRequested)
            return new ContensisError(503, "The plugin is stopping. Try again in a moment.");
        if (!TryOpen(call.User.Name))
            return new ContensisError(429, $"At most {MostStreams} streams are open at a time, {MostOfUser} of one user. Close one, and try again.");
        try
        {
            await RunAsync(call, rules).ConfigureAwait(false);
        }
        finally
        {
            Close(call.User.Name);
        }
        return null;
    }

    private async Task RunAsync(ContensisCall call, ContensisRules rules)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(call.Context.RequestAborted, _stopping.Token);
        var id = Guid.CreateVersion7(_parts.Time.GetUtcNow());
        var stream = new EventStream(_parts, rules.For(id), call.User.Name, call.Context.Response);
        try
        {
            var last = await _parts.Log.GetLastPositionAsync(ending.Token).ConfigureAwait(false);
            var resumed = Resumed(call.Context.Request);
            await stream.RunAsync(Math.Min(resumed ?? last, last), id, IsResumable(call.Context.Request), ending.Token).ConfigureAwait(false);
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            // The client has gone, or the plugin stops: what was on the way is cut off, as the client knows.
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
        }
    }

    // Contensis' client takes the id of a message for that of its subscription; one that wants to go on after a break asks for ids that tell where.
    private static bool IsResumable(HttpRequest request) =>
        request.Headers.ContainsKey("Last-Event-ID") || request.Query["resumable"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase);

    private static long? Resumed(HttpRequest request)
    {
        var last = request.Headers["Last-Event-ID"].ToString();
        return long.TryParse(last.AsSpan(last.LastIndexOf('.') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;
    }

    private bool TryOpen(string user)
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested || _open.Count >= MostStreams || _open.Count(each => each == user) >= MostOfUser)
                return false;
            _open.Add(user);
            return true;
        }
    }

    private void Close(string user)
    {
        lock (_lock)
            _open.Remove(user);
    }
}

/// <summary>What a stream is made of.</summary>
internal sealed record EventStreamParts(IChangeLog Log, IHostInformation Host, IRecordReader Records, IUserDirectory Users, TimeProvider Time);
