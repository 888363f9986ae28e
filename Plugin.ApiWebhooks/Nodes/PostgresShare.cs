using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Nodes;

/// <summary>One node's share on PostgreSQL.</summary>
/// <remarks>
/// <list type="number">
/// <item>Each node keeps a row that lives for a short while and is renewed well before (<see cref="NodeTable"/>). The database's clock decides.</item>
/// <item>Which node a subscription would best be served by follows from the living nodes alone (<see cref="Preference"/>), so that no node has to ask another. That is a
/// wish: whose it is, the table <c>lane</c> says.</item>
/// <item>A node takes what it should have and nobody has. What another should have it lets go: it begins nothing more, and gives it away when nothing of it is in hand.</item>
/// <item>A node that could not renew its row for as long as it lives has no share, as far as it knows itself: it stops by its own clock before the others take over.</item>
/// </list>
/// </remarks>
internal sealed partial class PostgresShare : NodeShare
{
    /// <summary>How long a node is taken to live without a word. Another takes over within this and one <see cref="Look"/>.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>How often a node looks at the others.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookForLostHints = TimeSpan.FromSeconds(10);

    private readonly NodeTable _table;
    private readonly NodeNews _news;
    private readonly long _id;
    private readonly Func<string> _configMark;
    private readonly ILogger<PostgresShare> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _looking = new(1, 1);
    private readonly HashSet<long> _leaving = [];
    private readonly Lock _following = new();
    // What is to be served again, or no more, as the share is now. It stays here until that is done: a look may fail after the share has changed.
    private readonly HashSet<long> _toServe = [];
    private readonly HashSet<string> _moved = [];
    private long[] _beingServed = [];
    private INodeWork _work = null!;
    private IReadOnlyCollection<long> _wanted = [];
    private volatile HashSet<long> _share = [];
    private volatile List<NodeEntry> _nodes = [];
    private volatile string? _fault;
    private Dictionary<string, long>? _versions;
    private bool _isSettled;
    private long? _renewed;
    private long _lookedForLostHints;
    private readonly Timer _fence;
    private Task _running = Task.CompletedTask;
    private Task _follows = Task.CompletedTask;

    public PostgresShare(NodeTable table, NodeNews news, long id, Func<string> configMark, ILogger<PostgresShare> logger)
    {
        (_table, _news, _id, _configMark, _logger) = (table, news, id, configMark, logger);
        _fence = new Timer(_ => Stop());
    }

    /// <inheritdoc/>
    public override IReadOnlyList<NodeEntry> Nodes => _nodes;

    /// <inheritdoc/>
    public override bool IsFirst => IsAlive && _nodes is [var first, ..] && first.Id == _id;

    /// <inheritdoc/>
    public override string? Fault => _fault;

    private bool IsAlive => _renewed is { } at && Stopwatch.GetElapsedTime(at) < Lease;

    /// <inheritdoc/>
    public override bool Has(long subscriptionId) => _share.Contains(subscriptionId);

    /// <inheritdoc/>
    public override async Task StartAsync(INodeWork work)
    {
        _work = work;
        _news.Start(ids => _work.Hear([.. ids.Where(Has)]));
        await Task.Run(LookAround);
        _running = RunAsync();
    }

    /// <inheritdoc/>
    public override async Task WantAsync(IReadOnlyCollection<long> subscriptionIds, CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            (_wanted, _isSettled) = ([.. subscriptionIds], false);
            await Task.Run(LookAround, cancellationToken);
            // Whoever asks serves all of them. What was let go is given away only when it is seen that it is served no more.
            lock (_following)
                _toServe.RemoveWhere(Has);
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <inheritdoc/>
    public override void Tell(IReadOnlyCollection<long> subscriptionIds) => _news.Tell(subscriptionIds);

    /// <inheritdoc/>
    public override ValueTask<IAsyncDisposable> TakeTurnAsync(CancellationToken cancellationToken) => _table.TakeTurnAsync(cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        // Whatever becomes of them, what comes after is owed.
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _follows.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _news.DisposeAsync();
        try
        {
            if (IsAlive)
                await Task.Run(_table.LeaveAll);
        }
        catch (Exception exception)
        {
            // Its time ends by itself.
            LogNotLeft(exception.Message);
        }
        _table.Dispose();
        await _fence.DisposeAsync();
        _stopping.Dispose();
        _looking.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Look);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                await LookAsync();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The plugin stops.
        }
    }

    private async Task LookAsync()
    {
        await _looking.WaitAsync(_stopping.Token);
        try
        {
            await Task.Run(LookAround);
            _fault = null;
        }
        catch (Exception exception)
        {
            if (_fault is null)
                LogCutOff(exception.Message);
            _fault = exception.Message;
            _isSettled = false;
            return;
        }
        finally
        {
            _looking.Release();
        }
        if (_nodes.Count > 1)
            _work.NoteOthers();
        // Beside the looks: whatever it waits for, this node's time is moved on. What changes meanwhile is followed after the next look.
        if (_follows.IsCompleted)
            _follows = Task.Run(FollowAsync);
    }

    private async Task FollowAsync()
    {
        var (changed, moved) = TakeToFollow();
        try
        {
            if (changed.Length > 0)
                await _work.ServeAgainAsync(changed);
            lock (_following)
                _beingServed = [];
            if (moved.Contains("subscriptions"))
                await _work.ReadAgainAsync();
            if (moved.Contains("replays"))
                _work.WakeReplays();
            if (moved.Contains("refusals"))
                _work.CountRefusals();
        }
        catch (Exception exception)
        {
            // Both are done again after the next look.
            lock (_following)
            {
                _toServe.UnionWith(changed);
                _moved.UnionWith(moved);
                _beingServed = [];
            }
            if (!_stopping.IsCancellationRequested)
                LogNotFollowed(exception);
        }
    }

    // :: Called alone.
    private void LookAround()
    {
        if (_renewed is not { } renewed || Stopwatch.GetElapsedTime(renewed) >= RenewEvery)
        {
            // From before it is asked: by its own clock its time ends first.
            var asked = Stopwatch.GetTimestamp();
            if (!_table.TryRenew(Lease, _configMark()))
                Lose();
            _renewed = asked;
            _fence.Change(Lease - Look - Stopwatch.GetElapsedTime(asked) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
        var nodes = _table.ReadNodes();
        if (!nodes.Select(node => node.Id).SequenceEqual(_nodes.Select(node => node.Id)))
        {
            _isSettled = false;
            LogNodes(string.Join(", ", nodes.Select(node => node.Name)));
        }
        _nodes = nodes;
        if (!_isSettled || _leaving.Count > 0)
            Settle();
        LookForClaimable();
        NoteMoved();
    }

    private bool Lose()
    {
        var lost = _share;
        (_share, _isSettled) = ([], false);
        if (lost.Count == 0)
            return false;
        LogStopped();
        _work.StopServing(lost);
        // Only now: what a look took again meanwhile may have been served before it was stopped here.
        NoteToServe(lost);
        return true;
    }

    // By this node's own clock, and whatever it waits for: before the others take over.
    private void Stop()
    {
        if (!_stopping.IsCancellationRequested && Lose())
            _fault ??= $"It has not answered for {(Lease - Look).TotalSeconds:0} seconds.";
    }

    // Brings what this node has nearer to what it should have.
    private void Settle()
    {
        var living = _nodes.Select(node => node.Id).ToList();
        var lanes = _table.ReadLanes();
        var (wanted, mine) = (_wanted.ToHashSet(), lanes.Where(lane => lane.Value == _id).Select(lane => lane.Key).ToHashSet());
        var should = wanted.Where(id => Preference.Of(id, living) == _id).ToHashSet();
        var taken = _table.TakeLanes([.. should.Where(id => !lanes.TryGetValue(id, out var node) || !living.Contains(node))]);
        mine.UnionWith(taken);
        var share = mine.Where(should.Contains).ToHashSet();
        var changed = share.ToHashSet();
        changed.SymmetricExceptWith(_share);
        _share = share;
        NoteToServe(changed);

        _leaving.Clear();
        _leaving.UnionWith(mine.Where(id => !should.Contains(id)));
        // What was let go just now is still served; it is looked at again when that has ended.
        var given = _leaving.Except(ReadUnfollowed()).Where(id => !_work.IsBusyWith(id)).ToList();
        if (given.Count > 0)
            _table.GiveLanes(given);
        _leaving.ExceptWith(given);
        // What was taken is looked at once more: another node that had not seen this one yet may have taken it too.
        _isSettled = taken.Count == 0 && should.SetEquals(share) && _leaving.Count == 0;
    }

    private void NoteToServe(IReadOnlyCollection<long> subscriptionIds)
    {
        lock (_following)
            _toServe.UnionWith(subscriptionIds);
    }

    private (long[] Changed, string[] Moved) TakeToFollow()
    {
        lock (_following)
        {
            _beingServed = [.. _toServe];
            string[] moved = [.. _moved];
            _toServe.Clear();
            _moved.Clear();
            return (_beingServed, moved);
        }
    }

    private long[] ReadUnfollowed()
    {
        lock (_following)
            return [.. _toServe, .. _beingServed];
    }

    private void LookForClaimable()
    {
        // Also alone: what a node that is gone now claimed last may have been stored after it was taken over.
        if (_share.Count == 0 || Stopwatch.GetElapsedTime(_lookedForLostHints) < LookForLostHints)
            return;
        _lookedForLostHints = Stopwatch.GetTimestamp();
        if (_table.FindClaimable([.. _share]) is { Count: > 0 } claimable)
            _work.Hear(claimable);
    }

    private void NoteMoved()
    {
        var versions = _table.ReadVersions();
        lock (_following)
            _moved.UnionWith(versions.Where(each => _versions is null || _versions.GetValueOrDefault(each.Key) != each.Value).Select(each => each.Key));
        _versions = versions;
    }

    [LoggerMessage(2310, LogLevel.Information, "The nodes that run: {Nodes}.")]
    private partial void LogNodes(string nodes);

    [LoggerMessage(2314, LogLevel.Error, "The database was out of reach for too long: other nodes take over what this one served.")]
    private partial void LogStopped();

    [LoggerMessage(2311, LogLevel.Error, "The other nodes cannot be reached through the database; trying again. {Reason}")]
    private partial void LogCutOff(string reason);

    [LoggerMessage(2315, LogLevel.Warning, "This node could not leave; the others take over when its time is over. {Reason}")]
    private partial void LogNotLeft(string reason);

    [LoggerMessage(2312, LogLevel.Error, "What another node changed could not be followed; trying again.")]
    private partial void LogNotFollowed(Exception exception);
}
