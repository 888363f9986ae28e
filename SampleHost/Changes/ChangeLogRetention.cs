using Dam.Hosting;
using Dapper;
using System.Data.Common;
using SampleHost.Loading;
using SampleHost.Storage;

namespace SampleHost.Changes;

/// <summary>Removes old changes from the log, and the keys of old presses.</summary>
/// <remarks>
/// In small pieces with rests between them, so that no save waits long. What a running plugin has not read yet stays, however old it is; a plugin that is not loaded
/// is not waited for. The newest change always stays. An hour removes at most a day of history by age: a clock that jumps ahead by years so takes little before
/// somebody notices. With nothing due, nothing is written.
/// </remarks>
internal sealed partial class ChangeLogRetention(
    Database database, ChangeLog log, PluginRegistry plugins, HostOptions options, TimeProvider time, ILogger<ChangeLogRetention> logger) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private const int Haste = 24;
    private const int LeastTogether = 20;
    private const int MostTogether = 2000;
    private const int RestPerWork = 4;
    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongPiece = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan ShortPiece = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LeastRest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private DateTimeOffset? _reached;
    private long _lookedTimestamp = time.GetTimestamp();
    private int _together = 200;

    /// <summary>Removes once what may go.</summary>
    /// <returns>How many changes were removed.</returns>
    public async Task<int> ClearAsync(CancellationToken cancellationToken)
    {
        var elapsed = time.GetElapsedTime(_lookedTimestamp);
        _lookedTimestamp = time.GetTimestamp();
        var now = time.GetUtcNow();
        if (options.ChangeLogRetain <= TimeSpan.Zero && options.ChangeLogMost <= 0)
            return 0;
        var (oldest, last) = database.Read(connection => (
            connection.ExecuteScalar<long?>(OldestSql) is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : now, connection.ExecuteScalar<long>(LastSql)));
        var byAge = Reach(now, oldest, elapsed);
        var byCount = options.ChangeLogMost > 0 ? last - options.ChangeLogMost : 0;
        if (database.Read(connection => Find(connection, byAge, byCount, now, 1)) is not { } next || await FindReadAsync(next) is not { } read)
            return await ClearKeysAsync(byAge, 0, cancellationToken);
        var highest = Math.Min(read, last - 1);
        var removed = 0;
        while (database.Read(connection => Find(connection, byAge, byCount, now, _together)) is { } upTo && Math.Min(upTo, highest) is var end && end >= next)
        {
            removed += await InPieceAsync(() => RemoveAsync(end, cancellationToken), cancellationToken);
            log.Forget(end);
            next = end + 1;
        }

        if (removed > 0)
            LogRemoved(logger, removed, next - 1);
        else if (read < next)
            LogUnread(logger, read, next);
        return await ClearKeysAsync(byAge, removed, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var wait = FirstLook; ; wait = Interval)
        {
            await Task.Delay(wait, time, stoppingToken);
            try
            {
                await ClearAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // What is old only takes room: the next look is soon enough.
                LogFailed(logger, exception);
            }
        }
    }

    // The time up to which may be removed because of its age; null when nothing ever may.
    private DateTimeOffset? Reach(DateTimeOffset now, DateTimeOffset oldest, TimeSpan elapsed)
    {
        if (options.ChangeLogRetain <= TimeSpan.Zero)
            return null;
        var wanted = now - options.ChangeLogRetain;
        var limit = (_reached ?? (oldest < wanted ? oldest : wanted)) + (elapsed * Haste);
        return _reached = wanted < limit ? wanted : limit;
    }

    /// <summary>Up to where the running plugins have read; null when one of them does not say.</summary>
    private async Task<long?> FindReadAsync(long next)
    {
        var read = long.MaxValue;
        using var use = plugins.Use<IPluginProgress>();
        foreach (var (id, service) in use.Items)
        {
            try
            {
                var progress = await service.ReadProgressAsync(CancellationToken.None).WaitAsync(Patience, time);
                read = Math.Min(read, progress.Position);
            }
            catch (Exception exception)
            {
                // Foreign code, and perhaps in trouble: what it has not read must not be taken from it.
                LogSilent(logger, id, next, exception);
                return null;
            }
        }

        return read;
    }

    /// <summary>The last sequence of the oldest changes that may go, of at most so many; null when none may.</summary>
    private static long? Find(DbConnection connection, DateTimeOffset? byAge, long byCount, DateTimeOffset now, int limit)
    {
        long? found = null;
        foreach (var (sequence, occurredAt) in connection.Query<(long Sequence, long OccurredAt)>(FirstOnesSql, new { limit }))
        {
            // A time to come was given by a clock that was wrong: such a change goes with those beside it.
            var isOld = byAge is { } at && (occurredAt <= at.ToUnixTimeMilliseconds() || occurredAt > now.ToUnixTimeMilliseconds());
            if (!isOld && sequence > byCount)
                break;
            found = sequence;
        }

        return found;
    }

    private Task<int> RemoveAsync(long upTo, CancellationToken cancellationToken) => database.WriteAsync(
        scope =>
        {
            var removed = scope.Connection.Execute(RemoveSql, new { upTo });
            scope.Connection.Execute(MoveStartSql, new { upTo });
            return removed;
        },
        cancellationToken);

    private async Task<int> ClearKeysAsync(DateTimeOffset? byAge, int removed, CancellationToken cancellationToken)
    {
        if (byAge is not { } reach)
            return removed;
        var at = reach.ToUnixTimeMilliseconds();
        while (database.Read(connection => connection.ExecuteScalar<long?>(AnyKeySql, new { at })) is not null)
        {
            var limit = _together;
            await InPieceAsync(() => database.WriteAsync(scope => scope.Connection.Execute(RemoveKeysSql, new { at, limit }), cancellationToken), cancellationToken);
        }

        return removed;
    }

    private async Task<int> InPieceAsync(Func<Task<int>> work, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var result = await work();
        var took = time.GetElapsedTime(began);
        if (took > LongPiece)
            _together = Math.Max(LeastTogether, _together / 2);
        else if (took < ShortPiece)
            _together = Math.Min(MostTogether, _together * 2);
        var rest = took * RestPerWork;
        await Task.Delay(rest > LeastRest ? rest : LeastRest, time, cancellationToken);
        return result;
    }

    private const string OldestSql = "SELECT occurred_at FROM changes ORDER BY sequence LIMIT 1";

    private const string LastSql = "SELECT coalesce(max(sequence), 0) FROM changes";

    private const string FirstOnesSql = "SELECT sequence, occurred_at FROM changes ORDER BY sequence LIMIT @limit";

    private const string RemoveSql = "DELETE FROM changes WHERE sequence <= @upTo AND sequence < (SELECT max(sequence) FROM changes)";

    private const string MoveStartSql = "UPDATE change_log_start SET up_to = @upTo WHERE up_to < @upTo";

    private const string AnyKeySql = "SELECT 1 FROM press_keys WHERE created_at <= @at LIMIT 1";

    private const string RemoveKeysSql =
        "DELETE FROM press_keys WHERE press_key IN (SELECT press_key FROM press_keys WHERE created_at <= @at ORDER BY created_at LIMIT @limit)";

    [LoggerMessage(1020, LogLevel.Information, "Removed {Count} old changes from the change log, up to {Sequence}.")]
    private static partial void LogRemoved(ILogger logger, int count, long sequence);

    [LoggerMessage(1021, LogLevel.Warning, "Old changes stay in the change log: a plugin has read up to {Read} only, and the oldest is {Oldest}.")]
    private static partial void LogUnread(ILogger logger, long read, long oldest);

    [LoggerMessage(1022, LogLevel.Warning, "Old changes, from {Oldest} on, stay in the change log: plugin {PluginId} does not say how far it has read.")]
    private static partial void LogSilent(ILogger logger, string pluginId, long oldest, Exception exception);

    [LoggerMessage(1023, LogLevel.Warning, "Removing old changes failed; it is tried again later.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
