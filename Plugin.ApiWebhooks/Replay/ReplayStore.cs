using Plugin.ApiWebhooks.Queue.Engines;
using System.Globalization;
using System.Data.Common;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Replay;

/// <summary>The jobs as they are stored, and what they need to know of deliveries.</summary>
internal sealed class ReplayStore(PluginDatabase database, RefusalTally refusals, TimeProvider time)
{
    private const string Insert = """
        INSERT INTO replay (
            subscription_id, cause, which, dry_run, state, after_position, up_to, from_at, before_at, position, created_at, created_by, finished_at)
        VALUES (
            @subscription, @cause, @which, @dry, CASE WHEN @after < @to THEN 'running' ELSE 'done' END, @after, @to, @from, @before, @after, @now, @by,
            CASE WHEN @after < @to THEN NULL ELSE @now END)
        RETURNING id
        """;

    private const string Select = """
        SELECT id, subscription_id, cause, which, dry_run, state, after_position, up_to, from_at, before_at, position, seen, owed, skipped, refused,
               missing_up_to, created_at, created_by, finished_at
        FROM replay
        """;

    private const string SelectOne = $"{Select} WHERE id = @id";

    private const string SelectPage = $"""
        {Select} WHERE id > @after AND (@state IS NULL OR state = @state) AND (@subscription IS NULL OR subscription_id = @subscription) ORDER BY id LIMIT @limit
        """;

    private const string IsShown = "(@hidden IS NULL OR subscription_id NOT IN (SELECT value FROM json_each(@hidden)))";

    private const string SelectRunning = $"{Select} WHERE state = 'running' AND {IsShown} ORDER BY id LIMIT @limit";

    private const string SelectEnded = $"{Select} WHERE id < @before AND state <> 'running' AND {IsShown} ORDER BY id DESC LIMIT @limit";

    private const string SelectNext = $"{Select} WHERE state = 'running' AND subscription_id = @subscription ORDER BY id LIMIT 1";

    // Moves only from where the chunk was read, and not after a cancelling: what a chunk makes owed is stored with its position or not at all.
    private const string Move = """
        UPDATE replay
        SET position = @to, seen = seen + @seen, skipped = skipped + @skipped, missing_up_to = coalesce(@missing, missing_up_to),
            state = CASE WHEN @to >= up_to THEN 'done' ELSE 'running' END, finished_at = CASE WHEN @to >= up_to THEN @now END
        WHERE id = @id AND position = @from AND state = 'running'
        """;

    private const string Count = "UPDATE replay SET owed = owed + @owed, refused = refused + @refused WHERE id = @id";

    private const string Cancel = "UPDATE replay SET state = 'cancelled', finished_at = @now WHERE id = @id AND state = 'running'";

    private const string SelectState = "SELECT state FROM subscription WHERE id = @subscription";

    // Each counts no further than it has to.
    private const string CountOpen = """
        SELECT count(*) FROM (
            SELECT 1 FROM delivery WHERE due_at IS NOT NULL AND subscription_id = @subscription AND state = 'pending'
            UNION ALL SELECT 1 FROM delivery WHERE due_at IS NOT NULL AND subscription_id = @subscription AND state = 'in_flight'
            UNION ALL SELECT 1 FROM delivery WHERE state = 'pending' AND due_at IS NULL AND subscription_id = @subscription
            LIMIT @most) AS open
        """;

    private const string CountWaiting = """
        SELECT count(*) FROM (SELECT 1 FROM delivery WHERE due_at IS NOT NULL AND subscription_id = @subscription AND state = 'waiting' LIMIT @most) AS waiting
        """;

    private const string SelectKnown = """
        SELECT d.id, d.change_sequence, d.state, r.delivery_id IS NOT NULL
        FROM delivery d LEFT JOIN refusal r ON r.delivery_id = d.id
        WHERE d.id = @id
        """;

    private const string SelectFailed = """
        SELECT d.id, d.change_sequence, d.state, r.delivery_id IS NOT NULL, m.occurred_at
        FROM delivery d JOIN message m ON m.id = d.message_id AND m.change_sequence = d.change_sequence LEFT JOIN refusal r ON r.delivery_id = d.id
        WHERE d.id IN (
            SELECT id FROM delivery
            WHERE id > @after AND id <= @to AND subscription_id = @subscription AND state IN ('exhausted', 'cancelled') ORDER BY id LIMIT @limit)
        ORDER BY d.id
        """;

    private const string SelectForgotten = "SELECT forgotten_up_to FROM subscription WHERE id = @subscription";

    /// <summary>Stores a job. An empty window is done at once.</summary>
    public Task<ReplayJob> AddAsync(long subscriptionId, NewReplay replay) => database.WriteAsync(c =>
    {
        var id = Add(c, subscriptionId, replay, time.GetUtcNow());
        return First(c.Prepared(SelectOne).Bind("@id", id))!;
    });

    /// <summary>Stores a job within a transaction of the writer.</summary>
    public static long Add(PluginConnection c, long subscriptionId, NewReplay replay, DateTimeOffset now)
    {
        var (window, command) = (replay.Window, c.Prepared(Insert));
        command.Bind("@subscription", subscriptionId).Bind("@cause", ReplayNames.Of(replay.Cause)).Bind("@which", ReplayNames.Of(replay.Which))
            .Bind("@dry", replay.IsDryRun ? 1 : 0).Bind("@after", window.After).Bind("@to", window.UpTo).Bind("@from", window.From)
            .Bind("@before", window.Before).Bind("@now", now).Bind("@by", replay.CreatedBy);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>One job, or null.</summary>
    public ReplayJob? Find(long id) => database.Read(c => First(c.Prepared(SelectOne).Bind("@id", id)));

    /// <summary>Jobs, oldest first.</summary>
    public IReadOnlyList<ReplayJob> ReadPage(long after, int limit, ReplayState? state, long? subscriptionId) => database.Read(c => Binding.List(
        c.Prepared(SelectPage).Bind("@after", after).Bind("@limit", limit).Bind("@state", state is { } known ? ReplayNames.Of(known) : null)
            .Bind("@subscription", subscriptionId),
        ReadJob));

    /// <summary>The jobs that run, oldest first.</summary>
    public IReadOnlyList<ReplayJob> ReadRunning(int limit, IReadOnlyList<long> hidden) =>
        database.Read(c => Binding.List(c.Prepared(SelectRunning).Bind("@limit", limit).Bind("@hidden", JsonOf(hidden)), ReadJob));

    /// <summary>The jobs that are over, newest first.</summary>
    public IReadOnlyList<ReplayJob> ReadEnded(long? before, int limit, IReadOnlyList<long> hidden) => database.Read(c =>
        Binding.List(c.Prepared(SelectEnded).Bind("@before", before ?? long.MaxValue).Bind("@limit", limit).Bind("@hidden", JsonOf(hidden)), ReadJob));

    private static string? JsonOf(IReadOnlyList<long> ids) => ids.Count == 0 ? null : $"[{string.Join(',', ids)}]";

    /// <summary>The oldest running job of a subscription, or null. Its jobs run one after the other.</summary>
    public ReplayJob? FindNext(long subscriptionId) => database.Read(c => First(c.Prepared(SelectNext).Bind("@subscription", subscriptionId)));

    /// <summary>Ends a job; what it made owed stays owed.</summary>
    /// <returns>False when it was not running.</returns>
    public Task<bool> CancelAsync(long id) =>
        database.WriteAsync(c => c.Prepared(Cancel).Bind("@id", id).Bind("@now", time.GetUtcNow()).ExecuteNonQuery() == 1);

    /// <summary>How many deliveries are to be sent to a subscription now, and how many wait for a retry; counted up to a limit each.</summary>
    public (int Open, int Waiting) CountOwed(long subscriptionId, int mostOpen, int mostWaiting) => database.Read(c => (
        ToInt(c.Prepared(CountOpen).Bind("@subscription", subscriptionId).Bind("@most", mostOpen).ExecuteScalar()),
        ToInt(c.Prepared(CountWaiting).Bind("@subscription", subscriptionId).Bind("@most", mostWaiting).ExecuteScalar())));

    /// <summary>The deliveries that a subscription has of some changes, by their sequences.</summary>
    public Dictionary<long, KnownDelivery> ReadKnown(long subscriptionId, IEnumerable<long> sequences) => database.Read(c =>
    {
        var known = new Dictionary<long, KnownDelivery>();
        foreach (var sequence in sequences)
        {
            if (First(c.Prepared(SelectKnown).Bind("@id", DeliveryId.Of(sequence, subscriptionId)), ReadKnown) is { } delivery)
                known.Add(sequence, delivery);
        }
        return known;
    });

    /// <summary>The deliveries of a stretch that were given up, in order, with the times of their changes.</summary>
    public IReadOnlyList<(KnownDelivery Delivery, DateTimeOffset OccurredAt)> ReadFailed(long subscriptionId, long after, long upTo, int limit) =>
        database.Read(c => Binding.List(
            c.Prepared(SelectFailed).Bind("@subscription", subscriptionId).Bind("@after", DeliveryId.Of(after, subscriptionId))
                .Bind("@to", DeliveryId.Of(upTo, subscriptionId)).Bind("@limit", limit),
            row => (ReadKnown(row), row.GetInstant(4))));

    /// <summary>Up to which sequence it is not known any more what was delivered to a subscription; null when all is known.</summary>
    public long? FindForgotten(long subscriptionId) => database.Read(c =>
        c.Prepared(SelectForgotten).Bind("@subscription", subscriptionId).ExecuteScalar() is long upTo ? upTo : (long?)null);

    /// <summary>Stores a chunk and the job's new position, in one transaction.</summary>
    /// <returns>What became of it; null when the job was cancelled meanwhile and nothing was stored.</returns>
    public async Task<ReplayProgress?> StoreAsync(ReplayJob job, ReplayChunk chunk)
    {
        var progress = await database.WriteAsync(c => Store(c, job, chunk));
        if (progress is { NewlyRefused: not 0 })
            refusals.Add(job.SubscriptionId, progress.NewlyRefused);
        return progress;
    }

    private ReplayProgress? Store(PluginConnection c, ReplayJob job, ReplayChunk chunk)
    {
        var now = time.GetUtcNow();
        var moved = c.Prepared(Move).Bind("@id", job.Id).Bind("@from", job.Position).Bind("@to", chunk.To).Bind("@seen", chunk.Seen)
            .Bind("@skipped", chunk.Skipped).Bind("@missing", chunk.MissingUpTo).Bind("@now", now).ExecuteNonQuery();
        if (moved == 0)
            return null;
        var isServed = (string?)c.Prepared(SelectState).Bind("@subscription", job.SubscriptionId).ExecuteScalar() == StateNames.Of(SubscriptionState.Active);
        var order = Streams.ReadOrders(c).GetValueOrDefault(job.SubscriptionId);
        // In an ordered subscription it is put into its stream, and goes when the older ones are gone.
        var (born, isOrdered) = isServed && order == default ? (DeliveryState.Pending, false) : (DeliveryState.Held, isServed);
        var (owed, refused, newlyRefused) = (0, chunk.Lost, 0);
        var tally = new HourTally(now);
        foreach (var item in chunk.Items)
        {
            var (isRefused, wasRefused) = (item.Message?.Refusal is not null, item.Known is { IsRefused: true });
            var isDone = job.IsDryRun || Carry(c, job.SubscriptionId, item, born, now, tally);
            if (isOrdered && isDone && !isRefused && !job.IsDryRun)
                Streams.Place(c, item.Known?.Id ?? DeliveryId.Of(item.Message!.ChangeSequence, job.SubscriptionId), job.SubscriptionId, order, now);
            refused += isRefused ? 1 : 0;
            owed += isDone && !isRefused ? 1 : 0;
            if (isDone && !job.IsDryRun)
                newlyRefused += (isRefused ? 1 : 0) - (wasRefused ? 1 : 0);
        }
        tally.Write(c);
        c.Prepared(Count).Bind("@id", job.Id).Bind("@owed", owed).Bind("@refused", refused).ExecuteNonQuery();
        return new ReplayProgress(owed, newlyRefused, chunk.To >= job.Window.UpTo);
    }

    private static bool Carry(PluginConnection c, long subscriptionId, ReplayItem item, DeliveryState state, DateTimeOffset now, HourTally tally)
    {
        if (item.Known is not { } known)
            return SingleDelivery.Add(c, item.Message!, subscriptionId, state, now, tally);
        if (item.Message is not { } message)
            return SingleDelivery.Repeat(c, known.Id, state, now, tally);
        if (message.Refusal is null)
            return SingleDelivery.Renew(c, known.Id, message, state, now, tally);
        SingleDelivery.Refuse(c, known.Id, subscriptionId, message.Refusal, now);
        return true;
    }

    private static ReplayJob? First(DbCommand command) => First(command, ReadJob);

    private static T? First<T>(DbCommand command, Func<DbDataReader, T> read) where T : class
    {
        using var reader = command.ExecuteReader();
        return reader.Read() ? read(reader) : null;
    }

    private static KnownDelivery ReadKnown(DbDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), StateNames.Delivery(row.GetString(2)), row.GetFlag(3));

    private static ReplayJob ReadJob(DbDataReader row) => new()
    {
        Id = row.GetInt64(0),
        SubscriptionId = row.GetInt64(1),
        Cause = ReplayNames.Cause(row.GetString(2)),
        Which = ReplayNames.FindWhich(row.GetString(3))!.Value,
        IsDryRun = row.GetInt64(4) != 0,
        State = ReplayNames.FindState(row.GetString(5))!.Value,
        Window = new ReplayWindow(row.GetInt64(6), row.GetInt64(7), row.FindInstant(8), row.FindInstant(9)),
        Position = row.GetInt64(10),
        Counts = new ReplayCounts(row.GetInt64(11), row.GetInt64(12), row.GetInt64(13), row.GetInt64(14)),
        MissingUpTo = row.IsDBNull(15) ? null : row.GetInt64(15),
        CreatedAt = row.GetInstant(16),
        CreatedBy = row.FindString(17),
        FinishedAt = row.FindInstant(18),
    };

    private static int ToInt(object? scalar) => Convert.ToInt32(scalar, CultureInfo.InvariantCulture);
}
