using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Nodes;

/// <summary>
/// Tells nodes what to look at, by <c>NOTIFY</c>: only a hint, sent apart from any transaction and at most every few milliseconds, because each one takes a lock of the
/// whole server at its commit. What gets lost is found by the next look.
/// </summary>
/// <param name="engine">PostgreSQL.</param>
/// <param name="session">This node, which does not listen to itself.</param>
/// <param name="logger">Where it is told that nothing can be heard.</param>
internal sealed partial class NodeNews(PostgresEngine engine, long session, ILogger<NodeNews> logger) : IAsyncDisposable
{
    private const string Channel = "api_webhooks";

    // A payload has 8000 bytes at most.
    private const int MostTogether = 400;

    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<long, bool> _toTell = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private Task _running = Task.CompletedTask;

    /// <summary>Begins to listen and to tell.</summary>
    /// <param name="heard">Called with subscriptions of which others told.</param>
    public void Start(Action<IReadOnlyCollection<long>> heard) =>
        _running = Task.WhenAll(KeepOnAsync(token => ListenAsync(heard, token)), KeepOnAsync(TellAsync));

    /// <summary>Tells of subscriptions soon.</summary>
    public void Tell(IReadOnlyCollection<long> subscriptionIds)
    {
        foreach (var id in subscriptionIds)
            _toTell[id] = true;
        if (_signal.CurrentCount == 0)
            TryRelease();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
        _signal.Dispose();
    }

    private void TryRelease()
    {
        try
        {
            _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else was quicker.
        }
    }

    private async Task KeepOnAsync(Func<CancellationToken, Task> work)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await work(_stopping.Token);
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogBroken(exception.Message);
            }
            await Task.Delay(Pause, TimeProvider.System, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(Action<IReadOnlyCollection<long>> heard, CancellationToken cancellationToken)
    {
        await using var connection = await engine.OpenAsync(cancellationToken);
        connection.Notification += (_, news) =>
        {
            if (Parse(news.Payload) is { Count: > 0 } ids)
                heard(ids);
        };
        await using (var command = new NpgsqlCommand($"LISTEN {Channel}", connection))
            await command.ExecuteNonQueryAsync(cancellationToken);
        while (true)
            await connection.WaitAsync(cancellationToken);
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        await using var connection = await engine.OpenAsync(cancellationToken);
        while (true)
        {
            await _signal.WaitAsync(cancellationToken);
            await Task.Delay(Gather, TimeProvider.System, cancellationToken);
            while (TakeSome() is { Count: > 0 } ids)
            {
                await using var command = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection);
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Channel });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = string.Create(CultureInfo.InvariantCulture, $"{session}:{string.Join(',', ids)}") });
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    private List<long> TakeSome()
    {
        var ids = new List<long>();
        foreach (var id in _toTell.Keys)
        {
            if (ids.Count == MostTogether)
                break;
            if (_toTell.TryRemove(id, out _))
                ids.Add(id);
        }
        return ids;
    }

    private List<long> Parse(string payload)
    {
        var colon = payload.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || payload.AsSpan(0, colon).SequenceEqual(session.ToString(CultureInfo.InvariantCulture)))
            return [];
        var ids = new List<long>();
        foreach (var part in payload[(colon + 1)..].Split(','))
        {
            if (long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                ids.Add(id);
        }
        return ids;
    }

    [LoggerMessage(2313, LogLevel.Warning, "Hints between nodes are interrupted; what they would tell is found by looking. {Reason}")]
    private partial void LogBroken(string reason);
}
