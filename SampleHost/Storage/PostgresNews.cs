using Dapper;
using Npgsql;

namespace SampleHost.Storage;

/// <summary>
/// How the hosts on one PostgreSQL database hear of each other's changes: NOTIFY as a hint, and a look once a second for the hints that were lost. NOTIFY takes a lock
/// of the whole server when it commits, so it is sent outside of the writing transactions, and at most every 20 ms however much is written.
/// </summary>
internal sealed partial class PostgresNews : IAsyncDisposable
{
    private const string Channel = "dam_changes";
    private static readonly TimeSpan LeastRest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly PostgresSources _sources;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _due = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private Task? _announcing;

    public PostgresNews(PostgresSources sources, TimeProvider time, ILogger logger) => (_sources, _time, _logger) = (sources, time, logger);

    /// <summary>Sends a hint soon. Called by the one writer.</summary>
    public void Announce()
    {
        _announcing ??= Task.Run(AnnounceAsync);
        if (_due.CurrentCount == 0)
            _due.Release();
    }

    /// <summary>Calls back with the newest position after each hint, and once a second.</summary>
    public async Task ListenAsync(Action<long> heard, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _sources.OpenOwnAsync(cancellationToken);
                await connection.ExecuteAsync($"LISTEN {Channel}");
                while (true)
                {
                    heard(await connection.ExecuteScalarAsync<long>("SELECT coalesce(max(sequence), 0) FROM changes"));
                    await connection.WaitAsync(Look, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // A server that restarts, or a standby that takes over: whoever reads asks it himself meanwhile.
                LogDeaf(_logger, exception.Message);
                await Task.Delay(Look, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_announcing is not null)
            await _announcing;
        _stopping.Dispose();
        _due.Dispose();
    }

    private async Task AnnounceAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _due.WaitAsync(_stopping.Token);
                await using var connection = await _sources.OpenOwnAsync(_stopping.Token);
                while (true)
                {
                    await connection.ExecuteAsync(new CommandDefinition($"NOTIFY {Channel}", cancellationToken: _stopping.Token));
                    await Task.Delay(LeastRest, _time, _stopping.Token);
                    await _due.WaitAsync(_stopping.Token);
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogMute(_logger, exception.Message);
            }
        }
    }

    [LoggerMessage(1010, LogLevel.Warning, "Other hosts' changes are not heard of at the moment: {Reason}")]
    private static partial void LogDeaf(ILogger logger, string reason);

    [LoggerMessage(1011, LogLevel.Warning, "Other hosts could not be told of a change, and see it within a second: {Reason}")]
    private static partial void LogMute(ILogger logger, string reason);
}
