using Plugin.ApiWebhooks.Queue.Engines;
using System.Data.Common;
using Plugin.ApiWebhooks.Queue;
using Tests.Postgres;

namespace Plugin.Tests.Queue;

public sealed class DeliveryQueueTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webhooks-").FullName;
    private readonly FakeClock _clock = new();
    private PluginDatabase _database = null!;
    private DeliveryQueue _queue = null!;
    private long _subscription;

    public async Task InitializeAsync()
    {
        _database = TestDatabase.Open(Path.Combine(_folder, "webhooks.db"));
        _queue = await DeliveryQueue.OpenAsync(_database, _clock);
        await _queue.StartReaderAsync(0);
        _subscription = (await AddSubscriptionAsync("one")).Id;
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_same_batch_is_stored_once()
    {
        var batch = Batch(0, 1, DeliveryState.Pending);
        Assert.NotNull(await _queue.IngestAsync(batch));
        Assert.Null(await _queue.IngestAsync(batch));
        Assert.Equal(1, Number("SELECT count(*) FROM delivery"));
        Assert.Equal(1, _queue.ReadPosition());
    }

    [Fact]
    public async Task Of_two_readers_at_the_same_position_one_wins()
    {
        var other = await DeliveryQueue.OpenAsync(_database, _clock);
        var results = await Task.WhenAll(_queue.IngestAsync(Batch(0, 1, DeliveryState.InFlight)), other.IngestAsync(Batch(0, 1, DeliveryState.InFlight)));
        Assert.Single(results, result => result is not null);
        Assert.Equal(1, Number("SELECT count(*) FROM delivery"));
    }

    [Fact]
    public async Task A_change_read_again_is_not_owed_again()
    {
        await _queue.IngestAsync(Batch(0, 1, DeliveryState.Pending));
        // As after a replay or a restored position: the same change, a moved reader.
        var again = Batch(0, 1, DeliveryState.InFlight) with { From = 1, To = 2 };
        Assert.Empty((await _queue.IngestAsync(again))!);
        Assert.Equal(1, Number("SELECT count(*) FROM delivery"));
    }

    [Fact]
    public async Task A_batch_is_stored_whole_or_not_at_all()
    {
        var broken = Batch(0, 2, DeliveryState.Pending);
        var faulty = broken.Messages[1] with { Kind = null! };
        await Assert.ThrowsAnyAsync<DbException>(() => _queue.IngestAsync(broken with { Messages = [broken.Messages[0], faulty] }));
        Assert.Equal(0, _queue.ReadPosition());
        Assert.Equal(0, Number("SELECT count(*) FROM message"));
        Assert.Equal(0, Number("SELECT count(*) FROM delivery"));
    }

    [Fact]
    public async Task Each_is_claimed_by_one()
    {
        await _queue.IngestAsync(Batch(0, 100, DeliveryState.Pending));
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _queue.ClaimAsync(_subscription, 30, long.MaxValue)));
        var ids = claims.SelectMany(c => c.Deliveries).Select(d => d.Id).ToList();
        Assert.Equal(100, ids.Count);
        Assert.Equal(100, ids.Distinct().Count());
        Assert.False(claims[^1].HasMore);
    }

    [Fact]
    public async Task Claiming_stops_at_the_limit_of_bytes()
    {
        await _queue.IngestAsync(Batch(0, 10, DeliveryState.Pending));
        var claim = await _queue.ClaimAsync(_subscription, 30, maxBytes: 5);
        Assert.Equal(3, claim.Deliveries.Count); // bodies of 2 bytes: after the third the sum passes 5
        Assert.True(claim.HasMore);
    }

    [Fact]
    public async Task Large_bodies_are_claimed_some_at_a_time_each_once_and_in_order()
    {
        var batch = Batch(0, 20, DeliveryState.Pending);
        await _queue.IngestAsync(batch with { Messages = [.. batch.Messages.Select(message => message with { Body = new byte[1024 * 1024] })] });
        var claimed = new List<long>();
        foreach (var count in new[] { 9, 9, 2 })
        {
            var claim = await _queue.ClaimAsync(_subscription, 30, maxBytes: 8 * 1024 * 1024);
            Assert.Equal((count, claimed.Count + count < 20), (claim.Deliveries.Count, claim.HasMore));
            Assert.All(claim.Deliveries, delivery => Assert.Equal(1024 * 1024, delivery.Body.Length));
            claimed.AddRange(claim.Deliveries.Select(delivery => delivery.ChangeSequence));
        }
        Assert.Equal(Enumerable.Range(1, 20).Select(sequence => (long)sequence), claimed);
    }

    [PostgresFact]
    public async Task No_more_bodies_are_read_than_may_be_claimed()
    {
        await using var database = PluginDatabase.Open(new PostgresEngine(PostgresServer.NewDatabase()));
        var queue = await DeliveryQueue.OpenAsync(database, _clock);
        await queue.StartReaderAsync(0);
        var batch = Batch(0, 30, DeliveryState.Pending);
        await queue.IngestAsync(batch with { Messages = [.. batch.Messages.Select(message => message with { Body = new byte[1024 * 1024] })] });
        var (rows, bodies) = await database.WriteRepeatableAsync(c =>
        {
            var found = c.Hot(database.Statements.FindPending).Add(_subscription).Add(_clock.GetUtcNow()).Add(513L);
            var (rows, bodies) = (0, 0);
            for (; found.Read(); rows++)
                bodies += ClaimedDelivery.HasBody(found) ? 1 : 0;
            return (rows, bodies);
        });
        Assert.Equal((30, 9), (rows, bodies));
    }

    [Fact]
    public async Task Retries_leave_room_for_what_was_never_tried()
    {
        await _queue.IngestAsync(Batch(0, 20, DeliveryState.Waiting));
        await _queue.IngestAsync(Batch(20, 40, DeliveryState.Pending));
        var claim = await _queue.ClaimAsync(_subscription, 10, long.MaxValue);
        Assert.Equal(5, claim.Deliveries.Count(d => d.ChangeSequence <= 20));
        Assert.Equal(5, claim.Deliveries.Count(d => d.ChangeSequence > 20));
        Assert.True(claim.HasMore);
    }

    [Fact]
    public async Task A_waiting_delivery_is_claimed_when_due_and_its_time_is_told_before()
    {
        var delivery = Assert.Single((await _queue.IngestAsync(Batch(0, 1, DeliveryState.InFlight)))!);
        var at = _clock.GetUtcNow().AddSeconds(5);
        Assert.True(Assert.Single((await _queue.SettleAsync([new Settlement(delivery, new Verdict.Retry(at), null)], _ => false)).LeaseHeld));
        var early = await _queue.ClaimAsync(_subscription, 10, long.MaxValue);
        Assert.Empty(early.Deliveries);
        Assert.Equal(at, early.NextDueAt);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, Assert.Single((await _queue.ClaimAsync(_subscription, 10, long.MaxValue)).Deliveries).Attempts);
    }

    [Fact]
    public async Task A_worker_whose_lease_lapsed_cannot_settle_and_its_attempt_is_still_recorded()
    {
        var mine = Assert.Single((await _queue.IngestAsync(Batch(0, 1, DeliveryState.InFlight)))!);
        _clock.Advance(DeliveryQueue.LeaseLength);
        // Another process: a session of its own claims what lapsed.
        var other = await DeliveryQueue.OpenAsync(_database, _clock);
        var theirs = Assert.Single((await other.ClaimAsync(_subscription, 10, long.MaxValue)).Deliveries);
        Assert.Equal(mine.MessageId, theirs.MessageId);
        Assert.Equal(mine.Body.ToArray(), theirs.Body.ToArray());

        Assert.False(Assert.Single((await _queue.SettleAsync([new Settlement(mine, new Verdict.Deliver(), Attempt("late"))], _ => false)).LeaseHeld));
        Assert.Equal("in_flight", Text("SELECT state FROM delivery"));
        Assert.True(Assert.Single((await other.SettleAsync([new Settlement(theirs, new Verdict.Exhaust(), Attempt("in time"))], _ => false)).LeaseHeld));
        Assert.False(Assert.Single((await _queue.SettleAsync([new Settlement(mine, new Verdict.Deliver(), null)], _ => false)).LeaseHeld));
        Assert.Equal("exhausted", Text("SELECT state FROM delivery"));
        Assert.Equal("late, in time", Text("SELECT string_agg(detail, ', ' ORDER BY number) FROM attempt"));
    }

    [Fact]
    public async Task A_renewed_lease_does_not_lapse()
    {
        var mine = Assert.Single((await _queue.IngestAsync(Batch(0, 1, DeliveryState.InFlight)))!);
        _clock.Advance(DeliveryQueue.LeaseLength - TimeSpan.FromSeconds(1));
        await _queue.RenewAsync([mine]);
        _clock.Advance(DeliveryQueue.LeaseLength - TimeSpan.FromSeconds(1));
        var other = await DeliveryQueue.OpenAsync(_database, _clock);
        Assert.Empty((await other.ClaimAsync(_subscription, 10, long.MaxValue)).Deliveries);
        Assert.True(Assert.Single((await _queue.SettleAsync([new Settlement(mine, new Verdict.Deliver(), null)], _ => false)).LeaseHeld));
    }

    [Fact]
    public async Task A_new_session_takes_over_at_once_what_the_former_left_in_flight()
    {
        await _queue.IngestAsync(Batch(0, 3, DeliveryState.InFlight));
        var next = await DeliveryQueue.OpenAsync(_database, _clock);
        await next.TakeOverAsync([_subscription]);
        Assert.Equal(3, (await next.ClaimAsync(_subscription, 10, long.MaxValue)).Deliveries.Count);
        await next.TakeOverAsync([_subscription]);
        Assert.Equal(3, Number("SELECT count(*) FROM delivery WHERE state = 'in_flight'")); // its own it keeps
    }

    [Fact]
    public async Task Held_deliveries_are_not_claimed_and_come_back_in_order()
    {
        await _queue.IngestAsync(Batch(0, 5, DeliveryState.Held));
        await _queue.IngestAsync(Batch(5, 8, DeliveryState.Pending));
        await _database.WriteAsync(c => c.Prepared("UPDATE subscription SET state = 'paused'").ExecuteNonQuery());
        await _queue.Held.HoldAllAsync(_subscription);
        Assert.Equal(8, Number("SELECT count(*) FROM delivery WHERE state = 'held'"));
        Assert.Empty((await _queue.ClaimAsync(_subscription, 10, long.MaxValue)).Deliveries);
        Assert.Equal(0, await _queue.Held.ResumeAsync(_subscription, 100)); // paused by another meanwhile
        await _database.WriteAsync(c => c.Prepared("UPDATE subscription SET state = 'active'").ExecuteNonQuery());
        Assert.Equal(8, await _queue.Held.ResumeAsync(_subscription, 100));
        Assert.Equal(Enumerable.Range(1, 8), (await _queue.ClaimAsync(_subscription, 10, long.MaxValue)).Deliveries.Select(d => (int)d.ChangeSequence));
    }

    [Theory]
    [InlineData("UPDATE delivery SET state = 'lost'")]
    [InlineData("UPDATE delivery SET state = 'in_flight'")] // without a lease
    [InlineData("UPDATE delivery SET lease_token = 1")] // pending with a lease
    [InlineData("UPDATE delivery SET state = 'delivered', due_at = NULL")] // without its end
    [InlineData("UPDATE delivery SET finished_at = 1")]
    [InlineData("UPDATE delivery SET state = 'waiting', due_at = NULL")]
    [InlineData("UPDATE delivery SET state = 'held'")] // held, yet due
    [InlineData("UPDATE subscription SET state = 'maybe'")]
    public async Task The_tables_refuse_what_the_life_of_a_delivery_does_not_know(string sql)
    {
        await _queue.IngestAsync(Batch(0, 1, DeliveryState.Pending));
        await Assert.ThrowsAnyAsync<DbException>(() => _database.WriteAsync(c => c.Prepared(sql).ExecuteNonQuery()));
    }

    [Fact]
    public async Task Claiming_uses_the_index_of_due_work_alone()
    {
        await _queue.IngestAsync(Batch(0, 1, DeliveryState.Pending));
        await TestDatabase.FillAsync(_database);
        var queue = _database.Statements;
        foreach (var sql in new[] { queue.FindPending, queue.FindDue, queue.FindLapsed, queue.FindNextDue, queue.TakeOver.One, HeldDeliveries.HoldOpen, HeldDeliveries.HoldBlocked })
        {
            var plan = _database.Read(c => TestDatabase.PlanOf(c, sql));
            Assert.Contains(sql == HeldDeliveries.HoldBlocked ? "delivery_blocked" : "delivery_due", TestDatabase.IndexesIn(plan));
            Assert.False(TestDatabase.WalksThroughDeliveries(plan), string.Join('\n', plan));
        }
    }

    private Task<Subscription> AddSubscriptionAsync(string key) => _queue.AddSubscriptionAsync(new Subscription
    {
        Id = 0,
        Key = key,
        Label = key,
        State = SubscriptionState.Active,
        StartsAfter = 0,
        CreatedAt = _clock.GetUtcNow(),
    });

    private IngestBatch Batch(long from, long to, DeliveryState state) => new(from, to, [.. Enumerable.Range((int)from + 1, (int)(to - from)).Select(sequence => new NewMessage
    {
        ChangeSequence = sequence,
        ChangeId = Guid.CreateVersion7(_clock.GetUtcNow()),
        Kind = "record.inserted",
        OccurredAt = _clock.GetUtcNow(),
        ContentType = "application/json",
        Body = "{}"u8.ToArray(),
        Deliveries = [new NewDelivery(_subscription, state, _clock.GetUtcNow())],
    })]);

    private AttemptRecord Attempt(string detail) => new()
    {
        StartedAt = _clock.GetUtcNow(),
        Duration = TimeSpan.FromMilliseconds(3),
        Outcome = "Succeeded",
        Url = "http://x/",
        Detail = detail,
    };

    private long Number(string sql) => _database.Read(c => (long)c.Prepared(sql).ExecuteScalar()!);

    private string Text(string sql) => _database.Read(c => (string)c.Prepared(sql).ExecuteScalar()!);
}
