using Dam.Hosting;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Track;

/// <summary>Removes what is old, and the oldest of what is finished when the database is too large.</summary>
/// <remarks>
/// <list type="number">
/// <item>Hooks that were deleted and cannot be had back any more.</item>
/// <item>Deliveries that finished long ago, with their attempts; messages that have no deliveries left; then presses and replays that ended long ago, and entries of the
/// audit list that are older still; and heads of requests that no attempt has any more. What was counted by the hour is folded into its sum.</item>
/// <item>While the database is larger than allowed: the oldest finished deliveries, whatever their age; when there are none left, the oldest presses that have ended.</item>
/// <item>When much of the file is free: give some of it back. The rest is used again.</item>
/// </list>
/// On PostgreSQL whole parts of the history are dropped, see <see cref="HistoryParts"/>, and what they leave goes piece by piece.
/// In small pieces with rests between them, so that whoever else wants to write hardly notices; a slow disk makes the pieces smaller. Nothing that is owed is ever
/// removed, and when nothing is due nothing is written.
/// </remarks>
internal sealed partial class Retention(
    RetentionStore store, Func<StorageSettings> settings, Action refusalsRemoved, Func<Task> removeDeletedHooks, TimeProvider time, ILogger<Retention> logger)
    : IPluginHealth, IAsyncDisposable
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WalkAgain = TimeSpan.FromHours(24);
    // A head's last use is kept to the day.
    private static readonly TimeSpan UseIsKeptTo = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongPiece = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan ShortPiece = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LeastRest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MostRest = TimeSpan.FromSeconds(1);
    private const int RestPerWork = 4;
    private const int LeastTogether = 20;
    private const int MostTogether = 1000;
    private const long MostBytesTogether = 8 * 1024 * 1024;
    private const int MostBytesOfPress = 8 * 1024; // about: what is kept of an answer, and as much for the rest
    private const int ShrinkPages = 512;
    private const long LeastFreeBytes = 64 * 1024 * 1024;

    private readonly CancellationTokenSource _stopping = new();
    private readonly RetentionReach _deliveryReach = new();
    private readonly RetentionReach _pressReach = new();
    private readonly RetentionReach _auditReach = new();
    private long _walked;
    private long? _walkBeganTimestamp;
    private long _lookedTimestamp;
    private long? _headsClearedTimestamp;
    private int _together = 200;
    private Task _running = Task.CompletedTask;
    private volatile bool _isOverfull;
    private int _disposed;

    /// <summary>Whether this node is the one that clears; looked at before each clearing.</summary>
    public Func<bool> IsTheOne { get; init; } = static () => true;

    /// <summary>The parts of the history; null where it is one piece.</summary>
    public HistoryParts? Parts { get; init; }

    /// <summary>Begins to look now and then.</summary>
    public void Start() => _running = RunAsync(_stopping.Token);

    /// <summary>Stops; the piece under way ends.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Registered under two types, it is disposed of twice.
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        await StopAsync();
        _stopping.Dispose();
    }

    /// <summary>Clears once.</summary>
    /// <returns>How many deliveries were removed.</returns>
    public async Task<int> ClearAsync(CancellationToken cancellationToken)
    {
        var elapsed = time.GetElapsedTime(_lookedTimestamp);
        _lookedTimestamp = time.GetTimestamp();
        var (now, current) = (time.GetUtcNow(), settings());
        var (removed, refusals) = (0, 0);
        if (Parts is not null)
            await TryAsync(Parts.KeepUpAsync, cancellationToken);
        // :: Step 1
        await removeDeletedHooks();
        // :: Step 2
        if (current.Retain > TimeSpan.Zero)
        {
            (removed, refusals) = await ClearOldAsync(now, current.Retain, elapsed, cancellationToken);
            await ClearPressesAsync(now, current.Retain, elapsed, cancellationToken);
            await store.RemoveReplaysAsync(now - current.Retain, MostTogether);
            await ClearHeadsAsync(now - current.Retain - UseIsKeptTo);
        }
        await store.FoldHoursAsync(now);
        await ClearAuditAsync(now, current.Retain, elapsed, cancellationToken);
        // :: Step 3
        var bySize = current.MostBytes > 0 ? await ClearOverfullAsync(now, current.MostBytes, cancellationToken) : default;
        // :: Step 4
        if (removed + bySize.Deliveries > 0)
        {
            await ShrinkAsync(cancellationToken);
            LogCleared(removed, bySize.Deliveries);
        }
        if (refusals + bySize.Refusals > 0)
            refusalsRemoved();
        return removed + bySize.Deliveries;
    }

    /// <inheritdoc/>
    public IReadOnlyList<PluginFault> GetFaults() => !_isOverfull
        ? []
        :
        [
            new PluginFault(
                FaultSeverity.Warning,
                "storage.maxMegabytes",
                $"The database is larger than the {settings().MostBytes / (1024 * 1024)} MB allowed, and everything in it is still owed to receivers.",
                "Mend the receivers that take nothing, or cancel what they need no more; nothing owed is removed by itself."),
        ];

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        _lookedTimestamp = time.GetTimestamp();
        try
        {
            // Before much is stored, so that it lies in a part.
            if (Parts is not null && IsTheOne())
                await TryAsync(Parts.KeepUpAsync, cancellationToken);
            for (var wait = FirstLook; ; wait = Interval)
            {
                await Task.Delay(wait, time, cancellationToken);
                if (IsTheOne())
                    await TryAsync(() => ClearAsync(cancellationToken), cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The plugin stops, perhaps together with its database.
        }
    }

    private async Task TryAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The database is in trouble: what is old only takes room, and the next look is soon enough.
            LogFailed(exception);
        }
    }

    private async Task<(int Deliveries, int Refusals)> ClearOldAsync(DateTimeOffset now, TimeSpan retain, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        // What was passed over because it was owed is looked at again a day later.
        if (_walkBeganTimestamp is not { } began || time.GetElapsedTime(began) >= WalkAgain)
            (_walked, _walkBeganTimestamp) = (0, time.GetTimestamp());
        var total = (Deliveries: 0, Refusals: 0);
        var (wanted, at, hasDropped) = (now - retain, _deliveryReach.Advance(now - retain, elapsed), false);
        while (true)
        {
            if (Parts is not null && _deliveryReach.IsKnown && !hasDropped)
            {
                hasDropped = true;
                await TryAsync(async () => total = await Parts.DropOldAsync(at), cancellationToken);
            }
            var candidates = store.ReadAfter(_walked, Parts?.FindFirstToWaitFor(at) ?? long.MaxValue, at, now, _together, MostBytesTogether)
                .TakeWhile(each => each.StoredAt <= at || each.StoredAt > now).ToList();
            if (!_deliveryReach.IsKnown && (candidates.Count == 0 || candidates.Exists(each => each.MayGo)))
            {
                at = _deliveryReach.Begin(wanted, candidates.Find(each => each.MayGo) is { } oldest ? TimeOf(oldest, now) : wanted, elapsed);
                continue;
            }
            if (candidates.Count == 0)
                break;
            var (deliveries, refusals) = await RemoveAsync(candidates, cancellationToken);
            total = (total.Deliveries + deliveries, total.Refusals + refusals);
            _walked = candidates[^1].IsCut ? candidates[^1].Id - 1 : candidates[^1].Id;
        }
        if (total.Deliveries > 0 && at < wanted - Interval)
            LogHeldBack(wanted, at);
        return total;
    }

    private async Task<(int Deliveries, int Refusals)> ClearOverfullAsync(DateTimeOffset now, long mostBytes, CancellationToken cancellationToken)
    {
        var total = (Deliveries: 0, Refusals: 0);
        // A little below, so that this does not come up again at once.
        var target = store.ReadSize().UsedBytes > mostBytes ? mostBytes - (mostBytes / 20) : mostBytes;
        var walked = 0L;
        for (long used; (used = store.ReadSize().UsedBytes) > target;)
        {
            if (Parts is not null && await Parts.DropOldestAsync() is { } gone)
            {
                total = (total.Deliveries + gone.Deliveries, total.Refusals + gone.Refusals);
                continue;
            }
            // No more than has to go.
            var candidates = store.ReadAfter(walked, long.MaxValue, DateTimeOffset.MaxValue, now, _together, Math.Min(MostBytesTogether, used - target));
            if (candidates.Count == 0)
            {
                var limit = (int)Math.Clamp((used - target) / MostBytesOfPress, 1, _together);
                if (await InPieceAsync(() => store.RemoveOldestPressesAsync(limit), cancellationToken) > 0)
                    continue;
                _isOverfull = store.ReadSize().UsedBytes > mostBytes;
                return total;
            }
            var (deliveries, refusals) = await RemoveAsync(candidates, cancellationToken);
            total = (total.Deliveries + deliveries, total.Refusals + refusals);
            walked = candidates[^1].IsCut ? candidates[^1].Id - 1 : candidates[^1].Id;
        }
        _isOverfull = false;
        return total;
    }

    private async Task ClearPressesAsync(DateTimeOffset now, TimeSpan retain, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var wanted = now - retain;
        var found = store.FindOldestPress();
        var reach = _pressReach.IsKnown ? _pressReach.Advance(wanted, elapsed) : _pressReach.Begin(wanted, found ?? wanted, elapsed);
        if (found is not { } oldest || oldest > reach)
            return;
        for (var (removed, limit) = (_together, _together); removed == limit;)
        {
            limit = _together;
            removed = await InPieceAsync(() => store.RemovePressesAsync(reach, limit), cancellationToken);
        }
    }

    // The audit list is short and asked for late: it is kept longer than the history, for ever where that is.
    private async Task ClearAuditAsync(DateTimeOffset now, TimeSpan retain, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        if (store.FindOldestAudit() is not { } oldest)
            return;
        var reach = DateTimeOffset.MinValue;
        if (retain > TimeSpan.Zero)
        {
            var wanted = now - (retain > AuditLog.LeastRetain ? retain : AuditLog.LeastRetain);
            reach = _auditReach.IsKnown ? _auditReach.Advance(wanted, elapsed) : _auditReach.Begin(wanted, oldest, elapsed);
        }
        if (oldest > reach && !store.HasMoreAudit(AuditLog.Most))
            return;
        for (var (removed, limit) = (_together, _together); removed == limit;)
        {
            limit = _together;
            removed = await InPieceAsync(() => store.RemoveAuditAsync(reach, AuditLog.Most, limit), cancellationToken);
        }
    }

    private async Task ClearHeadsAsync(DateTimeOffset upTo)
    {
        if (_headsClearedTimestamp is { } cleared && time.GetElapsedTime(cleared) < WalkAgain)
            return;
        _headsClearedTimestamp = time.GetTimestamp();
        await store.RemoveHeadsAsync(upTo, MostTogether);
    }

    private async Task ShrinkAsync(CancellationToken cancellationToken)
    {
        for (var size = store.ReadSize(); size.FreePages * size.PageBytes > LeastFreeBytes && size.FreePages > size.Pages / 4; size = store.ReadSize())
        {
            var before = size.Pages;
            await InPieceAsync(async () =>
            {
                await store.ShrinkAsync(ShrinkPages);
                return 0;
            }, cancellationToken);
            if (store.ReadSize().Pages >= before)
                return; // a file that was made without this
        }
    }

    private Task<(int Deliveries, int Refusals)> RemoveAsync(IReadOnlyList<RetentionStore.Candidate> candidates, CancellationToken cancellationToken)
    {
        var going = candidates.Where(each => each.MayGo).ToList();
        return going.Count == 0 ? Task.FromResult((0, 0)) : InPieceAsync(() => store.RemoveAsync(going), cancellationToken);
    }

    private async Task<T> InPieceAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var began = time.GetTimestamp();
        var result = await work();
        var took = time.GetElapsedTime(began);
        if (took > LongPiece)
            _together = Math.Max(LeastTogether, _together / 2);
        else if (took < ShortPiece)
            _together = Math.Min(MostTogether, _together * 2);
        var rest = took * RestPerWork;
        await Task.Delay(rest < LeastRest ? LeastRest : rest > MostRest ? MostRest : rest, time, cancellationToken);
        return result;
    }

    private static DateTimeOffset TimeOf(RetentionStore.Candidate candidate, DateTimeOffset now)
    {
        var finishedAt = candidate.Finished.Count > 0 ? candidate.Finished[0].FinishedAt : candidate.StoredAt;
        return finishedAt > now ? candidate.StoredAt : finishedAt;
    }

    [LoggerMessage(2300, LogLevel.Information, "Removed {Old} old deliveries, and {Overfull} more because the database was too large.")]
    private partial void LogCleared(int old, int overfull);

    [LoggerMessage(
        2301, LogLevel.Warning,
        "Everything finished up to {Wanted:o} is old enough to be removed; for now it is done up to {Reach:o}. An hour removes at most a day of history, in case the clock is wrong.")]
    private partial void LogHeldBack(DateTimeOffset wanted, DateTimeOffset reach);

    [LoggerMessage(2302, LogLevel.Warning, "Removing what is old failed; it is tried again later.")]
    private partial void LogFailed(Exception exception);
}
