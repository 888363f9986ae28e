using Dam.Hosting;
using Dapper;
using SampleHost.Accounts;
using SampleHost.Records;
using SampleHost.Storage;

namespace SampleHost.Workflow;

/// <summary>
/// Publishes records when their time has come. One timer stands at the next of them, and nothing is polled, but for once a minute where other hosts share the database;
/// what came due while the host was stopped is published at its start.
/// </summary>
internal sealed partial class ScheduledPublications(
    SavePipeline pipeline, ContentTypes types, HostOptions options, TimeProvider time, ILogger<ScheduledPublications> logger) : BackgroundService
{
    // A longer wait is made of several: timers have a longest span, and the clock may be set meanwhile.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    // Another host may schedule, and be gone when the time comes.
    private static readonly TimeSpan LongestWaitBesideOthers = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RestAfterFault = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _changed = new(0);
    private readonly bool _isShared = options.PostgresConnection is not null;

    /// <summary>Notes, within the save itself, that a record is to be published.</summary>
    public static void Add(WriteScope scope, long recordId, DateTimeOffset at, string by) =>
        scope.Connection.Execute(AddSql, new { recordId, at = at.ToUnixTimeMilliseconds(), by });

    /// <summary>Notes, within the save itself, that a record waits no longer.</summary>
    public static void Remove(WriteScope scope, long recordId) =>
        scope.Connection.Execute("DELETE FROM scheduled_publications WHERE record_id = @recordId", new { recordId });

    /// <summary>Has the timer set anew, after a commit that added one.</summary>
    public void Look() => _changed.Release();

    /// <summary>When the next record is due (UTC); null when none is.</summary>
    public DateTimeOffset? FindNext() =>
        pipeline.Database.Read(connection => connection.ExecuteScalar<long?>("SELECT min(publish_at) FROM scheduled_publications")) is { } at
            ? DateTimeOffset.FromUnixTimeMilliseconds(at)
            : null;

    /// <summary>Publishes what is due.</summary>
    /// <returns>How many records were published.</returns>
    public async Task<int> PublishDueAsync(CancellationToken cancellationToken)
    {
        var published = 0;
        var due = pipeline.Database.Read(connection => connection.Query<long>(DueSql, new { now = time.GetUtcNow().ToUnixTimeMilliseconds() }).AsList());
        foreach (var id in due)
        {
            if (await pipeline.CommitAsync(scope => Publish(scope, id), cancellationToken) is SaveResult.Saved)
                published++;
        }

        return published;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = _isShared ? LongestWaitBesideOthers : Timeout.InfiniteTimeSpan;
            try
            {
                await PublishDueAsync(stoppingToken);
                if (FindNext() is { } next)
                    wait = Limit(next - time.GetUtcNow());
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The record keeps its row, so that nothing is lost by trying again.
                LogFailed(logger, exception);
                wait = RestAfterFault;
            }

            await WaitAsync(wait, stoppingToken);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _changed.Dispose();
    }

    private TimeSpan Limit(TimeSpan wait)
    {
        var longest = _isShared ? LongestWaitBesideOthers : LongestWait;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > longest ? longest : wait;
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken stoppingToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), over, wait, Timeout.InfiniteTimeSpan);
        try
        {
            await _changed.WaitAsync(over.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // The time has come.
        }
    }

    private SaveResult Publish(WriteScope scope, long id)
    {
        var by = scope.Connection.ExecuteScalar<string?>(
            "SELECT scheduled_by FROM scheduled_publications WHERE record_id = @id AND publish_at <= @now", new { id, now = scope.Now.ToUnixTimeMilliseconds() });
        if (by is null || RecordRows.Read(scope.Connection, types, id) is not { } current)
            return new SaveResult.NotFound();
        Remove(scope, id);
        if (Workflows.Find(types.Find(current.Type)?.Workflow) is not { PublishedState: { } published } workflow)
            return new SaveResult.Saved(current, []);

        var next = current with { Version = current.Version + 1, ModifiedAt = scope.Now, ModifiedBy = by, WorkflowState = published, Draft = false };
        RecordRows.Update(scope, next, RecordRows.FieldsOf(next));
        var before = RecordSaver.StatusOf(current);
        var step = new WorkflowStep(workflow.Id, WorkflowDefinition.DueEvent, current.WorkflowState!, published);
        // On behalf of who scheduled it. Nobody raised an event now: the state alone changed.
        var changes = new ChangeWriter(scope, AccountRows.Find(scope.Connection, by)?.User.Actor ?? new Actor(by), ChangeOrigin.System);
        changes.Append(ChangeKind.WorkflowStateChanged, next, change => change with { Workflow = step, PreviousStatus = before });
        if (current.Draft)
            changes.Append(ChangeKind.RecordPublished, next, change => change with { PreviousStatus = before });
        return new SaveResult.Saved(next, changes.Changes);
    }

    private const string AddSql = """
        INSERT INTO scheduled_publications (record_id, publish_at, scheduled_by) VALUES (@recordId, @at, @by)
        ON CONFLICT (record_id) DO UPDATE SET publish_at = excluded.publish_at, scheduled_by = excluded.scheduled_by
        """;

    private const string DueSql = "SELECT record_id FROM scheduled_publications WHERE publish_at <= @now ORDER BY publish_at, record_id";

    [LoggerMessage(1501, LogLevel.Error, "Publishing what was scheduled failed; it is tried again in a minute.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
