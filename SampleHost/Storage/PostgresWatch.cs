using Dapper;
using Npgsql;

namespace SampleHost.Storage;

/// <summary>
/// Asks the server once a second whether it can be reached and written, on a connection of its own, and knows since when it cannot. Whoever wants to know asks here and waits for
/// nothing. Once a minute it looks for what holds vacuum back.
/// </summary>
/// <remarks>It waits by the real time, since the server is a real one. A server counts as away when it failed twice in a row: its second failure is on a new connection.</remarks>
internal sealed partial class PostgresWatch(PostgresSources sources, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan VacuumRest = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly VacuumHolds _holds = new();
    private Probe _probe = new();
    private Task _watching = Task.CompletedTask;
    private long? _lookedTimestamp;
    private volatile StorageFault? _fault;
    private volatile IReadOnlyList<string> _warnings = [];

    /// <summary>Called when the server can be reached and written again after it could not.</summary>
    public Action? CameBack { get; init; }

    /// <summary>What is wrong with the server; null when nothing is known to be.</summary>
    public StorageFault? Fault => _fault;

    /// <summary>What is worth knowing and keeps nobody from working.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    public void Start() => _watching = Task.Run(WatchAsync);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        await _probe.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Tell(await AskTwiceAsync());
            await Task.Delay(Rest, TimeProvider.System, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(string Text, bool CanRead)?> AskTwiceAsync()
    {
        if (await AskAsync() is null)
            return null;
        var again = await AskAsync();
        // Away for so short a time that nobody is told, it may be another server now, or an older state of it.
        if (again is null && _fault is null)
            CameBack?.Invoke();
        return again;
    }

    /// <returns>What is wrong, or null.</returns>
    private async Task<(string Text, bool CanRead)?> AskAsync()
    {
        var probe = _probe;
        var asking = Task.Run(() => LookAsync(probe));
        try
        {
            if (await asking.WaitAsync(Patience, TimeProvider.System, _stopping.Token))
                return null;
            Forget(asking);
            return ($"The database {sources.Place} takes no writes: it is a standby, or set to read only.", true);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            Forget(asking);
            return null;
        }
        catch (TimeoutException) when (!asking.IsCompleted)
        {
            Forget(asking);
            return ($"The database {sources.Place} does not answer within {Patience.TotalSeconds:0} seconds.", false);
        }
        catch (Exception exception)
        {
            // Whatever it is, it is the reason to tell.
            Forget(asking);
            return ($"The database {sources.Place} cannot be reached: {StorageFault.Reason(exception)}.", false);
        }
    }

    /// <returns>Whether the server can be written.</returns>
    private async Task<bool> LookAsync(Probe probe)
    {
        var connection = probe.Connection ??= await sources.OpenWatchingAsync(_stopping.Token);
        var canWrite = await connection.ExecuteScalarAsync<string>("SELECT current_setting('transaction_read_only')") == "off";
        if (_lookedTimestamp is { } looked && TimeProvider.System.GetElapsedTime(looked) < VacuumRest)
            return canWrite;
        _lookedTimestamp = TimeProvider.System.GetTimestamp();
        _warnings = await _holds.FindAsync(connection, time.GetUtcNow());
        return canWrite;
    }

    // The next question is asked on a new connection; this one is closed when its question has ended, one way or another.
    private void Forget(Task asking)
    {
        var probe = _probe;
        _probe = new Probe();
        _ = asking.ContinueWith(
            async ended =>
            {
                // Its failure is told already, or comes too late to be of interest.
                _ = ended.Exception;
                await probe.DisposeAsync();
            },
            TaskScheduler.Default);
    }

    private void Tell((string Text, bool CanRead)? wrong)
    {
        if (_stopping.IsCancellationRequested)
            return;
        var before = _fault;
        if (wrong is not { } now)
        {
            _fault = null;
            if (before is null)
                return;
            LogBack(logger, sources.Place, (time.GetUtcNow() - before.SinceAt).TotalSeconds);
            CameBack?.Invoke();
            return;
        }

        _fault = new StorageFault(now.Text, before?.SinceAt ?? time.GetUtcNow(), now.CanRead);
        if (before is null)
            LogAway(logger, now.Text);
    }

    [LoggerMessage(1013, LogLevel.Error, "{Reason} Saves are refused until it is well again.")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(1014, LogLevel.Information, "The database {Place} is well again, after {Seconds:0} seconds.")]
    private static partial void LogBack(ILogger logger, string place, double seconds);

    private sealed class Probe : IAsyncDisposable
    {
        public NpgsqlConnection? Connection { get; set; }

        public ValueTask DisposeAsync() => Connection?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
