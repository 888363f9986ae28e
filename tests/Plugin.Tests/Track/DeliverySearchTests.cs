using Plugin.ApiWebhooks.Queue.Engines;
using Dam.Hosting;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Track;

/// <summary>Searches in a database of every state, kind, record and answer, held against what plain code finds among all of it.</summary>
public sealed class DeliverySearchTests : IAsyncLifetime
{
    private const int Sequences = 400;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] States = ["delivered", "delivered", "delivered", "pending", "waiting", "held", "exhausted", "cancelled", "in_flight"];
    private static readonly string[] Kinds = ["record.inserted", "record.metadata_changed", "file.added"];
    private static readonly string[] Outcomes = ["TimedOut", "ServerError", "ClientError"];

    private readonly TestFolder _folder = new();
    private readonly MemoryChangeLog _log = new();
    private PluginDatabase _database = null!;
    private DeliverySearch _search = null!;

    public async Task InitializeAsync()
    {
        _database = TestDatabase.Open(Path.Combine(_folder.Data, "t.db"));
        _search = new DeliverySearch(_database, _log, TimeProvider.System);
        await _database.WriteAsync(c =>
        {
            c.Run("INSERT INTO subscription (key, label, state, starts_after, created_at) VALUES ('a', 'A', 'active', 0, 0), ('b', 'B', 'active', 0, 0), ('c', 'C', 'active', 0, 0)");
            for (var sequence = 1; sequence <= Sequences; sequence++)
                Add(c, sequence);
            for (var notice = 1; notice <= 6; notice++)
                AddNotice(c, notice);
            return 0;
        });
        for (var sequence = 1; sequence <= Sequences; sequence++)
            _log.Append(change => change with { OccurredAt = At(change.Sequence), Record = change.Record! with { Id = RecordOf(change.Sequence) } });
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    public static TheoryData<string> Filters => new(
        "none", "subscription", "state delivered", "state pending", "state waiting", "state in_flight", "state held", "state exhausted", "state cancelled", "kind", "kinds", "notice",
        "record", "from", "before", "span", "status 2xx", "status 5xx", "status 404", "failure", "text url", "text body", "text answer", "text percent", "hidden", "among", "many", "nothing");

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Each_filter_finds_all_that_is_meant_and_nothing_else_page_by_page(string filter)
    {
        var (query, expected) = Case(filter);
        foreach (var limit in new[] { TimeSpan.FromSeconds(10), TimeSpan.Zero })
        {
            var search = new DeliverySearch(_database, _log, TimeProvider.System) { Limit = limit };
            Assert.Equal(expected, await AllNewestAsync(search, query));
            Assert.Equal(expected.Order(), await AllOldestAsync(search, query));
        }
    }

    [Fact]
    public async Task Filters_together_are_all_asked_for()
    {
        var query = new DeliveryQuery { SubscriptionId = 2, State = DeliveryState.Exhausted, Kinds = [Kinds[1]], From = At(50), Status = (500, 599) };
        var all = await AllNewestAsync(_search, new DeliveryQuery());
        var expected = all.Where(id => id > 0 && (id & 3) == 2 && StateOf(id) == "exhausted" && KindOf(id >> 20) == Kinds[1] && (id >> 20) >= 50 && OutcomeOf(id) == "ServerError");
        Assert.NotEmpty(expected);
        Assert.Equal(expected, await AllNewestAsync(_search, query));
    }

    [Fact]
    public async Task Without_time_a_page_says_how_far_back_it_looked_and_the_next_goes_on_there()
    {
        var search = new DeliverySearch(_database, _log, TimeProvider.System) { Limit = TimeSpan.Zero };
        var query = new DeliveryQuery { Text = "only-in-the-oldest" };
        var page = await search.FindNewestAsync(query, new SearchPlace(null, null), 50, default);
        Assert.Empty(page.Deliveries);
        Assert.True(page.LookedBackTo > At(1));
        var (pages, found) = (1, new List<DeliveryEntry>());
        for (var before = page.LookedBackTo; page.Next is { } next; before = page.LookedBackTo ?? before, pages++)
        {
            page = await search.FindNewestAsync(query, next, 50, default);
            found.AddRange(page.Deliveries);
            Assert.True(page.LookedBackTo is null || page.LookedBackTo <= before);
        }
        Assert.True(pages > 2);
        Assert.Equal(3, found.Count);
    }

    [Fact]
    public async Task Pages_have_no_gap_and_nothing_twice_while_new_ones_are_added()
    {
        var before = await AllNewestAsync(_search, new DeliveryQuery());
        var seen = new List<long>();
        SearchPlace? place = new(null, null);
        for (var added = Sequences + 1; place is not null; added++)
        {
            var page = await _search.FindNewestAsync(new DeliveryQuery(), place, 50, default);
            seen.AddRange(page.Deliveries.Select(each => each.Id));
            place = page.Next;
            await _database.WriteAsync(c =>
            {
                Add(c, added);
                return 0;
            });
        }
        Assert.Equal(before, seen);
    }

    [Fact]
    public async Task Notices_stand_among_the_changes_by_their_time()
    {
        var all = await AllNewestAsync(_search, new DeliveryQuery());
        var at = all.IndexOf(DeliveryId.Of(-6, 1));
        Assert.True(at > 0 && all[at - 1] >> 20 >= 60 && all[at + 1] >> 20 < 61);
        // From a place that names a change alone they go on by its time.
        var page = await _search.FindNewestAsync(new DeliveryQuery(), new SearchPlace(DeliveryId.Of(35, 0), null), 500, default);
        Assert.Equal([-3, -2, -1], page.Deliveries.Where(each => each.Id < 0).Select(each => each.ChangeSequence));
    }

    [Fact]
    public async Task A_host_that_does_not_know_changes_by_their_record_and_one_that_forgot_the_oldest_lose_nothing()
    {
        var (query, expected) = Case("record");
        Assert.Equal(expected, await AllNewestAsync(new DeliverySearch(_database, new NoRecords(_log), TimeProvider.System), query));
        _log.Forget(200);
        Assert.Equal(expected, await AllNewestAsync(_search, query));
        Assert.Equal(expected.Order(), await AllOldestAsync(_search, query));
        (query, expected) = Case("span");
        Assert.Equal(expected, await AllNewestAsync(_search, query));
    }

    private static (DeliveryQuery Query, List<long> Expected) Case(string filter)
    {
        var all = AllIds();
        return filter switch
        {
            "none" => (new(), all),
            "subscription" => (new() { SubscriptionId = 2 }, Where(id => (id & 3) == 2)),
            _ when filter.StartsWith("state ", StringComparison.Ordinal) => (new() { State = StateNames.Delivery(filter[6..]) }, Where(id => StateOf(id) == filter[6..])),
            "kind" => (new() { Kinds = [Kinds[2]] }, Where(id => id > 0 && KindOf(id >> 20) == Kinds[2])),
            "kinds" => (new() { Kinds = [Kinds[0], Kinds[2]] }, Where(id => id > 0 && KindOf(id >> 20) != Kinds[1])),
            "notice" => (new() { Kinds = ["webhooks.subscription.disabled"] }, Where(id => id < 0)),
            "record" => (new() { RecordId = 5 }, Where(id => id > 0 && RecordOf(id >> 20) == 5)),
            "from" => (new() { From = At(300) }, Where(id => TimeOf(id) >= At(300))),
            "before" => (new() { Before = At(40) }, Where(id => TimeOf(id) < At(40))),
            "span" => (new() { From = At(150), Before = At(250) }, Where(id => TimeOf(id) >= At(150) && TimeOf(id) < At(250))),
            "status 2xx" => (new() { Status = (200, 299) }, Where(id => OutcomeOf(id) == "Succeeded")),
            "status 5xx" => (new() { Status = (500, 599) }, Where(id => OutcomeOf(id) == "ServerError")),
            "status 404" => (new() { Status = (404, 404) }, Where(id => OutcomeOf(id) == "ClientError")),
            "failure" => (new() { Failure = "TimedOut" }, Where(id => FailureOf(id) == "TimedOut")),
            "text url" => (new() { Text = "RECEIVER.EXAMPLE" }, Where(id => OutcomeOf(id) is not null)),
            "text body" => (new() { Text = "body of 77!" }, Where(id => id >> 20 == 77)),
            "text answer" => (new() { Text = "answer 404" }, Where(id => OutcomeOf(id) == "ClientError")),
            "text percent" => (new() { Text = "100%_" }, Where(id => id >> 20 == 99)),
            "hidden" => (new() { Hidden = [1, 3] }, Where(id => (id & 3) == 2)),
            "among" => (new() { Among = [1] }, Where(id => (id & 3) == 1)),
            "many" => (new() { Among = [1, 2], RecordId = 3, State = DeliveryState.Delivered }, Where(id => id > 0 && (id & 3) != 3 && RecordOf(id >> 20) == 3 && StateOf(id) == "delivered")),
            _ => (new() { Among = [] }, []),
        };

        List<long> Where(Func<long, bool> isMeant) => [.. all.Where(isMeant)];
    }

    // Newest first by time; of one time notices before changes, and each by its own order.
    private static List<long> AllIds()
    {
        var ids = new List<long>();
        for (var sequence = Sequences; sequence >= 1; sequence--)
        {
            ids.AddRange(Enumerable.Range(1, 6).Reverse().Where(notice => notice * 10 == sequence).Select(notice => DeliveryId.Of(-notice, 1)));
            ids.AddRange([DeliveryId.Of(sequence, 3), DeliveryId.Of(sequence, 2), DeliveryId.Of(sequence, 1)]);
        }
        return ids;
    }

    private static async Task<List<long>> AllNewestAsync(DeliverySearch search, DeliveryQuery query)
    {
        var ids = new List<long>();
        for (SearchPlace? place = new(null, null); place is not null;)
        {
            var page = await search.FindNewestAsync(query, place, 7, default);
            Assert.True(page.Deliveries.Count == 7 || page.Next is null || page.LookedBackTo is not null);
            ids.AddRange(page.Deliveries.Select(each => each.Id));
            place = page.Next;
        }
        return ids;
    }

    private static async Task<List<long>> AllOldestAsync(DeliverySearch search, DeliveryQuery query)
    {
        var ids = new List<long>();
        for (long? after = long.MinValue; after is { } from;)
        {
            var (found, next) = await search.FindOldestAsync(query, from, 7, default);
            ids.AddRange(found.Select(each => each.Id));
            after = next;
        }
        return ids;
    }

    private static DateTimeOffset At(long sequence) => Start.AddMinutes(sequence);

    private static DateTimeOffset TimeOf(long id) => id > 0 ? At(id >> 20) : At(-(id >> 20) * 10);

    private static long RecordOf(long sequence) => sequence % 13;

    private static string KindOf(long sequence) => Kinds[sequence % 3];

    private static string StateOf(long id) => id < 0 ? "delivered" : States[((id >> 20) + (id & 3)) % States.Length];

    private static string? OutcomeOf(long id) => StateOf(id) switch
    {
        _ when id < 0 => "Succeeded",
        "delivered" => "Succeeded",
        "waiting" or "exhausted" => Outcomes[(id >> 20) % 3],
        _ => null,
    };

    private static string? FailureOf(long id) => StateOf(id) == "cancelled" ? "Cancelled" : OutcomeOf(id) is "Succeeded" ? null : OutcomeOf(id);

    private static void Add(PluginConnection c, long sequence)
    {
        var body = sequence == 1 ? "only-in-the-oldest" : sequence == 99 ? "a 100%_ b" : $"body of {sequence}!";
        AddMessage(c, sequence, KindOf(sequence), RecordOf(sequence), At(sequence), body);
        for (var subscription = 1; subscription <= 3; subscription++)
            AddDelivery(c, DeliveryId.Of(sequence, subscription));
    }

    private static void AddNotice(PluginConnection c, long notice)
    {
        AddMessage(c, -notice, "webhooks.subscription.disabled", null, At(notice * 10), "notice");
        AddDelivery(c, DeliveryId.Of(-notice, 1));
    }

    private static void AddMessage(PluginConnection c, long sequence, string kind, long? record, DateTimeOffset at, string body) => c.Prepared("""
        INSERT INTO message (change_sequence, change_id, kind, record_id, occurred_at, created_at, content_type, body)
        VALUES (@sequence, @change, @kind, @record, @at, @at, 'text/plain', @body)
        """).Bind("@sequence", sequence).Bind("@change", Guid.NewGuid().ToString("N")).Bind("@kind", kind).Bind("@record", record).Bind("@at", at)
        .Bind("@body", System.Text.Encoding.UTF8.GetBytes(body)).ExecuteNonQuery();

    private static void AddDelivery(PluginConnection c, long id)
    {
        var (state, outcome) = (StateOf(id), OutcomeOf(id));
        c.Prepared("""
            INSERT INTO delivery (id, message_id, state, due_at, lease_token, attempts, created_at, finished_at, failure)
            VALUES (@id, (SELECT max(id) FROM message), @state, @due, @lease, @attempts, 0, @finished, @failure)
            """).Bind("@id", id).Bind("@state", state).Bind("@due", state is "pending" or "waiting" or "in_flight" ? 1L : null).Bind("@lease", state == "in_flight" ? 1L : null)
            .Bind("@attempts", outcome is null ? 0 : 1).Bind("@finished", state is "delivered" or "exhausted" or "cancelled" ? 1L : null).Bind("@failure", FailureOf(id)).ExecuteNonQuery();
        if (outcome is null)
            return;
        int? status = outcome switch { "Succeeded" => 204, "ServerError" => 500, "ClientError" => 404, _ => null };
        c.Prepared("""
            INSERT INTO attempt (delivery_id, number, started_at, duration_ms, outcome, status, url, answer)
            VALUES (@id, 1, 0, 1, @outcome, @status, 'http://receiver.example/', @answer)
            """).Bind("@id", id).Bind("@outcome", outcome).Bind("@status", status).Bind("@answer", System.Text.Encoding.UTF8.GetBytes($"answer {status}")).ExecuteNonQuery();
    }

    private sealed class NoRecords(IChangeLog inner) : IChangeLog
    {
        public Task<IReadOnlyList<Change>> ReadAfterAsync(long position, int limit, CancellationToken cancellationToken) => inner.ReadAfterAsync(position, limit, cancellationToken);

        public Task WaitForMoreAsync(long position, CancellationToken cancellationToken) => inner.WaitForMoreAsync(position, cancellationToken);

        public Task<long> GetLastPositionAsync(CancellationToken cancellationToken) => inner.GetLastPositionAsync(cancellationToken);

        public Task<long> GetFirstPositionAsync(CancellationToken cancellationToken) => inner.GetFirstPositionAsync(cancellationToken);

        public Task<ChangeStretch> FindStretchAsync(DateTimeOffset? from, DateTimeOffset? before, CancellationToken cancellationToken) => inner.FindStretchAsync(from, before, cancellationToken);
    }
}
