using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Queue;

/// <summary>What is written for many deliveries together, row by row or all at once: the same must come of it. Where the engine allows it, the nodes are two.</summary>
public sealed class QueueRowsTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webhooks-").FullName;
    private readonly FakeClock _clock = new();
    private PluginDatabase _database = null!;
    private PluginDatabase _otherDatabase = null!;
    private DeliveryQueue _queue = null!;
    private DeliveryQueue _other = null!;
    private long _subscription;

    public async Task InitializeAsync()
    {
        var file = Path.Combine(_folder, "webhooks.db");
        _database = TestDatabase.Open(file);
        // A file belongs to one process: there the other is another session of the same.
        _otherDatabase = TestDatabase.IsOnPostgres ? TestDatabase.Open(file) : _database;
        _queue = await DeliveryQueue.OpenAsync(_database, _clock);
        _other = await DeliveryQueue.OpenAsync(_otherDatabase, _clock);
        await _queue.StartReaderAsync(0);
        _subscription = (await _queue.AddSubscriptionAsync(new Subscription
        {
            Id = 0,
            Key = "one",
            Label = "one",
            State = SubscriptionState.Active,
            StartsAfter = 0,
            CreatedAt = _clock.GetUtcNow(),
        })).Id;
    }

    public async Task DisposeAsync()
    {
        await _otherDatabase.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Ends_of_every_kind_are_stored_together_and_only_under_their_leases()
    {
        var mine = await StoreAsync(1, 8);
        _clock.Advance(DeliveryQueue.LeaseLength);
        var theirs = (await _other.ClaimAsync(_subscription, 4, long.MaxValue)).Deliveries;
        Assert.Equal([1, 2, 3, 4], theirs.Select(each => each.ChangeSequence).Order());
        var at = _clock.GetUtcNow().AddMinutes(1);
        Verdict[] verdicts = [new Verdict.Deliver(), new Verdict.Retry(at), new Verdict.Exhaust(), new Verdict.Release()];

        // Not in the order of their ids: results belong to the ends as they are given.
        var ends = mine.Reverse().Select((each, i) => new Settlement(each, verdicts[i % 4], verdicts[i % 4] is Verdict.Release ? null : Attempt($"O{each.ChangeSequence}"))).ToList();
        var result = await _queue.SettleAsync(ends, _ => false);

        Assert.Equal([true, true, true, true, false, false, false, false], result.LeaseHeld);
        Assert.Equal(
            [
                "1 in_flight 0 -", "2 in_flight 0 -", "3 in_flight 0 -", "4 in_flight 0 -",
                "5 pending 0 -", "6 exhausted 1 O6", "7 waiting 1 O7", "8 delivered 1 -",
            ],
            Rows("SELECT change_sequence, state, attempts, coalesce(failure, '-') FROM delivery ORDER BY id", 4));
        Assert.Equal(
            ["2 1 O2", "3 1 O3", "4 1 O4", "6 1 O6", "7 1 O7", "8 1 O8"],
            Rows("SELECT delivery_id / 1048576, number, outcome FROM attempt ORDER BY delivery_id, number", 3));
        Assert.All((await _other.SettleAsync([.. theirs.Select(each => new Settlement(each, new Verdict.Deliver(), null))], _ => false)).LeaseHeld, Assert.True);
    }

    [Fact]
    public async Task Attempts_are_numbered_in_the_order_in_which_they_are_stored_whoever_made_them()
    {
        var mine = await StoreAsync(1, 3);
        _clock.Advance(DeliveryQueue.LeaseLength);
        var theirs = (await _other.ClaimAsync(_subscription, 3, long.MaxValue)).Deliveries.OrderBy(each => each.Id).ToList();
        // Of the first the late attempt is stored before its successor's, of the second together with it, of the third after it.
        await _queue.SettleAsync([End(mine[0], "late")], _ => false);
        var at = _clock.GetUtcNow();
        await _other.SettleAsync(
            [End(mine[1], "late"), .. theirs.Select(each => new Settlement(each, new Verdict.Retry(at), Attempt("in time")))], _ => false);
        await _queue.SettleAsync([End(mine[2], "late")], _ => false);
        var again = (await _other.ClaimAsync(_subscription, 10, long.MaxValue)).Deliveries;
        Assert.All(again, each => Assert.Equal(1, each.Attempts));
        await _other.SettleAsync([.. again.Select(each => End(each, "again"))], _ => false);

        var second = TestDatabase.IsOnPostgres ? new[] { "2 1 in time", "2 2 late" } : ["2 1 late", "2 2 in time"];
        Assert.Equal(
            ["1 1 late", "1 2 in time", "1 3 again", .. second, "2 3 again", "3 1 in time", "3 2 late", "3 3 again"],
            Rows("SELECT delivery_id / 1048576, number, outcome FROM attempt ORDER BY delivery_id, number", 3));
        // Sent more often than their schedules know of, none of them tells how late deliveries are.
        Assert.Equal(["3 0"], Rows("SELECT sum(delivered), sum(lag_count) FROM subscription_hour", 2));
    }

    [Fact]
    public async Task Changes_of_which_some_were_read_before_are_owed_once_each()
    {
        await StoreAsync(1, 3);
        var claimed = (await _other.IngestAsync(Batch(2, 5) with { From = 3, To = 5 }))!;
        Assert.Equal([4, 5], claimed.Select(each => each.ChangeSequence));
        Assert.Equal(
            ["1 change-1", "2 change-2", "3 change-3", "4 change-4", "5 change-5"],
            Rows("SELECT d.change_sequence, m.kind FROM delivery d JOIN message m ON m.id = d.message_id ORDER BY d.id", 2));
    }

    [Fact]
    public async Task Of_two_nodes_that_claim_at_the_same_time_none_gets_what_the_other_has()
    {
        const int Owed = 600;
        await _queue.IngestAsync(Batch(1, Owed, DeliveryState.Pending));
        var claimed = await Task.WhenAll(new[] { _queue, _other, _queue, _other }.Select(queue => Task.Run(async () =>
        {
            var mine = new List<ClaimedDelivery>();
            while ((await queue.ClaimAsync(_subscription, 7, long.MaxValue)).Deliveries is { Count: > 0 } some)
                mine.AddRange(some);
            return mine;
        })));
        Assert.Equal(Enumerable.Range(1, Owed), claimed.SelectMany(each => each).Select(each => (int)each.ChangeSequence).Order());
        // And each holds what it got.
        var held = await Task.WhenAll(_queue.SettleAsync([.. claimed[0].Concat(claimed[2]).Select(each => End(each, "a"))], _ => false), _other.SettleAsync([.. claimed[1].Concat(claimed[3]).Select(each => End(each, "b"))], _ => false));
        Assert.All(held.SelectMany(each => each.LeaseHeld), Assert.True);
    }

    [Fact]
    public async Task Nodes_that_change_the_same_rows_at_the_same_time_wait_in_turn_and_never_for_each_other()
    {
        for (var round = 0; round < 10; round++)
        {
            var mine = await StoreAsync((round * 200) + 1, (round * 200) + 200);
            var backwards = mine.Reverse().ToList();
            await Task.WhenAll(
                _queue.RenewAsync(mine), _other.RenewAsync(backwards), _queue.RenewAsync(backwards),
                _other.SettleAsync([.. backwards.Take(100).Select(each => End(each, "half"))], _ => false));
            var result = await _queue.SettleAsync([.. mine.Select(each => new Settlement(each, new Verdict.Deliver(), null))], _ => false);
            Assert.Equal(100, result.LeaseHeld.Count(held => held));
        }
    }

    [Fact]
    public async Task A_head_that_many_attempts_have_is_stored_once_and_its_time_once_a_day()
    {
        var heads = Enumerable.Range(1, 3).Select(i => RequestHead.Shared("POST", [$"x-hook: {i}"])).ToList();
        var began = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        await SettleWithAsync(1, heads);
        _clock.Advance(TimeSpan.FromHours(23));
        await SettleWithAsync(10, heads);
        Assert.Equal([$"3 {began} {began}"], Rows("SELECT count(*), min(used_at), max(used_at) FROM request_head", 3));
        _clock.Advance(TimeSpan.FromHours(2));
        await SettleWithAsync(20, heads.Take(1).ToList());
        Assert.Equal([$"3 {began} {_clock.GetUtcNow().ToUnixTimeMilliseconds()}"], Rows("SELECT count(*), min(used_at), max(used_at) FROM request_head", 3));

        async Task SettleWithAsync(int first, List<RequestHead> some)
        {
            var claimed = await StoreAsync(first, first + 5);
            await _queue.SettleAsync([.. claimed.Select((each, i) => new Settlement(each, new Verdict.Deliver(), Attempt("Succeeded") with { RequestHead = some[i % some.Count] }))], _ => false);
        }
    }

    [Fact]
    public async Task What_a_receiver_answers_never_keeps_a_batch_from_being_stored()
    {
        var claimed = await StoreAsync(1, 2);
        var detail = "half of a pair \ud83d, and a NUL \0";
        await _queue.SettleAsync([.. claimed.Select(each => new Settlement(each, new Verdict.Deliver(), Attempt("Succeeded") with { Detail = detail, Answer = new byte[] { 0, 255 } }))], _ => false);
        Assert.Equal(["2 2"], Rows("SELECT count(*), count(answer) FROM attempt", 2));
        Assert.All(Rows("SELECT detail FROM attempt", 1), stored => Assert.StartsWith("half of a pair \ufffd", stored, StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<ClaimedDelivery>> StoreAsync(int first, int last)
    {
        var batch = Batch(first, last);
        var claimed = (await _queue.IngestAsync(batch with { From = _queue.ReadPosition()!.Value }))!;
        Assert.Equal(last - first + 1, claimed.Count);
        return claimed;
    }

    private IngestBatch Batch(int first, int last, DeliveryState state = DeliveryState.InFlight) => new(first - 1, last, [.. Enumerable.Range(first, last - first + 1).Select(sequence => new NewMessage
    {
        ChangeSequence = sequence,
        ChangeId = new Guid(sequence, 0, 0, new byte[8]),
        Kind = $"change-{sequence}",
        OccurredAt = _clock.GetUtcNow(),
        ContentType = "application/json",
        Body = "{}"u8.ToArray(),
        Deliveries = [new NewDelivery(_subscription, state)],
    })]);

    private Settlement End(ClaimedDelivery delivery, string outcome) => new(delivery, new Verdict.Deliver(), Attempt(outcome));

    private AttemptRecord Attempt(string outcome) => new()
    {
        StartedAt = _clock.GetUtcNow(),
        Duration = TimeSpan.FromMilliseconds(3),
        Outcome = outcome,
        Url = "http://x/",
    };

    private List<string> Rows(string sql, int columns) => _database.Read(c =>
    {
        using var reader = c.Prepared(sql).ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join(' ', Enumerable.Range(0, columns).Select(reader.GetValue)));
        return rows;
    });
}
